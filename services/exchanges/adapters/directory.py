"""Organisations and what they lie within, from the copy of the directory that every service keeps."""

from collections.abc import Collection
from uuid import UUID

from services.exchanges.domain.framework import Organisation, OrganisationUnknown
from shared.messaging.outbox import Connection

# `union` without `all` ends the walk also where two organisations name each other as parents.
_CHAINS = """
with recursive chain (id, ancestor) as (
    select id, parent_id from directory_organisation where id = any($1::uuid[])
    union
    select chain.id, parent.parent_id
    from chain join directory_organisation parent on parent.id = chain.ancestor
)
select id, array_remove(array_agg(ancestor), null) as ancestors from chain group by id
"""


class DirectoryTable:
    """Reads the copy."""

    def __init__(self, db: Connection) -> None:
        self._db = db

    async def organisations(self, ids: Collection[UUID]) -> list[Organisation]:
        """These organisations, in the order of `ids`, with what they lie within; raises OrganisationUnknown."""
        found = {row["id"]: frozenset(row["ancestors"]) for row in await self._db.fetch(_CHAINS, list(ids))}
        for id in ids:
            if id not in found:
                raise OrganisationUnknown(organisation_id=id)
        return [Organisation(id, found[id]) for id in ids]
