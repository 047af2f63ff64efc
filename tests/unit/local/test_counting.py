"""What `entente import` shows while lines are imported."""

import io
import re

import pytest
from rich.console import Console

from local.terminal.counting import counting


def test_a_terminal_has_a_bar_with_the_lines_and_the_rate() -> None:
    """It says how many lines of how many are done, and how many a second."""
    screen, moments = io.StringIO(), iter(range(1000))
    console = Console(file=screen, force_terminal=True, width=100, get_time=lambda: next(moments))

    with counting("Importing x.csv", console) as count:
        for done in (0, 2500, 5000):
            count(done, 10_000)

    shown = re.sub(r"\x1b\[[0-9;?]*[a-zA-Z]", "", screen.getvalue())
    assert "Importing x.csv" in shown
    assert " 5000/10000" in shown
    assert re.search(r"[\d,]+ lines/s", shown)


def test_elsewhere_there_is_one_line_at_the_end(capsys: pytest.CaptureFixture[str]) -> None:
    """A log or a file gets no bar."""
    with counting("Importing x.csv") as count:
        count(0, 10_000)
        count(10_000, 10_000)

    said = capsys.readouterr()
    assert re.fullmatch(r"10,000 lines in [\d.]+ s, [\d,]+ lines/s\n", said.err)
    assert said.out == ""
