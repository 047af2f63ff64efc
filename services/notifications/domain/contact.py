"""How somebody is reached: a language and an address, kept by this service alone, on no topic and in no log."""

import re
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Annotated
from uuid import UUID

from pydantic import AfterValidator, StringConstraints

from services.notifications.domain.kind import Kind
from shared.contracts.values import PersonId
from shared.domain.aggregate import Aggregate


class Language(StrEnum):
    """A language that texts are written in."""

    ENGLISH = "en"
    CHINESE = "zh"


_LABEL = "[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_ATOM = "[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_ADDRESS = re.compile(rf"{_ATOM}(?:\.{_ATOM})*@{_LABEL}(?:\.{_LABEL})*")


def _address(value: str) -> str:
    if not _ADDRESS.fullmatch(value):
        raise ValueError("not an e-mail address; write it like `anne@example.org`")
    return value


Address = Annotated[str, StringConstraints(max_length=254), AfterValidator(_address)]
"""An e-mail address, such as `anne@example.org`."""


@dataclass(kw_only=True)
class Contact(Aggregate):
    """A person's contact; its id is the person's."""

    person_id: PersonId
    language: Language
    address: Address | None
    """None: no mails, the inbox only."""


@dataclass(kw_only=True)
class Mutes(Aggregate):
    """What a person wants no mails of; it still comes to the inbox."""

    person_id: PersonId
    kinds: list[Kind] = field(default_factory=list[Kind])
    subjects: list[UUID] = field(default_factory=list[UUID])
    """Aggregates: an agreement with all that happens under it, a programme, a call, an exchange."""

    def add(self, kind: Kind | None, subject: UUID | None) -> None:
        """Mutes a kind or an aggregate; the second time changes nothing."""
        self.kinds = sorted({*self.kinds, *([kind] if kind else [])})
        self.subjects = sorted({*self.subjects, *([subject] if subject else [])})

    def remove(self, kind: Kind | None, subject: UUID | None) -> None:
        """Hears again of a kind or an aggregate."""
        self.kinds = [one for one in self.kinds if one != kind]
        self.subjects = [one for one in self.subjects if one != subject]

    def covers(self, kind: Kind, concerns: list[UUID]) -> bool:
        """Whether something of this kind, concerning these aggregates, is muted."""
        return kind in self.kinds or not set(self.subjects).isdisjoint(concerns)
