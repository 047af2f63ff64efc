"""An organisation of the directory."""

from collections.abc import Collection
from dataclasses import dataclass, field
from enum import StrEnum
from hashlib import sha256
from typing import Annotated, Any, Self
from uuid import UUID

import pycountry
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, computed_field
from pypinyin import lazy_pinyin

from services.partners.domain.authority import require_officer
from services.partners.domain.identifiers import CheckedIdentifier
from services.partners.domain.kinds import Level, OrganisationKind, Sector
from shared.contracts.organisation import (
    ContactOffice,
    Membership,
    OrganisationAmended,
    OrganisationClosed,
    OrganisationEvent,
    OrganisationMerged,
    OrganisationRegistered,
)
from shared.contracts.values import Identifier, OrganisationId, PersonId, Text
from shared.domain.actor import Actor, Role
from shared.domain.aggregate import Aggregate
from shared.domain.command import Command
from shared.domain.refused import Refused


class WithinItself(Refused):
    """The organisation {organisation} cannot be part of itself or of one of its own parts.

    Name another parent, or none.
    """


class MergedInto(Refused):
    """The organisation {organisation} was merged into {successor}; name {successor} instead."""


class ClosedAlready(Refused):
    """The organisation {organisation} was closed; nothing new can be begun with it."""


class OperatorMustAccept(Refused):
    """Only an operator changes {fields}; propose the change, and an operator accepts it.

    `POST /organisations/{{id}}/proposals` proposes it. Officers change the address, the city, contact offices and
    memberships themselves.
    """

    status = 403


class NoSuchProposal(Refused):
    """There is no such proposal for the organisation {organisation}; read it again, and name the hash of what it says.

    It was accepted, another one took its place, or the entry was changed after it was made.
    """


class OwnProposal(Refused):
    """Nobody accepts their own proposal; ask another operator."""

    status = 403


class HasParts(Refused):
    """The organisation {organisation} still has parts; move, merge or close them first."""


COUNTRIES_MEANT = {"UK": "GB", "EL": "GR"}
"""Codes in common use that are not those of ISO 3166."""


def _known_country(code: str) -> str:
    if meant := COUNTRIES_MEANT.get(code.upper()):
        raise ValueError(f"{code!r} is not an ISO 3166 country code; write it as {meant!r}")
    if len(code) != 2 or pycountry.countries.get(alpha_2=code) is None or not code.isupper():
        raise ValueError("not an ISO 3166 country code of two letters; write it like `GB` or `CN`")
    return code


def _distinct(identifiers: list[Identifier]) -> list[Identifier]:
    return list(dict.fromkeys(identifiers))


CheckedIdentifiers = Annotated[list[CheckedIdentifier], Field(max_length=20), AfterValidator(_distinct)]
"""Identifiers in their normal form, each once."""


class Details(Command):
    """What the directory says of an organisation."""

    kind: OrganisationKind
    level: Level | None = None
    sector: Sector | None = None
    name: Text
    country: Annotated[str, AfterValidator(_known_country)]
    """ISO 3166-1 alpha-2, such as `GB` or `CN`."""
    city: Text
    address: Text | None = None
    identifiers: CheckedIdentifiers
    """In public registers, all of them: `ror`, `isni`, `lei`, `uscc`, `schac` and `pic` are checked, others kept."""
    parent_id: OrganisationId | None
    """The organisation that this one is part of; null for none."""
    contact_offices: Annotated[list[ContactOffice], Field(max_length=20)] = Field(default_factory=list[ContactOffice])
    """Functional mailboxes, never a person's."""
    memberships: Annotated[list[Membership], Field(max_length=50)] = Field(default_factory=list[Membership])
    """What it is a member of without being part of it."""

    @property
    def hash(self) -> str:
        """SHA-256 over all of it, so that what is accepted is what was proposed."""
        return sha256(self.model_dump_json(include=set(Details.model_fields)).encode()).hexdigest()


GUARDED = ("kind", "level", "sector", "name", "country", "identifiers")
"""What others know an organisation by: an operator's to change."""


class Status(StrEnum):
    """Whether an organisation is there."""

    ACTIVE = "active"
    MERGED = "merged"
    CLOSED = "closed"


class Proposed(BaseModel):
    """A change that an officer proposes, to be accepted by an operator."""

    model_config = ConfigDict(use_attribute_docstrings=True)

    details: Details
    hash: str
    """What the acceptance names."""
    by: PersonId


