"""Who an account belongs to, and what organisations lie within: asked for every request, so read without a lock."""

from uuid import UUID

from services.partners.domain.person import Person
from shared.contracts.person import Account
from shared.contracts.values import OrganisationId
from shared.messaging.outbox import Connection
from shared.messaging.work import adapter

_PERSON = "select body from person where id = (select person_id from account where issuer = $1 and subject = $2)"
# `union` without `all` ends the walk even if organisations lay in a circle.
_ABOVE = """
with recursive above (id, parent) as (
    select id, (body->>'parent_id')::uuid from organisation where id = $1
    union
    select o.id, (o.body->>'parent_id')::uuid from organisation o join above on o.id = above.parent
)
select id from above where id <> $1
"""


async def find_person_by_account(account: Account, db: Connection) -> Person | None:
    """The person whom this account belongs to, or None."""
    body = await db.fetchval(_PERSON, account.issuer, account.subject)
    return adapter(Person).validate_json(body) if body else None


async def organisations_above(organisation_id: OrganisationId, db: Connection) -> frozenset[UUID]:
    """The organisations that this one lies within."""
    return frozenset(row["id"] for row in await db.fetch(_ABOVE, organisation_id))
