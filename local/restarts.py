"""Restarts, with back-off, processes that end without being stopped."""

import asyncio
import signal
import time
from collections.abc import Awaitable, Callable

from local import EmbeddedServer, Report, Supervised

SHORTEST, LONGEST = 0.5, 10.0
"""Seconds to pause before a restart: doubled each time, up to the second."""
STEADY = 30.0
"""Seconds a process must run for its next pause to start at the shortest again."""


class Restarter:
    """Restarts the processes of one run, and reports each exit and each attempt."""

    def __init__(self, report: Report) -> None:
        self._report = report
        self._pauses: dict[str, float] = {}
        self._started: dict[str, float] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._closed = False

    def child_ended(self, child: Supervised, code: int) -> None:
        """Restart a child process; pass this as `Supervised.exited`."""
        self._ended(child.name, code, child.start, lambda: child.running)

    def server_ended(self, part: EmbeddedServer, code: int) -> None:
        """Restart an embedded server; pass this as its `exited`."""
        self._ended(part.name, code, part.start, lambda: part.running)

    async def close(self) -> None:
        """Stop restarting, and cancel restarts in progress."""
        self._closed = True
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def _ended(self, name: str, code: int, start: Callable[[], Awaitable[None]], runs: Callable[[], bool]) -> None:
        if not self._closed:
            task = asyncio.create_task(self._start_again(name, code, start, runs))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def _start_again(
        self, name: str, code: int, start: Callable[[], Awaitable[None]], runs: Callable[[], bool]
    ) -> None:
        why = describe_exit(code)
        while True:
            pause = self._pause(name)
            self._report(f"{name} {why}; restarting in {pause:g} s", None)
            await asyncio.sleep(pause)
            if runs():
                return
            try:
                self._started[name] = time.monotonic()
                await start()
                return
            except Exception as problem:  # whatever it is, the next attempt may succeed
                why = f"did not start ({problem})"

    def _pause(self, name: str) -> float:
        ran = time.monotonic() - self._started.get(name, 0.0)
        before = self._pauses.get(name, 0.0)
        self._pauses[name] = SHORTEST if ran > STEADY or not before else min(before * 2, LONGEST)
        return self._pauses[name]


def describe_exit(code: int) -> str:
    """Say in words how a process with this exit status ended."""
    if code < 0:
        return f"was killed by {signal.Signals(-code).name}"
    return f"ended with status {code}"