@dataclass(kw_only=True)
class Organisation(Aggregate):
    """An organisation: its kind, place and identifiers, and what it is part of."""

    status: Status = Status.ACTIVE
    kind: str
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
    def register(cls, id: UUID, details: Details) -> Self:
        """A new organisation in the directory; the caller checks that its parent exists."""
        organisation = cls(id=id, **_said(details))
        organisation._tell(OrganisationRegistered)
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
        """Raises MergedInto or ClosedAlready for an organisation that is gone."""
        if self.status is Status.MERGED:
            raise MergedInto(organisation=self.id, successor=self.successor_id)
        if self.status is Status.CLOSED:
            raise ClosedAlready(organisation=self.id)

    def amend(self, details: Details, actor: Actor, lineage: Collection[UUID], above: Collection[UUID]) -> None:
        """Changes what the directory says.

        `lineage` is this organisation and those it is part of, `above` the new parent and those that is part of.
        Raises NotAllowed or NotASide for all but operators and officers of the lineage, OperatorMustAccept for what is
        not theirs to change, WithinItself for a cycle.
        """
        self._check(details, actor, lineage, above)
        guarded = [name for name in GUARDED if getattr(details, name) != getattr(self, name)]
        if guarded and not actor.may(Role.OPERATOR):
            raise OperatorMustAccept(fields=", ".join(guarded))
        if details.parent_id != self.parent_id:
            # A part of a side sees the side's agreements and acts under them: both sides' officers must agree.
            for side in (above, set(lineage) - {self.id}):
                if side:
                    require_officer(actor, side)
        self._become(details)

    def propose(self, details: Details, actor: Actor, lineage: Collection[UUID], above: Collection[UUID]) -> None:
        """Proposes a change, in place of an earlier proposal; raises as `amend`, but for OperatorMustAccept."""
        self._check(details, actor, lineage, above)
        told = Details.model_validate({name: getattr(details, name) for name in Details.model_fields})
        self.proposed = Proposed(details=told, hash=told.hash, by=actor.person)

    def accept(self, hash: str, actor: Actor, above: Collection[UUID]) -> None:
        """An operator makes the proposal of this hash true. Raises NoSuchProposal, OwnProposal, WithinItself."""
        self.require_active()
        if self.proposed is None or self.proposed.hash != hash:
            raise NoSuchProposal(organisation=self.id)
        if self.proposed.by == actor.person_id:
            raise OwnProposal
        if self.id in above:
            raise WithinItself(organisation=self.id)
        self._become(self.proposed.details)

    def merge(self, successor: "Organisation", parts: Collection["Organisation"]) -> None:
        """It became part of its successor, or was reorganised into it. Raises HasParts, WithinItself."""
        self._require_without(parts)
        if successor.id == self.id:
            raise WithinItself(organisation=self.id)
        successor.require_active()
        self.status, self.successor_id, self.proposed = Status.MERGED, successor.id, None
        self._tell(OrganisationMerged)

    def close(self, parts: Collection["Organisation"]) -> None:
        """It ceased to be. Raises HasParts."""
        self._require_without(parts)
        self.status, self.proposed = Status.CLOSED, None
        self._tell(OrganisationClosed)

    def _check(self, details: Details, actor: Actor, lineage: Collection[UUID], above: Collection[UUID]) -> None:
        require_officer(actor, lineage)
        self.require_active()
        if self.id in above:
            raise WithinItself(organisation=self.id)

    def _become(self, details: Details) -> None:
        for name, value in _said(details).items():
            setattr(self, name, value)
        self.proposed = None
        self._tell(OrganisationAmended)

    def _require_without(self, parts: Collection["Organisation"]) -> None:
        self.require_active()
        if any(part.status is Status.ACTIVE for part in parts):
            raise HasParts(organisation=self.id)

    def _tell(self, event: type[OrganisationEvent]) -> None:
        self.record(event, sort_key=self.sort_key)


def sort_key(name: Text) -> str:
    """What a name is sorted by: its pinyin if it is Chinese, else in lower case; at most 200 characters."""
    words = [pinyin.strip() for pinyin in lazy_pinyin(name.zh)] if name.zh else [str(name)]
    return " ".join(words).casefold()[:200]


def alike(found: Organisation | Details, asked: Details) -> bool:
    """Whether `asked` describes `found`, identifiers apart: its kind, its place, and what it is part of.

    Names and cities are compared in English, or in Chinese where `asked` has no English.
    """
    same = (found.kind, found.country, found.parent_id) == (asked.kind, asked.country, asked.parent_id)
    return same and _same(found.name, asked.name) and _same(found.city, asked.city)


def _same(found: Text, asked: Text) -> bool:
    return found.en == asked.en if asked.en else found.zh == asked.zh


def _said(details: Details) -> dict[str, Any]:
    said = {name: getattr(details, name) for name in Details.model_fields}
    return {name: str(value) if isinstance(value, StrEnum) else value for name, value in said.items()}
