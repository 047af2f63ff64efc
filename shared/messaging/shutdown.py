"""Shutdown: lets work in progress finish, for a limited time."""

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

T = TypeVar("T")


async def let_finish(work: Coroutine[Any, Any, T], patience: float) -> T:
    """Awaits `work`; when cancelled, gives it `patience` seconds to finish before it cancels `work` too."""
    task = asyncio.ensure_future(work)
    try:
        return await asyncio.shield(task)
    except asyncio.CancelledError:
        await asyncio.wait([task], timeout=patience)
        task.cancel()
        await asyncio.wait([task], timeout=patience)
        raise
