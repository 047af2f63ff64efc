"""How a command ends on a signal."""

import signal
import subprocess
import sys

import pytest

from local.terminal.stopping import SIGNALS, until_stopped

WORK = """import asyncio, sys
from local.terminal.stopping import until_stopped
async def work():
    print("working", flush=True)
    try:
        await asyncio.sleep(60)
    finally:
        print("cleaning", flush=True)
        await asyncio.to_thread(sys.stdin.readline)
        print("clean", flush=True)
print(asyncio.run(until_stopped(work())))
"""


@pytest.mark.parametrize("number", SIGNALS, ids=lambda number: number.name)
def test_a_second_signal_does_not_interrupt_the_clean_up(number: signal.Signals) -> None:
    """Ctrl-C, SIGTERM and a closed terminal cancel the work once; its clean-up finishes."""
    pipe = subprocess.PIPE
    with subprocess.Popen([sys.executable, "-c", WORK], stdin=pipe, stdout=pipe, text=True) as child:
        assert child.stdin
        assert child.stdout
        assert child.stdout.readline() == "working\n"
        child.send_signal(number)
        assert child.stdout.readline() == "cleaning\n"
        child.send_signal(number)
        child.stdin.close()  # what the clean-up waits for
        assert child.stdout.read() == "clean\nFalse\n"
    assert child.returncode == 0


async def test_work_may_end_without_a_signal() -> None:
    """Then the result is True, and exceptions from the work are raised."""

    async def work() -> None:
        pass

    async def fail() -> None:
        raise KeyError("x")

    assert await until_stopped(work())
    with pytest.raises(KeyError):
        await until_stopped(fail())
