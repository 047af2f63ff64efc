"""A mistake in a scenario file, the words that describe it, and the error that carries all of them."""

import difflib
from collections.abc import Sequence
from dataclasses import dataclass

from scenarios.story import Path

MOST = 12
"""How many allowed names a message lists."""


@dataclass(frozen=True)
class Mistake:
    """A mistake at a path of the file."""

    at: Path
    sentence: str


@dataclass(frozen=True, order=True)
class LocatedMistake:
    """A mistake with its place; lines and columns count from 1."""

    file: str
    line: int
    column: int
    sentence: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}: {self.sentence}"


class WrongScenario(Exception):
    """A scenario file has mistakes; `mistakes` are all of them, in the order of the file."""

    def __init__(self, mistakes: Sequence[LocatedMistake]) -> None:
        self.mistakes = sorted(set(mistakes))
        super().__init__("\n".join(map(str, self.mistakes)))


def suggestion(name: str, known: Sequence[str]) -> str:
    """The name that was probably meant, or else some of those allowed."""
    if near := difflib.get_close_matches(name, known, 1):
        return f"did you mean {near[0]!r}?"
    more = f" and {len(known) - MOST} more" if len(known) > MOST else ""
    return f"allowed: {', '.join(known[:MOST])}{more}"


def place(at: Path, *, entry: bool = True) -> str:
    """Names the field or step at a path, and which entry of a list it is; both count from 1."""
    match at:
        case ():
            return "the file"
        case ("steps", int(index)):
            return f"step {index + 1}"
        case ("steps", int(index), "at_the_same_time", int(call)):
            return f"step {index + 1}, call {call + 1}"
        case _:
            field = next(part for part in reversed(at) if isinstance(part, str))
            return f"field {field!r}" + (f", entry {at[-1] + 1}" if entry and isinstance(at[-1], int) else "")
