"""Stops a command cleanly on Ctrl-C, SIGTERM or a closed terminal, and keeps libraries from logging to it."""

import asyncio
import logging
import signal
from collections.abc import Coroutine
from typing import Any

from shared.telemetry.logs import configure_logs

SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


async def until_stopped(work: Coroutine[Any, Any, Any]) -> bool:
    """Run `work` and return True if it finished. At the first signal, cancel it, wait for its clean-up, return False.

    Ignores further signals: every process that is being stopped has a time limit.
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
    """Log to standard error from `level` up. Silence Kafka's clients, because they raise their errors anyway."""
    configure_logs("entente", level, json=False)
    for name in ("aiokafka", "faststream"):
        logging.getLogger(name).setLevel(logging.CRITICAL)
