"""Which organisation each identifier belongs to: a table, since it holds across all organisations."""

from collections.abc import Sequence

from services.partners.app.work import IdentifierTaken
from shared.contracts.values import Identifier, OrganisationId
from shared.messaging.outbox import Connection

_RELEASE = """
delete from identifier where organisation_id = $1
    and (scheme, value) not in (select scheme, value from unnest($2::text[], $3::text[]) k (scheme, value))
"""
# In key order, so that two who claim the same ones never wait for each other.
_CLAIM = """
insert into identifier (scheme, value, organisation_id)
select scheme, value, $1 from unnest($2::text[], $3::text[]) k (scheme, value) order by scheme, value
on conflict do nothing
"""
_TAKEN = """
select i.scheme || ':' || i.value as identifier, i.organisation_id
from identifier i join unnest($2::text[], $3::text[]) k (scheme, value) using (scheme, value)
where i.organisation_id <> $1 order by 1 limit 1
"""
_OWNER = "select organisation_id from identifier where scheme = $1 and value = $2"


class IdentifierTable:
    """The `Identifiers` of the use cases."""

    def __init__(self, db: Connection) -> None:
        self._db = db

    async def owner(self, identifier: Identifier) -> OrganisationId | None:
        """The organisation that an identifier in its normal form belongs to."""
        return await self._db.fetchval(_OWNER, identifier.scheme, identifier.value)

    async def claim(self, organisation_id: OrganisationId, identifiers: Sequence[Identifier]) -> None:
        """Makes these the identifiers of the organisation; raises IdentifierTaken if another one has one of them."""
        keys = [i.scheme for i in identifiers], [i.value for i in identifiers]
        await self._db.execute(_RELEASE, organisation_id, *keys)
        await self._db.execute(_CLAIM, organisation_id, *keys)
        # A new statement: it sees what the insert waited for.
        if taken := await self._db.fetchrow(_TAKEN, organisation_id, *keys):
            raise IdentifierTaken(identifier=taken["identifier"], organisation=taken["organisation_id"])
