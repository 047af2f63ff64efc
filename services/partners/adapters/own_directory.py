"""Who acts, from the documents themselves: `partners` owns the directory that the other services copy."""

from collections.abc import Collection, Sequence
from datetime import UTC, datetime
from uuid import UUID

from services.partners.domain.person import Person
from shared.contracts.person import Office
from shared.contracts.values import Identifier
from shared.directory.actors import Holding, identified
from shared.messaging.outbox import Connection
from shared.service.work import adapter

_PERSON = "select body from person where id = (select person_id from account where issuer = $1 and subject = $2)"
# `union` without `all` ends the walk even if organisations lay in a circle.
_ABOVE = """
with recursive above (id) as (
    select (body->>'parent_id')::uuid from organisation where id = $1
    union
    select (o.body->>'parent_id')::uuid from organisation o join above using (id)
)
select id from above where id is not null
"""


class OwnDirectory:
    """The `Directory` of this service; asked for every request, so it reads without a lock."""

    def __init__(self, db: Connection) -> None:
        self._db = db

    async def known(self) -> bool:
        """Always: this service owns the directory."""
        return True

    async def offices(self, issuer: str, subject: str) -> tuple[UUID, list[Holding]] | None:
        person = await self._person(issuer, subject)
        return person and (person.id, _holdings(person.offices_at(datetime.now(UTC))))

    async def offered(self, issuer: str, subject: str) -> list[Holding]:
        person = await self._person(issuer, subject)
        return _holdings(person.offered) if person else []

    async def above(self, organisation_id: UUID) -> frozenset[UUID]:
        return frozenset(row["id"] for row in await self._db.fetch(_ABOVE, organisation_id))

    async def identified(self, identifiers: Collection[Identifier]) -> dict[Identifier, list[UUID]]:
        return await identified(self._db, "identifier", identifiers)

    async def _person(self, issuer: str, subject: str) -> Person | None:
        body = await self._db.fetchval(_PERSON, issuer, subject)
        return adapter(Person).validate_json(body) if body else None


def _holdings(offices: Sequence[Office]) -> list[Holding]:
    return [Holding(o.office_id, o.organisation_id, o.title, o.roles) for o in offices]
