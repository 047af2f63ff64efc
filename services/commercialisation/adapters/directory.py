"""Organisations and what they lie within, from the copy of the directory that every service keeps."""

from services.commercialisation.domain.framework import Organisation, OrganisationUnknown
from shared.contracts.values import OrganisationId
from shared.messaging.outbox import Connection

# `union` without `all` ends the walk also where two organisations name each other as parents.
_CHAIN = """
with recursive chain (id, ancestor) as (
    select id, parent_id from directory_organisation where id = $1
    union
    select chain.id, parent.parent_id
    from chain join directory_organisation parent on parent.id = chain.ancestor
)
select array_remove(array_agg(ancestor), null) as ancestors from chain group by id
"""


class DirectoryTable:
    """Reads the copy."""

    def __init__(self, db: Connection) -> None:
        self._db = db

    async def organisation(self, id: OrganisationId) -> Organisation:
        """The organisation with what it lies within; raises OrganisationUnknown."""
        row = await self._db.fetchrow(_CHAIN, id)
        if row is None:
            raise OrganisationUnknown(organisation_id=id)
        return Organisation(id, frozenset(row["ancestors"]))
