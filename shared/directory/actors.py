"""Who the actor is: the issuer says who, the directory says which office and roles."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Protocol
from uuid import UUID

import asyncpg

from shared.contracts.values import Identifier, Text
from shared.domain.actor import OFFICE_ROLES, Actor, Role
from shared.domain.refused import Invalid, NotAllowed
from shared.messaging.outbox import Connection

PERSON_TOPIC = "entente.partners.person"
OFFICES = """select a.person_id, o.id, o.organisation_id, o.title_en, o.title_zh, o.roles
    from directory_account a left join {offices} o on o.person_id = a.person_id
    where a.issuer = $1 and a.subject = $2 order by o.organisation_id, o.id"""
HELD = OFFICES.format(offices="directory_held")
OFFERED = OFFICES.format(offices="(select * from directory_office where not accepted)")
ABOVE = """with recursive above as (
        select parent_id from directory_organisation where id = $1
        union select o.parent_id from directory_organisation o join above a on o.id = a.parent_id)
    select parent_id from above where parent_id is not null"""
IDENTIFIED = """select scheme, value, organisation_id
    from {table} join unnest($1::text[], $2::text[]) asked (scheme, value) using (scheme, value)
    order by organisation_id"""
KNOWN = "select exists(select from caught_up where topic = $1)"


@dataclass(frozen=True, slots=True)
class Holding:
    """An office that somebody holds or is offered, as the directory has it."""

    office_id: UUID
    organisation_id: UUID
    title: Text
    roles: Collection[str]


class NotInDirectory(NotAllowed):
    """Your account is not in the directory; ask an officer of your organisation to register you.

    Your token is valid, but nobody in the directory of `partners` has this account, or that person holds no office. A
    partnership officer can register you with the account that you sign in with. If that was done a moment ago, try
    again in a few seconds.
    """


class WhichOrganisation(Invalid):
    """You hold offices in several organisations ({organisations}); name one in the header Entente-Acting-For."""


class Directory(Protocol):
    """What a service must know to say who acts; made with a database connection."""

    def __init__(self, db: Connection) -> None: ...

    async def known(self) -> bool:
        """Whether the directory has been read to its end once; until then nobody is refused."""
        ...

    async def offices(self, issuer: str, subject: str) -> tuple[UUID, list[Holding]] | None:
        """The person of an account with the offices that count now, or None."""
        ...

    async def offered(self, issuer: str, subject: str) -> list[Holding]:
        """What other organisations offer to the person of an account."""
        ...

    async def above(self, organisation_id: UUID) -> frozenset[UUID]:
        """The organisations that this one is part of."""
        ...

    async def identified(self, identifiers: Collection[Identifier]) -> dict[Identifier, list[UUID]]:
        """The organisations that have each of these identifiers; without those that nobody has."""
        ...


class Participants(Protocol):
    """What a service knows of people who are not in the directory; made with a database connection."""

    def __init__(self, db: Connection) -> None: ...

    async def of_account(self, issuer: str, subject: str) -> UUID | None:
        """The participant who signs in with this account, or None."""
        ...

    async def of_session(self, token: str) -> UUID | None:
        """The participant whom this service gave the token, while it is valid, or None."""
        ...


class DirectoryCopy:
    """The directory as copied from the events of `partners`."""

    def __init__(self, db: Connection) -> None:
        self._db = db

    async def known(self) -> bool:
        """Whether the people's topic has been read to its end once."""
        return await self._db.fetchval(KNOWN, PERSON_TOPIC)

    async def offices(self, issuer: str, subject: str) -> tuple[UUID, list[Holding]] | None:
        rows = await self._db.fetch(HELD, issuer, subject)
        return (rows[0]["person_id"], _holdings(rows)) if rows else None

    async def offered(self, issuer: str, subject: str) -> list[Holding]:
        return _holdings(await self._db.fetch(OFFERED, issuer, subject))

    async def above(self, organisation_id: UUID) -> frozenset[UUID]:
        return frozenset(row["parent_id"] for row in await self._db.fetch(ABOVE, organisation_id))

    async def identified(self, identifiers: Collection[Identifier]) -> dict[Identifier, list[UUID]]:
        return await identified(self._db, "directory_identifier", identifiers)


async def identified(db: Connection, table: str, identifiers: Collection[Identifier]) -> dict[Identifier, list[UUID]]:
    """The organisations that have each of these identifiers, as a table of `scheme`, `value` and owner says."""
    schemes, values = [each.scheme for each in identifiers], [each.value for each in identifiers]
    found: dict[Identifier, list[UUID]] = {}
    for row in await db.fetch(IDENTIFIED.format(table=table), schemes, values):
        found.setdefault(Identifier(scheme=row["scheme"], value=row["value"]), []).append(row["organisation_id"])
    return found


def _holdings(rows: Sequence[asyncpg.Record]) -> list[Holding]:
    return [
        Holding(row["id"], row["organisation_id"], Text(en=row["title_en"], zh=row["title_zh"]), row["roles"] or ())
        for row in rows if row["id"]
    ]  # fmt: skip


async def find_actors(directory: Directory, issuer: str, subject: str) -> list[Actor]:
    """Who the person behind an account can act as: one actor for each organisation; raises NotInDirectory."""
    found = await directory.offices(issuer, subject)
    if found is None or not found[1]:
        raise NotInDirectory
    person_id, offices = found
    places = dict.fromkeys(office.organisation_id for office in offices)
    return [await _actor(directory, person_id, [o for o in offices if o.organisation_id == place]) for place in places]


async def _actor(directory: Directory, person_id: UUID, offices: Sequence[Holding]) -> Actor:
    """The person in one organisation, with the roles of all their offices there."""
    first, roles = offices[0], set(OFFICE_ROLES)
    titles = [(Role(role), office.title) for office in offices for role in office.roles if role in roles]
    above = await directory.above(first.organisation_id)
    held = frozenset(role for role, _ in titles)
    return Actor(person_id, first.organisation_id, held, first.title, above, titles=tuple(titles))


def choose_office(actors: Sequence[Actor], acting_for: UUID | None) -> Actor:
    """The one who acts for that organisation, or the only one there is; raises WhichOrganisation or NotAllowed."""
    if acting_for is None and len(actors) > 1:
        raise WhichOrganisation(organisations=", ".join(str(actor.organisation_id) for actor in actors))
    for actor in actors:
        if acting_for in (None, actor.organisation_id):
            return actor
    raise not_held(acting_for)


def not_held(organisation_id: UUID | None) -> NotAllowed:
    """The refusal for somebody who acts for an organisation without an office there."""
    return NotAllowed(needed=f"an office in the organisation {organisation_id}")
