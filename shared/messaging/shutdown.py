"""Ending: a stop lets what is under way come to its end, within bounds."""

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

T = TypeVar("T")


async def let_end(step: Coroutine[Any, Any, T], patience: float) -> T:
    """Awaits `step`; one that is under way when the stop comes has `patience` seconds to end, and is cancelled then."""
    going = asyncio.ensure_future(step)
    try:
        return await asyncio.shield(going)
    except asyncio.CancelledError:
        await asyncio.wait([going], timeout=patience)
        going.cancel()
        await asyncio.wait([going], timeout=patience)
        raise
