"""Who the actor is: the issuer says who, the directory says which office and roles."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Protocol
from uuid import UUID

from shared.contracts.values import Text
from shared.domain.actor import Actor, Role
from shared.domain.refused import Invalid, NotAllowed
from shared.messaging.outbox import Connection

PERSON_TOPIC = "entente.partners.person"
OFFICES = """select a.person_id, o.organisation_id, o.title_en, o.title_zh, o.roles
    from directory_account a left join directory_office o on o.person_id = a.person_id
    where a.issuer = $1 and a.subject = $2 order by o.organisation_id"""
ABOVE = """with recursive above as (
        select parent_id from directory_organisation where id = $1
        union select o.parent_id from directory_organisation o join above a on o.id = a.parent_id)
    select parent_id from above where parent_id is not null"""
KNOWN = "select exists(select from caught_up where topic = $1)"


@dataclass(frozen=True, slots=True)
class Holding:
    """An office that somebody holds, as the directory has it."""

    organisation_id: UUID
    title: Text
    roles: Collection[str]


class NotInDirectory(NotAllowed):
    """Your account is not in the directory; ask an officer of your organisation to register you.

    Your token is valid, but the directory of `partners` has nobody with this account, or that person holds no office.
    A partnership officer registers you with the account that you sign in with. If that was done a moment ago, try again
    in a few seconds.
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
        """The person of an account with the offices held, or None."""
        ...

    async def above(self, organisation_id: UUID) -> frozenset[UUID]:
        """The organisations that this one is part of."""
        ...


class DirectoryCopy:
    """The directory as copied from the events of `partners`."""

    def __init__(self, db: Connection) -> None:
        self._db = db

    async def known(self) -> bool:
        """Whether the people's topic has been read to its end once."""
        return await self._db.fetchval(KNOWN, PERSON_TOPIC)

    async def offices(self, issuer: str, subject: str) -> tuple[UUID, list[Holding]] | None:
        rows = await self._db.fetch(OFFICES, issuer, subject)
        if not rows:
            return None
        held = [row for row in rows if row["organisation_id"]]
        titles = [Text(en=row["title_en"], zh=row["title_zh"]) for row in held]
        offices = [Holding(r["organisation_id"], t, r["roles"] or ()) for r, t in zip(held, titles, strict=True)]
        return rows[0]["person_id"], offices

    async def above(self, organisation_id: UUID) -> frozenset[UUID]:
        return frozenset(row["parent_id"] for row in await self._db.fetch(ABOVE, organisation_id))


async def find_actor(directory: Directory, issuer: str, subject: str, acting_for: UUID | None) -> Actor:
    """The actor behind an account; raises NotInDirectory, WhichOrganisation or NotAllowed."""
    person_id, offices = await _offices(directory, issuer, subject)
    return await _actor(directory, person_id, _choose(offices, acting_for))


async def find_actors(directory: Directory, issuer: str, subject: str) -> list[Actor]:
    """Who the person behind an account can act as: one actor for each office; raises NotInDirectory."""
    person_id, offices = await _offices(directory, issuer, subject)
    return [await _actor(directory, person_id, office) for office in offices]


async def _offices(directory: Directory, issuer: str, subject: str) -> tuple[UUID, list[Holding]]:
    found = await directory.offices(issuer, subject)
    if found is None or not found[1]:
        raise NotInDirectory
    return found


async def _actor(directory: Directory, person_id: UUID, office: Holding) -> Actor:
    above = await directory.above(office.organisation_id)
    roles = frozenset(Role(role) for role in office.roles if role in set(Role))
    return Actor(person_id, office.organisation_id, roles, office.title, above)


def _choose(offices: Sequence[Holding], acting_for: UUID | None) -> Holding:
    if acting_for is None and len(offices) > 1:
        raise WhichOrganisation(organisations=", ".join(str(o.organisation_id) for o in offices))
    for office in offices:
        if acting_for in (None, office.organisation_id):
            return office
    raise not_held(acting_for)


def not_held(organisation_id: UUID | None) -> NotAllowed:
    """The refusal for somebody who acts for an organisation without an office there."""
    return NotAllowed(needed=f"an office in the organisation {organisation_id}")
