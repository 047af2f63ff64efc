"""A person of the directory: accounts to sign in with, offices in organisations."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Annotated, Self
from uuid import UUID

from pydantic import Field, computed_field

from services.partners.domain.authority import require_officer
from shared.contracts.person import Account, Office, PersonErased, PersonState
from shared.contracts.values import Instant, OrganisationId, Text
from shared.domain.actor import Actor, Role
from shared.domain.aggregate import Aggregate
from shared.domain.command import Command
from shared.domain.refused import NotAllowed, NotFound, Refused

# A copy restored from before the erasure may write the state again: the tombstone is sent again after these times.
AGAIN = {"erase-again-1": timedelta(hours=1), "erase-again-2": timedelta(days=1)}


class NoSuchOffice(Refused):
    """This person holds no office in the organisation {organisation}.

    `GET /people/{id}` lists the offices that they hold.
    """


class Grant(Command):
    """An office to be held in an organisation."""

    organisation_id: OrganisationId
    title: Text
    roles: Annotated[frozenset[Role], Field(min_length=1)]
    """What the holder may do; `operator` is granted by operators only."""


@dataclass(kw_only=True)
class Person(Aggregate):
    """Somebody of the directory; after an erasure only the id remains."""

    name: Text | None
    accounts: list[Account]
    offices: list[Office] = field(default_factory=list[Office])
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
        """Where offices are held, for lists to filter by."""
        return [office.organisation_id for office in self.offices]

    def due(self) -> Mapping[str, datetime]:
        """The repetitions of the tombstone that are still to come."""
        return self.erasures

    def grant(self, asked: Grant, actor: Actor, lineage: Collection[OrganisationId], at: datetime) -> None:
        """Gives an office; an earlier one in the same organisation is replaced.

        `lineage` is the office's organisation and those it is part of. Raises NotAllowed or NotASide for all but
        operators and officers of the lineage, and for all but operators where the operator's role is concerned.
        """
        self._require_present()
        require_officer(actor, lineage)
        _require_operator_for(asked.roles | self._roles_in(asked.organisation_id), actor)
        self._leave(asked.organisation_id)
        office = Office(
            organisation_id=asked.organisation_id, title=asked.title, roles=[str(r) for r in asked.roles], since=at
        )
        self.offices.append(office)
        self.record(PersonState)

    def revoke(self, organisation_id: OrganisationId, actor: Actor, lineage: Collection[OrganisationId]) -> None:
        """Takes the office in an organisation away, by those who may `grant` it. Raises NoSuchOffice as well."""
        self._require_present()
        require_officer(actor, lineage)
        _require_operator_for(self._roles_in(organisation_id), actor)
        if not self._leave(organisation_id):
            raise NoSuchOffice(organisation=organisation_id)
        self.record(PersonState)

    def erase(self, at: datetime) -> None:
        """Forgets all but the id; timers repeat the tombstone."""
        self._require_present()
        self.name, self.accounts, self.offices = None, [], []
        self.erasures = {kind: at + wait for kind, wait in AGAIN.items()}
        self.record(PersonErased)

    def erase_again(self, kind: str) -> None:
        """Repeats the tombstone for the timer `kind`."""
        del self.erasures[kind]
        self.record(PersonErased)

    def _require_present(self) -> None:
        if self.name is None:
            raise NotFound(what="person", id=self.id)

    def _roles_in(self, organisation_id: OrganisationId) -> set[str]:
        return {role for o in self.offices if o.organisation_id == organisation_id for role in o.roles}

    def _leave(self, organisation_id: OrganisationId) -> bool:
        kept = [o for o in self.offices if o.organisation_id != organisation_id]
        left, self.offices = len(kept) < len(self.offices), kept
        return left


def _require_operator_for(roles: Collection[str], actor: Actor) -> None:
    if Role.OPERATOR in roles and not actor.may(Role.OPERATOR):
        raise NotAllowed(needed="the role operator")
