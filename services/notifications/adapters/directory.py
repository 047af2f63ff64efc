"""Who holds which role where, from this service's copy of the directory."""

from collections.abc import Collection

from services.notifications.domain.audience import Addressee, Recipients
from services.notifications.domain.write import Organisation, Organisations
from shared.contracts.values import OrganisationId, PersonId, Text
from shared.directory.actors import DirectoryCopy
from shared.domain.actor import Role
from shared.domain.refused import NotFound, Unavailable
from shared.messaging.outbox import Connection

# `union` without `all` ends the recursion even if two organisations name each other as parent.
_ADDRESSEES = """
with recursive below (side, id) as (
    select id, id from directory_organisation where id = any($1)
    union
    select b.side, o.id from below b join directory_organisation o on o.parent_id = b.id where $3
)
select distinct on (f.person_id) f.person_id, held.role, f.organisation_id, b.side
from below b join directory_held f on f.organisation_id = b.id
cross join lateral unnest(f.roles) as held (role)
where held.role = any($2)
order by f.person_id, b.id <> b.side, array_position($2, held.role), f.organisation_id, b.side
"""
# Keeps these people from being erased until their entries are committed; the erasure then finds and deletes those.
_LOCK = "select id from directory_person where id = any($1) order by id for key share"
_ORGANISATIONS = "select id, name_en, name_zh, country from directory_organisation where id = any($1)"
_BELONGS = """
with recursive above (office, id) as (
    select organisation_id, organisation_id from directory_held where person_id = $1
    union
    select a.office, o.parent_id from directory_organisation o join above a on o.id = a.id
)
select bool_and(within) from (select bool_or(id = $2) as within from above group by office) offices
"""


class DirectoryTable:
    """The `Directory` of the use cases."""

    def __init__(self, db: Connection) -> None:
        self._db = db

    async def addressees(self, group: Recipients) -> list[Addressee]:
        """The people in `group` now, by id; raises Unavailable until the directory is known."""
        if not await DirectoryCopy(self._db).known():
            raise Unavailable(reason="this service does not have the directory yet", retry_after=1)
        await self.organisations(group.organisations)
        roles = [str(role) for role in group.roles]
        rows = await self._db.fetch(_ADDRESSEES, group.organisations, roles, group.within)
        await self._lock([row["person_id"] for row in rows])
        return [Addressee(r["person_id"], Role(r["role"]), r["organisation_id"], r["side"]) for r in rows]

    async def organisations(self, ids: Collection[OrganisationId]) -> Organisations:
        """These organisations; raises Unavailable until all of them are known."""
        rows = await self._db.fetch(_ORGANISATIONS, list(ids))
        if missing := set(ids) - {row["id"] for row in rows}:
            raise Unavailable(reason=f"this service does not know the organisation {min(missing)} yet", retry_after=1)
        return {r["id"]: Organisation(Text(en=r["name_en"], zh=r["name_zh"]), r["country"]) for r in rows}

    async def lock(self, person_id: PersonId) -> None:
        """Keeps a person from being erased until this work commits; raises NotFound."""
        if await self._db.fetchval(_LOCK, [person_id]) is None:
            raise NotFound(what="person", id=person_id)

    async def belongs(self, person_id: PersonId, organisation_id: OrganisationId) -> bool:
        """Whether the person has offices and all of them are in this organisation or within it."""
        return bool(await self._db.fetchval(_BELONGS, person_id, organisation_id))

    async def _lock(self, people: Collection[PersonId]) -> None:
        held = await self._db.fetch(_LOCK, list(people))
        if len(held) < len(people):
            raise Unavailable(reason="people are being erased from the directory", retry_after=1)
