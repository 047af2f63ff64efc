"""The copy of organisations, as use cases ask for it."""

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

import asyncpg

from shared.contracts.values import OrganisationId, Text
from shared.domain.gone import OrganisationGone, OrganisationReplaced
from shared.domain.refused import Refused
from shared.messaging.outbox import Connection

# `union` without `all` ends the walk also where two organisations name each other as parents.
CHAINS = """with recursive chain (id, ancestor) as (
        select id, parent_id from directory_organisation where id = any($1::uuid[])
        union
        select chain.id, parent.parent_id
        from chain join directory_organisation parent on parent.id = chain.ancestor
    )
    select o.id, o.name_en, o.name_zh, o.status, o.successor_id,
        array_remove(array_agg(chain.ancestor), null) as ancestors
    from chain join directory_organisation o on o.id = chain.id group by o.id"""

NAMES = "select id, name_en, name_zh from directory_organisation where id = any($1::uuid[])"


class OrganisationUnknown(Refused):
    """This service does not know the organisation {organisation_id}; check the id, or try again in a minute if it has
    just been added.

    It learns of organisations from the events of `partners`.
    """

    organisation_id: UUID


@dataclass(frozen=True, slots=True)
class Organisation:
    """An organisation of the directory and those that it is part of, from its parent upwards."""

    id: OrganisationId
    name: Text
    within: frozenset[OrganisationId] = frozenset()


class Organisations:
    """Reads the copy of organisations."""

    def __init__(self, db: Connection) -> None:
        self._db = db

    async def those(self, ids: Collection[OrganisationId]) -> list[Organisation]:
        """These organisations, in the order of `ids`, with what they are part of, to begin something new with.

        Raises OrganisationUnknown, OrganisationReplaced, OrganisationGone.
        """
        found = {row["id"]: row for row in await self._db.fetch(CHAINS, list(ids))}
        for id in ids:
            if id not in found:
                raise OrganisationUnknown(organisation_id=id)
            _require_active(found[id])
        return [_organisation(found[id]) for id in ids]

    async def named(self, ids: Collection[OrganisationId]) -> dict[OrganisationId, Text]:
        """What those of these organisations are called that are known, also if they are gone."""
        return {row["id"]: _name(row) for row in await self._db.fetch(NAMES, list(ids))}


def _require_active(row: asyncpg.Record) -> None:
    if row["successor_id"]:
        raise OrganisationReplaced(organisation_id=row["id"], successor_id=row["successor_id"])
    if row["status"] == "closed":
        raise OrganisationGone(organisation_id=row["id"])


def _organisation(row: asyncpg.Record) -> Organisation:
    return Organisation(row["id"], _name(row), frozenset(row["ancestors"]))


def _name(row: asyncpg.Record) -> Text:
    return Text(en=row["name_en"], zh=row["name_zh"])
