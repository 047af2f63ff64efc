"""Which person each account belongs to."""

from collections.abc import Sequence
from datetime import datetime

from services.partners.adapters.claims import Claims
from services.partners.app.work import AccountTaken
from shared.contracts.person import Account
from shared.contracts.values import OrganisationId, PersonId
from shared.messaging.outbox import Connection

_PEOPLE = """select exists(select from person, jsonb_array_elements(body->'offices' || (body->'offered')) office
    where body->'organisation_ids' ? $1 and office->>'organisation_id' = $1
        and coalesce((office->>'until')::timestamptz > $2, true))"""


class AccountTable:
    """The `Accounts` of the use cases."""

    def __init__(self, db: Connection) -> None:
        self._db = db
        self._claims = Claims(db, "account", ("issuer", "subject", "person_id"))

    async def owner(self, account: Account) -> PersonId | None:
        return await self._claims.owner((account.issuer, account.subject))

    async def claim(self, person_id: PersonId, accounts: Sequence[Account]) -> None:
        if taken := await self._claims.claim(person_id, [(a.issuer, a.subject) for a in accounts]):
            issuer, subject, person = taken
            raise AccountTaken(account=f"{issuer}|{subject}", person=person)

    async def has_people(self, organisation_id: OrganisationId, at: datetime) -> bool:
        return await self._db.fetchval(_PEOPLE, str(organisation_id), at)
