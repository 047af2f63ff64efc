"""A person of the directory: accounts to sign in with, offices in organisations."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Annotated, Self
from uuid import UUID

from pydantic import AfterValidator, Field, computed_field, model_validator

from services.partners.domain.authority import OF_OPERATORS, require_granter, require_officer
from shared.contracts.person import Account, Office, PersonErased, PersonState
from shared.contracts.values import Instant, OrganisationId, Text
from shared.domain.actor import OFFICE_ROLES, Actor, Role
from shared.domain.aggregate import Aggregate
from shared.domain.command import Command
from shared.domain.refused import NotAllowed, NotFound, Refused

# A copy restored from before the erasure may write the state again: the tombstone is sent again after these times.
AGAIN = {"erase-again-1": timedelta(hours=1), "erase-again-2": timedelta(days=1)}


class NoSuchOffice(Refused):
    """This person has no office {office}; read which offices they hold or are offered, and name one of those.

    `GET /people/{id}` lists them, with the `office_id` of each.
    """

    office: UUID
    status = 404


class NotYourself(Refused):
    """Nobody changes their own offices or roles; ask another officer of the organisation, or an operator."""

    status = 403


class YoursToAnswer(Refused):
    """Only the person to whom an office is offered can accept or decline it."""

    status = 403


def _of_an_office(role: Role) -> Role:
    if role not in OFFICE_ROLES:
        raise ValueError("no office gives this role")
    return role


OfficeRole = Annotated[Role, AfterValidator(_of_an_office)]
"""A role that an office gives."""


class Grant(Command):
    """An office to be held in an organisation."""

    organisation_id: OrganisationId
    title: Text
    roles: Annotated[frozenset[OfficeRole], Field(min_length=1)]
    """What the holder may do. Operators grant `operator` and `data-protection-officer`; they and the organisation's
    signatories grant `signatory`."""
    since: Instant | None = None
    """When it begins; now if it is not given."""
    until: Instant | None = None
    """When it ends, if that is known."""

    @model_validator(mode="after")
    def _ends_after_it_begins(self) -> Self:
        if self.since and self.until and self.until <= self.since:
            raise ValueError("an office ends after it begins: `until` must be later than `since`")
        return self


@dataclass(kw_only=True)
class Person(Aggregate):
    """Somebody of the directory; after an erasure only the id remains."""

    name: Text | None
    accounts: list[Account]
    offices: list[Office] = field(default_factory=list[Office])
    offered: list[Office] = field(default_factory=list[Office])
    """By other organisations; they count for nothing until the person accepts them."""
    erasures: dict[str, Instant] = field(default_factory=dict[str, Instant])
    """When the tombstone is still to be sent again, by the timer's kind."""

    @classmethod
    def register(cls, id: UUID, name: Text, accounts: list[Account]) -> Self:
        """A new person without an office; the first event comes with the first office."""
        return cls(id=id, name=name, accounts=list(dict.fromkeys(accounts)))

    @computed_field
    @property
    def account_keys(self) -> list[str]:
        """The accounts as `issuer|subject`, for lists to filter by."""
        return [account.key for account in self.accounts]

    @computed_field
    @property
    def organisation_ids(self) -> list[OrganisationId]:
        """Where offices are held or offered, for lists to filter by."""
        return list(dict.fromkeys(office.organisation_id for office in (*self.offices, *self.offered)))

    def due(self) -> Mapping[str, datetime]:
        """The repetitions of the tombstone that are still to come."""
        return self.erasures

    def grant(
        self, asked: Grant, office_id: UUID, actor: Actor, lineage: Sequence[OrganisationId], at: datetime
    ) -> None:
        """Gives an office, or offers it to somebody who holds offices elsewhere only.

        `lineage` is the office's organisation and those it is part of. Raises NotYourself; NotAllowed or NotASide for
        all but those who may give these roles there.
        """
        self._require_another(actor)
        require_granter(actor, asked.roles, lineage)
        office = Office(
            office_id=office_id, organisation_id=asked.organisation_id, title=asked.title,
            roles=[str(role) for role in asked.roles], since=asked.since or at, until=asked.until,
        )  # fmt: skip
        # An office elsewhere would take the person's mails and duties away from those whom they work for.
        kept = [held for held in self.offices if held.until is None or at < held.until]
        known = not kept or any(held.organisation_id in lineage for held in kept)
        (self.offices if known or actor.may(Role.OPERATOR) else self.offered).append(office)
        self.record(PersonState)

    def accept(self, office_id: UUID, actor: Actor) -> None:
        """Takes an office that was offered; raises YoursToAnswer, NoSuchOffice."""
        self.offices.append(self._answer(office_id, actor))
        self.record(PersonState)

    def decline(self, office_id: UUID, actor: Actor) -> None:
        """Does without an office that was offered; raises YoursToAnswer, NoSuchOffice."""
        self._answer(office_id, actor)
        self.record(PersonState)

    def revoke(self, office_id: UUID, actor: Actor, lineage: Collection[OrganisationId]) -> None:
        """Takes an office, or the offer of one, away.

        `lineage` is the office's organisation and those it is part of. Raises NotYourself, NoSuchOffice; NotAllowed or
        NotASide for all but operators and officers of the lineage, and for an office that only operators give all but
        operators.
        """
        self._require_another(actor)
        office = self.office(office_id)
        require_officer(actor, lineage)
        if not OF_OPERATORS.isdisjoint(office.roles) and not actor.may(Role.OPERATOR):
            raise NotAllowed(needed="the role operator")
        (self.offices if office in self.offices else self.offered).remove(office)
        self.record(PersonState)

    def offices_at(self, at: datetime) -> list[Office]:
        """The offices that count at this moment."""
        return [o for o in self.offices if o.since <= at and (o.until is None or at < o.until)]

    def office(self, office_id: UUID) -> Office:
        """An office that is held or offered; raises NoSuchOffice."""
        return self._find(office_id, [*self.offices, *self.offered])

    def erase(self, at: datetime) -> None:
        """Forgets all but the id; timers repeat the tombstone."""
        self._require_present()
        self.name, self.accounts, self.offices, self.offered = None, [], [], []
        self.erasures = {kind: at + wait for kind, wait in AGAIN.items()}
        self.record(PersonErased)

    def erase_again(self, kind: str) -> None:
        """Repeats the tombstone for the timer `kind`."""
        del self.erasures[kind]
        self.record(PersonErased)

    def _require_present(self) -> None:
        if self.name is None:
            raise NotFound(what="person", id=self.id)

    def _require_another(self, actor: Actor) -> None:
        self._require_present()
        if actor.person_id == self.id:
            raise NotYourself

    def _answer(self, office_id: UUID, actor: Actor) -> Office:
        self._require_present()
        if actor.person_id != self.id:
            raise YoursToAnswer
        office = self._find(office_id, self.offered)
        self.offered.remove(office)
        return office

    def _find(self, office_id: UUID, among: Collection[Office]) -> Office:
        for office in among:
            if office.office_id == office_id:
                return office
        raise NoSuchOffice(office=office_id)
