"""A process that ends without being stopped is restarted."""

import asyncio
import os
import signal
import sys
from pathlib import Path

import pytest

from local import Registry, Supervised
from local.restarts import Restarter, describe_exit

FOR_EVER = [sys.executable, "-c", "import time; time.sleep(60)"]


class Reports:
    """Collects the reports."""

    def __init__(self) -> None:
        self.texts: list[str] = []

    def __call__(self, text: str, share: float | None) -> None:
        """A report."""
        self.texts.append(text)

    async def until(self, count: int) -> list[str]:
        """The first `count` reports."""
        async with asyncio.timeout(60):
            while len(self.texts) < count:  # noqa: ASYNC110
                await asyncio.sleep(0.01)
        return self.texts[:count]


@pytest.fixture
def reports(monkeypatch: pytest.MonkeyPatch) -> Reports:
    """Reports, with pauses that a test can wait for."""
    monkeypatch.setattr("local.restarts.SHORTEST", 0.05)
    monkeypatch.setattr("local.restarts.LONGEST", 0.15)
    return Reports()


async def restarted(child: Supervised, before: int) -> int:
    """The child's new process."""
    async with asyncio.timeout(60):
        while not child.running or child.pid == before:  # noqa: ASYNC110
            await asyncio.sleep(0.01)
    return child.pid


async def test_a_killed_child_is_reported_and_restarted(tmp_path: Path, reports: Reports) -> None:
    """A killed process is restarted, and the report says how it ended."""
    restarter = Restarter(reports)
    child = Supervised("one", FOR_EVER, Registry(tmp_path), exited=restarter.child_ended)
    await child.start()
    before = child.pid
    os.kill(before, signal.SIGKILL)
    try:
        assert await restarted(child, before) != before
        assert reports.texts == ["one was killed by SIGKILL; restarting in 0.05 s"]
    finally:
        await restarter.close()
        await child.stop()


async def test_a_child_that_ends_at_once_is_restarted_after_growing_pauses(tmp_path: Path, reports: Reports) -> None:
    """The pause doubles up to its maximum."""
    restarter = Restarter(reports)
    ends = [sys.executable, "-c", "import sys; sys.exit(3)"]
    child = Supervised("one", ends, Registry(tmp_path), exited=restarter.child_ended)
    await child.start()
    try:
        pauses = [text.rpartition(" in ")[2] for text in await reports.until(4)]
        assert pauses == ["0.05 s", "0.1 s", "0.15 s", "0.15 s"]
        assert reports.texts[0].startswith("one ended with status 3; ")
    finally:
        await restarter.close()
        await child.stop()


async def test_a_stopped_child_stays_stopped(tmp_path: Path, reports: Reports) -> None:
    """A process that was stopped is not restarted; once the restarter is closed, none is."""
    restarter = Restarter(reports)
    stopped = Supervised("one", FOR_EVER, Registry(tmp_path), exited=restarter.child_ended)
    killed = Supervised("two", FOR_EVER, Registry(tmp_path), exited=restarter.child_ended)
    await stopped.start()
    await killed.start()
    await stopped.stop()
    await restarter.close()
    os.kill(killed.pid, signal.SIGKILL)
    await killed.wait()
    await asyncio.sleep(0.2)
    assert (reports.texts, stopped.running, killed.running) == ([], False, False)


@pytest.mark.parametrize(("code", "words"), [(0, "ended with status 0"), (-15, "was killed by SIGTERM")])
def test_an_exit_status_is_described_in_words(code: int, words: str) -> None:
    """A negative status is the number of a signal, which is named."""
    assert describe_exit(code) == words
