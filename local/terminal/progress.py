"""Shows progress on standard error: bars in a terminal, elsewhere one line per finished step."""

import sys
from collections.abc import Generator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, Progress, SpinnerColumn, TaskID, TextColumn, TimeElapsedColumn

from local import Report


@contextmanager
def progress(what: str, steps: int, console: Console | None = None) -> Generator[Report]:
    """Show the progress of `what` during the block. Each report with share 1 advances its bar by one of `steps`.

    A report with a share and a colon in its text, such as a download's, gets its own bar, identified by the text before
    the colon.
    """
    console = console or Console(stderr=True)
    if not console.is_terminal:
        yield _lines
        return
    columns = SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn()
    with Progress(*columns, console=console, transient=True) as bars:
        yield _Bars(bars, what, steps)


def _lines(text: str, share: float | None) -> None:
    if share is None or share == 1.0:
        print(text, file=sys.stderr, flush=True)


class _Bars:
    def __init__(self, bars: Progress, what: str, steps: int) -> None:
        self._bars, self._what, self._whole = bars, what, bars.add_task(what, total=steps)
        self._parts: dict[str, TaskID] = {}

    def __call__(self, text: str, share: float | None) -> None:
        key, colon, _ = text.partition(":")
        if colon and share is not None:
            self._part(key, text, share)
        elif share == 1.0:
            self._bars.update(self._whole, advance=1, description=f"{self._what}: {text}")
        else:
            self._bars.update(self._whole, description=f"{self._what}: {text}")

    def _part(self, key: str, text: str, share: float) -> None:
        if key not in self._parts:
            self._parts[key] = self._bars.add_task(text, total=1.0)
        self._bars.update(self._parts[key], completed=share, description=text)
