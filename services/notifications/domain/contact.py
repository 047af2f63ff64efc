"""How to reach a person: a language and an address. Only this service stores them; no topic or log has them."""

from dataclasses import dataclass, field
from uuid import UUID

from services.notifications.domain.kind import Kind
from shared.contracts.values import OrganisationId, PersonId
from shared.domain.aggregate import Aggregate
from shared.domain.contact import Address, Language


@dataclass(kw_only=True)
class Contact(Aggregate):
    """How to reach one person; it has the person's id."""

    person_id: PersonId
    language: Language
    address: Address | None
    """None: no emails, the inbox only."""
    set_for: OrganisationId | None = None
    """The organisation whose officer set it; None if the person or an operator did."""


@dataclass(kw_only=True)
class Mutes(Aggregate):
    """What a person wants no emails about. It still appears in the inbox."""

    person_id: PersonId
    kinds: list[Kind] = field(default_factory=list[Kind])
    subjects: list[UUID] = field(default_factory=list[UUID])
    """Ids of aggregates. Muting an agreement, a programme or a match mutes everything under it."""

    def add(self, kind: Kind | None, subject: UUID | None) -> None:
        """Mutes a kind or an aggregate; muting it again changes nothing."""
        self.kinds = sorted({*self.kinds, *([kind] if kind else [])})
        self.subjects = sorted({*self.subjects, *([subject] if subject else [])})

    def remove(self, kind: Kind | None, subject: UUID | None) -> None:
        """Unmutes a kind or an aggregate."""
        self.kinds = [one for one in self.kinds if one != kind]
        self.subjects = [one for one in self.subjects if one != subject]

    def covers(self, kind: Kind, concerns: list[UUID]) -> bool:
        """Whether a message of this kind, about these aggregates, is muted."""
        return kind in self.kinds or not set(self.subjects).isdisjoint(concerns)
