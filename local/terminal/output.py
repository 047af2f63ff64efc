"""The lines that several processes say, each behind the coloured name of who said it."""

from collections.abc import Sequence

from rich.console import Console
from rich.text import Text

from local import Report

COLOURS = ("cyan", "green", "magenta", "blue", "bright_cyan", "bright_green", "bright_magenta", "bright_blue")
LEVELS = {"[warning": "yellow", "[error": "red", "[critical": "red"}
OURSELVES = "entente"


class ProcessOutput:
    """Prints lines; while `bars` show the start in a terminal it holds them back, so that neither garbles the other."""

    def __init__(self, screen: Console, names: Sequence[str], bars: Report, *, hold: bool) -> None:
        self._screen, self._bars = screen, bars
        self._width = max(map(len, (*names, OURSELVES)))
        self._colours = {name: COLOURS[number % len(COLOURS)] for number, name in enumerate(names)}
        self._held: list[tuple[str, str]] = []
        self._hold, self._started = hold, False

    def report(self, text: str, share: float | None) -> None:
        """For what reports how the start goes, and later what ended and was started again."""
        if self._started:
            self._print(OURSELVES, text)
        else:
            self._bars(text, share)

    def say(self, name: str, line: str) -> None:
        """A line of the process `name`."""
        if self._hold:
            self._held.append((name, line))
        else:
            self._print(name, line)

    def started(self) -> None:
        """The start is over: from now on lines are printed as they come."""
        self._started = True
        self.release()

    def release(self) -> None:
        """Prints what was held back, also when the start fails."""
        self._hold, held, self._held = False, self._held, []
        for name, line in held:
            self._print(name, line)

    def _print(self, name: str, line: str) -> None:
        prefix = Text(f"{name:{self._width}} │ ", style=self._colours.get(name, "bold"))
        style = next((style for mark, style in LEVELS.items() if mark in line), "")
        self._screen.print(prefix + Text(line, style=style))
