"""Shows on standard error how many lines of a file are done and how fast: a bar in a terminal, elsewhere one line."""

import sys
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, ProgressColumn, Task, TextColumn
from rich.text import Text

Count = Callable[[int, int], None]
"""Takes how many lines are done, and how many there are."""


class _Rate(ProgressColumn):
    """Lines per second, of late."""

    def render(self, task: Task) -> Text:
        """Nothing before the first lines."""
        return Text(f"{task.speed:,.0f} lines/s" if task.speed else "")


@contextmanager
def counting(what: str, console: Console | None = None) -> Generator[Count]:
    """Show the lines that are done during the block; at its end say how many there were, and the rate."""
    console = console or Console(stderr=True)
    began, seen = time.perf_counter(), 0
    with Progress(
        TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), _Rate(),
        console=console, transient=True, disable=not console.is_terminal,
    ) as bars:  # fmt: skip
        bar = bars.add_task(what, total=None)

        def count(done: int, lines: int) -> None:
            nonlocal seen
            seen = lines
            bars.update(bar, completed=done, total=lines)

        yield count
    if seen:
        seconds = time.perf_counter() - began
        print(f"{seen:,} lines in {seconds:.1f} s, {seen / seconds:,.0f} lines/s", file=sys.stderr)
