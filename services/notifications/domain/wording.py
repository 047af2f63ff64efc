"""The words of one language: `english.py` and `chinese.py` give them; a test holds both complete."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from services.notifications.domain.audience import Part
from services.notifications.domain.kind import Kind
from shared.domain.actor import Role


class Letter(NamedTuple):
    """A title and a text, as format strings over `FIELDS`."""

    title: str
    text: str


FIELDS = frozenset(
    {
        "title", "party", "sides", "sending", "receiving", "offering", "seeking", "need", "milestone", "number", "trl",
        "period", "opens_on", "closes_on", "due_on", "time_zone", "confidential_until", "reason",
    },
)  # fmt: skip
"""What a letter may name: the title of what it is about (of a match its offer's), the titles of a need and a
milestone, organisations by name, a milestone's number, a readiness level, dates, the time zone in which its days begin
and end, and the reason given."""


@dataclass(frozen=True)
class Wording:
    """All that is said in one language."""

    letters: Mapping[Kind, Letter]
    because: str
    """Over `role`, `organisation` and `part`."""
    because_within: str
    """The same for somebody in an organisation within `side`."""
    mute: str
    """How to have no more mails, over `kind` and `subject`."""
    local: str
    """Said for the time zone of a notice from before it was kept."""
    roles: Mapping[Role, str]
    parts: Mapping[Part, str]
    day: Callable[[date], str]
    listed: Callable[[Sequence[str]], str]
    period: Callable[[str, str | None], str]
    """From a day to a day, or without end."""
