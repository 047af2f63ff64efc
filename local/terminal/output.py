"""Prints the output of several processes, each line after the coloured name of its process."""

from collections.abc import Sequence

from rich.console import Console
from rich.text import Text

from local import Report

COLOURS = ("cyan", "green", "magenta", "blue", "bright_cyan", "bright_green", "bright_magenta", "bright_blue")
LEVELS = {"[warning": "yellow", "[error": "red", "[critical": "red"}
OURSELVES = "entente"


class ProcessOutput:
    """Prints lines. With `hold`, holds them back while `bars` show progress, so that neither garbles the other."""

    def __init__(self, screen: Console, names: Sequence[str], bars: Report, *, hold: bool) -> None:
        self._screen, self._bars = screen, bars
        self._width = max(map(len, (*names, OURSELVES)))
        self._colours = {name: COLOURS[number % len(COLOURS)] for number, name in enumerate(names)}
        self._held: list[tuple[str, str]] = []
        self._hold, self._started = hold, False

    def report(self, text: str, share: float | None) -> None:
        """Show progress while starting; later, print restarts as lines."""
        if self._started:
            self._print(OURSELVES, text)
        else:
            self._bars(text, share)

    def say(self, name: str, line: str) -> None:
        """Print or hold back one line from the process `name`."""
        if self._hold:
            self._held.append((name, line))
        else:
            self._print(name, line)

    def started(self) -> None:
        """End the start phase: from now on, print lines at once."""
        self._started = True
        self.release()

    def release(self) -> None:
        """Print the lines held back; call this also if the start fails."""
        self._hold, held, self._held = False, self._held, []
        for name, line in held:
            self._print(name, line)

    def _print(self, name: str, line: str) -> None:
        prefix = Text(f"{name:{self._width}} │ ", style=self._colours.get(name, "bold"))
        style = next((style for mark, style in LEVELS.items() if mark in line), "")
        self._screen.print(prefix + Text(line, style=style))
