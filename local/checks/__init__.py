"""What `entente doctor` looks at, one check a function."""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class Finding:
    """What a check found: all right, something to know, or something wrong with what to do about it."""

    level: Literal["ok", "note", "wrong"]
    sentence: str


def ok(sentence: str) -> Finding:
    """All right."""
    return Finding("ok", sentence)


def note(sentence: str) -> Finding:
    """Nothing that stops anything."""
    return Finding("note", sentence)


def wrong(sentence: str) -> Finding:
    """Something to be put right; the sentence says how."""
    return Finding("wrong", sentence)
