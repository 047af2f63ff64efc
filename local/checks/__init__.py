"""What `entente doctor` checks, one function per check."""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class Finding:
    """The result of a check: all right, worth knowing, or wrong. If wrong, the sentence says what to do."""

    level: Literal["ok", "note", "wrong"]
    sentence: str


def ok(sentence: str) -> Finding:
    """The check passed."""
    return Finding("ok", sentence)


def note(sentence: str) -> Finding:
    """Something worth knowing that does no harm, or a check that was skipped."""
    return Finding("note", sentence)


def wrong(sentence: str) -> Finding:
    """Something to fix; the sentence says how."""
    return Finding("wrong", sentence)
