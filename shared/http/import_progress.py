"""The progress of a running import, one JSON object a line; the last has the content of a single answer."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable

from pydantic import BaseModel, ConfigDict

from shared.http.problems import problem_of
from shared.service.commands import Answer
from shared.service.importing import Tell

NDJSON = "application/x-ndjson"
PAUSE = 0.2
"""Seconds between two lines."""


class Progress(BaseModel):
    """How far an import is."""

    model_config = ConfigDict(use_attribute_docstrings=True)

    done: int
    """How many lines have been tried. It begins again where a deadlock makes the whole import begin again."""
    lines: int
    """How many lines the file has."""


async def progress_of(run: Callable[[Tell], Awaitable[Answer]], lines: int) -> AsyncGenerator[str]:
    """Progress while `run` runs, then its answer or its problem; a client that goes away ends the import."""
    done = 0

    def tell(number: int) -> None:
        nonlocal done
        done = number

    task = asyncio.ensure_future(run(tell))
    try:
        while not task.done():
            yield Progress(done=done, lines=lines).model_dump_json() + "\n"
            await asyncio.wait([task], timeout=PAUSE)
        yield await _last(task) + "\n"
    finally:
        task.cancel()  # in the middle, the transaction rolls back


async def _last(task: Awaitable[Answer]) -> str:
    try:
        return (await task).body
    except Exception as error:
        # The status was sent long ago.
        return bytes((await problem_of(error)).body).decode()
