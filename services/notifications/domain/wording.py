"""What a language must provide: `english.py` and `chinese.py` do, and a test holds both complete."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from services.notifications.domain.audience import Part
from services.notifications.domain.kind import Kind
from shared.domain.actor import Role
from shared.domain.reason import Cause, ReasonCode


class Template(NamedTuple):
    """A title, which is the subject line of the email, and a text; both are format strings over `FIELDS`."""

    title: str
    text: str


FIELDS = frozenset(
    {
        "title", "party", "sides", "sending", "receiving", "offering", "seeking", "need", "milestone", "number", "trl",
        "period", "opens_on", "closes_on", "due_on", "time_zone", "confidential_until", "deadline",
        "terminates_on", "reason", "owner",
        "deliverable", "proposed_on", "academic_year", "arrived_on", "departed_on", "interrupted_on",
        "authority", "output", "organiser", "counterpart", "action", "owner_zone", "attended", "issued",
    },
)  # fmt: skip
"""What a template may name. `title` is that of the agreement, programme, offer, need, deal or initiative; a call or
a mobility has its programme's, a match its offer's. Organisations appear by name, days and the time zone as people
write them."""


@dataclass(frozen=True)
class Wording:
    """All the words of one language."""

    templates: Mapping[Kind, Template]
    because: str
    """Why the reader received this, over `role`, `organisation` and `part`."""
    because_within: str
    """The same for a reader in an organisation within `side`."""
    mute: str
    """How to stop the emails, over `kind` and `subject`."""
    roles: Mapping[Role, str]
    parts: Mapping[Part, str]
    reasons: Mapping[ReasonCode | Cause, str]
    """In words, by code."""
    day: Callable[[date], str]
    listed: Callable[[Sequence[str]], str]
    period: Callable[[str, str | None], str]
    """From a day to a day, or without an end."""
    zone: Callable[[str], str]
    """The time in an IANA zone, as people call it: `Asia/Shanghai` is Beijing time."""
