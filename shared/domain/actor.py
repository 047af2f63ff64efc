"""The actor: a person of an organisation with roles, or a service because of an event."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from enum import StrEnum
from uuid import UUID

from shared.contracts.values import Signatory, Text


class Role(StrEnum):
    """What a person may do for an organisation."""

    PARTNERSHIP_OFFICER = "partnership-officer"
    SIGNATORY = "signatory"
    MOBILITY_COORDINATOR = "mobility-coordinator"
    TECHNOLOGY_TRANSFER_OFFICER = "technology-transfer-officer"
    CULTURE_OFFICER = "culture-officer"
    DATA_PROTECTION_OFFICER = "data-protection-officer"
    OPERATOR = "operator"
    READER = "reader"
    PARTICIPANT = "participant"
    """A student or another participant, who holds no office: no office gives it."""


OFFICE_ROLES = [role for role in Role if role is not Role.PARTICIPANT]
"""What an office may give."""


@dataclass(frozen=True, slots=True)
class Actor:
    """The one who acts. `person_id` and `organisation_id` are None for a service acting on an event or a timer.

    A participant has a `person_id` and no organisation.
    """

    person_id: UUID | None
    organisation_id: UUID | None
    roles: frozenset[Role]
    office: Text | None = None
    within: frozenset[UUID] = frozenset()
    """The organisations that the actor's own is part of, from its parent upwards."""
    cause: str | None = None
    """For a service: the event or timer it acts on."""
    titles: tuple[tuple[Role, Text], ...] = ()
    """Each role with the title of the office that has it, if the person holds several in the organisation."""

    @staticmethod
    def service(cause: str) -> "Actor":
        """A service that acts because of an event (its id) or a timer (its kind)."""
        return Actor(None, None, frozenset(), cause=cause)

    @staticmethod
    def participant(id: UUID) -> "Actor":
        """A participant, who acts for themselves and for no organisation."""
        return Actor(id, None, frozenset({Role.PARTICIPANT}))

    @property
    def is_participant(self) -> bool:
        """Whether it is a participant: somebody who is not in the directory."""
        return self.person_id is not None and self.organisation_id is None

    def may(self, role: Role) -> bool:
        """Whether the actor holds `role`; everyone in the directory is a reader."""
        return role in self.roles or (role is Role.READER and not self.is_participant)

    def using(self, roles: Collection[Role]) -> "Actor":
        """The actor in the first of their offices with one of `roles`, whose title appears on signatures."""
        office = next((title for role, title in self.titles if role in roles), self.office)
        return replace(self, office=office)

    @property
    def organisation(self) -> UUID:
        """The organisation acted for; raises LookupError for a service or a participant, who act for none."""
        if self.organisation_id is None:
            raise LookupError("services and participants act for no organisation")
        return self.organisation_id

    @property
    def lineage(self) -> frozenset[UUID]:
        """The organisation acted for and those it is part of; raises LookupError for those who act for none."""
        return self.within | {self.organisation}

    @property
    def person(self) -> UUID:
        """The person acting; raises LookupError for a service."""
        if self.person_id is None:
            raise LookupError("a service is no person")
        return self.person_id

    @property
    def signatory(self) -> Signatory:
        """The actor as recorded in a signature: the person by an opaque id, and the office; never a name."""
        return Signatory(person_id=self.person, office=self.office or Text(en="officer", zh="专员"))

    def __str__(self) -> str:
        return str(self.person_id or self.cause)
