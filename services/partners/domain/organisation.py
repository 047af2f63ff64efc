"""An organisation of the directory."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Self
from uuid import UUID

from pydantic import computed_field

from services.partners.domain.authority import require_officer
from services.partners.domain.organisation_details import Details, sort_key
from services.partners.domain.organisation_proposal import Proposed, Sides, sides_of_move
from shared.contracts.organisation import (
    ContactOffice,
    Membership,
    OrganisationAmended,
    OrganisationClosed,
    OrganisationEvent,
    OrganisationMerged,
    OrganisationRegistered,
)
from shared.contracts.values import Code, Identifier, OrganisationId, Text
from shared.domain.actor import Actor, Role
from shared.domain.aggregate import Aggregate
from shared.domain.gone import OrganisationGone, OrganisationReplaced
from shared.domain.refused import Refused


class WithinItself(Refused):
    """The organisation {organisation} cannot be part of itself or of one of its own parts.

    Name another parent, or none.
    """


class OperatorMustAccept(Refused):
    """Only an operator changes {fields}; propose the change, and an operator accepts it.

    `POST /organisations/{id}/proposals` proposes it. Officers change the address, the city, contact offices and
    memberships themselves, and with the officers of the other side what an organisation is part of.
    """

    status = 403


class NoSuchProposal(Refused):
    """There is no such proposal for the organisation {organisation}; read it again, and name the hash of what it says.

    It was accepted, another one took its place, or the entry was changed after it was made.
    """


class OwnProposal(Refused):
    """Nobody accepts their own proposal; ask an officer of the other side, or another operator."""

    status = 403


class ProposalWaits(Refused):
    """Another proposal for the organisation {organisation} waits; ask its officers to have it decided first.

    Only they and operators put a proposal in place of an earlier one.
    """


class HasParts(Refused):
    """The organisation {organisation} still has parts; move, merge or close them first."""


GUARDED = ("kind", "level", "sector", "name", "country", "identifiers")
"""What others know an organisation by: an operator's to change."""


class Status(StrEnum):
    """Whether an organisation is there."""

    ACTIVE = "active"
    MERGED = "merged"
    CLOSED = "closed"


