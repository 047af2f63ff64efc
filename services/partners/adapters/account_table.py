"""Which person each account belongs to."""

from collections.abc import Sequence

from services.partners.adapters.claims import Claims
from services.partners.app.work import AccountTaken
from shared.contracts.person import Account
from shared.contracts.values import PersonId
from shared.messaging.outbox import Connection


class AccountTable:
    """The `Accounts` of the use cases."""

    def __init__(self, db: Connection) -> None:
        self._claims = Claims(db, "account", ("issuer", "subject", "person_id"))

    async def owner(self, account: Account) -> PersonId | None:
        return await self._claims.owner((account.issuer, account.subject))

    async def claim(self, person_id: PersonId, accounts: Sequence[Account]) -> None:
        if taken := await self._claims.claim(person_id, [(a.issuer, a.subject) for a in accounts]):
            issuer, subject, person = taken
            raise AccountTaken(account=f"{issuer}|{subject}", person=person)
