"""Ends a command cleanly on Ctrl-C, SIGTERM and a closed terminal; keeps libraries quiet in commands for people."""

import asyncio
import logging
import signal
from collections.abc import Coroutine
from typing import Any

from shared.telemetry.logs import configure_logs

SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


async def until_stopped(work: Coroutine[Any, Any, Any]) -> bool:
    """Runs `work` to its end, or cancels it at the first signal and lets it clean up; returns whether it ended itself.

    Further signals change nothing: whatever is being stopped has a time limit of its own.
    """
    task = asyncio.ensure_future(work)
    stopped = asyncio.Event()

    def stop() -> None:
        if not stopped.is_set():
            stopped.set()
            task.cancel()

    loop = asyncio.get_running_loop()
    for number in SIGNALS:
        loop.add_signal_handler(number, stop)
    try:
        await task
    except asyncio.CancelledError:
        if not stopped.is_set():
            raise
    return not stopped.is_set()


def quieten(level: str = "warning") -> None:
    """Logs go to standard error from `level` on; Kafka's clients say nothing, since their errors are raised."""
    configure_logs("entente", level, json=False)
    for name in ("aiokafka", "faststream"):
        logging.getLogger(name).setLevel(logging.CRITICAL)