@dataclass(kw_only=True)
class Organisation(Aggregate):
    """An organisation: its kind, place and identifiers, and what it is part of."""

    keeps_versions = True

    status: Status = Status.ACTIVE
    kind: Code
    level: str | None = None
    sector: str | None = None
    name: Text
    country: str
    city: Text
    address: Text | None = None
    identifiers: list[Identifier]
    parent_id: OrganisationId | None
    contact_offices: list[ContactOffice] = field(default_factory=list[ContactOffice])
    memberships: list[Membership] = field(default_factory=list[Membership])
    successor_id: OrganisationId | None = None
    """What a merged organisation became part of."""
    proposed: Proposed | None = None

    @classmethod
    def register(cls, id: UUID, details: Details, actor: Actor) -> Self:
        """A new organisation in the directory; the caller checks that its parent exists."""
        organisation = cls(id=id, **details.said)
        organisation._tell(OrganisationRegistered, actor)
        return organisation

    @computed_field
    @property
    def identifier_keys(self) -> list[str]:
        """The identifiers as `scheme:value`, for lists to filter by."""
        return [f"{i.scheme}:{i.value}" for i in self.identifiers]

    @computed_field
    @property
    def sort_key(self) -> str:
        """Chinese names by their pinyin, others in lower case."""
        return sort_key(self.name)

    def require_active(self) -> None:
        """Raises OrganisationReplaced or OrganisationGone for an organisation that is gone."""
        if self.successor_id is not None:
            raise OrganisationReplaced(organisation_id=self.id, successor_id=self.successor_id)
        if self.status is Status.CLOSED:
            raise OrganisationGone(organisation_id=self.id)

    def amend(self, details: Details, actor: Actor, lineage: Sequence[UUID], above: Sequence[UUID]) -> None:
        """Changes what the directory says.

        `lineage` is this organisation and those it is part of, `above` the new parent and those that is part of.
        Raises NotAllowed or NotASide for all but operators and officers of the lineage, OperatorMustAccept for what is
        not theirs to change, WithinItself for a cycle.
        """
        self._check(actor, lineage, above)
        self._require_theirs(details, actor)
        # A part of a side sees the side's agreements and acts under them: both sides' officers must agree.
        for side in self._sides(details, lineage, above).values():
            require_officer(actor, side)
        self._become(details, actor)

    def propose(
        self, details: Details, actor: Actor, lineage: Sequence[UUID], above: Sequence[UUID], at: datetime
    ) -> None:
        """Proposes a change, in place of an earlier proposal; raises as `amend`, but for OperatorMustAccept.

        An officer of what it is to be part of proposes this move alone, and raises ProposalWaits where one waits.
        """
        told = Details.model_validate({name: getattr(details, name) for name in Details.model_fields})
        self._check(actor, [*lineage, *(above if self._is_move(told) else ())], above)
        if self.proposed and not actor.may(Role.OPERATOR) and actor.organisation not in lineage:
            raise ProposalWaits(organisation=self.id)
        self.proposed = Proposed.change(told, actor, self._sides(told, lineage, above), at)

    def accept(self, hash: str, actor: Actor, lineage: Sequence[UUID], above: Sequence[UUID], at: datetime) -> None:
        """An operator makes the proposal of this hash true, or the last side of a move does.

        Raises NoSuchProposal, OwnProposal, WithinItself; OperatorMustAccept and NotASide for officers.
        """
        self.require_active()
        if self.proposed is None or self.proposed.hash != hash:
            raise NoSuchProposal(organisation=self.id)
        if self.proposed.by == actor.person_id:
            raise OwnProposal
        if self.id in above:
            raise WithinItself(organisation=self.id)
        if not actor.may(Role.OPERATOR):
            self._require_theirs(self.proposed.details, actor)
            self.proposed = self.proposed.agree(actor, self._sides(self.proposed.details, lineage, above), at)
            if not self.proposed.move.complete:
                return
        self._become(self.proposed.details, actor)

    def merge(self, successor: "Organisation", parts: Collection["Organisation"], actor: Actor) -> None:
        """It became part of its successor, or was reorganised into it. Raises HasParts, WithinItself."""
        self._require_without(parts)
        if successor.id == self.id:
            raise WithinItself(organisation=self.id)
        successor.require_active()
        self.status, self.successor_id, self.proposed = Status.MERGED, successor.id, None
        self._tell(OrganisationMerged, actor)

    def close(self, parts: Collection["Organisation"], actor: Actor) -> None:
        """It ceased to be. Raises HasParts."""
        self._require_without(parts)
        self.status, self.proposed = Status.CLOSED, None
        self._tell(OrganisationClosed, actor)

    def _check(self, actor: Actor, officers_of: Collection[UUID], above: Collection[UUID]) -> None:
        require_officer(actor, officers_of)
        self.require_active()
        if self.id in above:
            raise WithinItself(organisation=self.id)

    def _require_theirs(self, details: Details, actor: Actor) -> None:
        guarded = [name for name in GUARDED if getattr(details, name) != getattr(self, name)]
        if guarded and not actor.may(Role.OPERATOR):
            raise OperatorMustAccept(fields=", ".join(guarded))

    def _is_move(self, details: Details) -> bool:
        """Whether the parent is all that would change."""
        return {name for name, value in details.said.items() if value != getattr(self, name)} == {"parent_id"}

    def _sides(self, details: Details, lineage: Sequence[UUID], above: Sequence[UUID]) -> Sides:
        return sides_of_move(self.id, self.parent_id, details.parent_id, lineage, above)

    def _become(self, details: Details, actor: Actor) -> None:
        for name, value in details.said.items():
            setattr(self, name, value)
        self.proposed = None
        self._tell(OrganisationAmended, actor)

    def _require_without(self, parts: Collection["Organisation"]) -> None:
        self.require_active()
        if any(part.status is Status.ACTIVE for part in parts):
            raise HasParts(organisation=self.id)

    def _tell(self, event: type[OrganisationEvent], actor: Actor) -> None:
        self.record(event, by=actor, party=self.id, sort_key=self.sort_key)


def alike(found: Organisation | Details, asked: Details) -> bool:
    """Whether `asked` describes `found`, identifiers apart: its kind, its place, and what it is part of.

    Names and cities are compared in English, or in Chinese where `asked` has no English.
    """
    same = (found.kind, found.country, found.parent_id) == (asked.kind, asked.country, asked.parent_id)
    return same and _same(found.name, asked.name) and _same(found.city, asked.city)


def _same(found: Text, asked: Text) -> bool:
    return found.en == asked.en if asked.en else found.zh == asked.zh
