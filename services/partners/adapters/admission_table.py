"""The accounts that the installation's setting has admitted."""

import hashlib
import json

from shared.contracts.person import Account
from shared.messaging.outbox import Connection


class AdmissionTable:
    """The `Admissions` of the use cases; only a digest of each account is kept."""

    def __init__(self, db: Connection) -> None:
        self._db = db

    async def note(self, account: Account) -> bool:
        """Records the account; False if it was recorded before. Waits for another transaction that records it."""
        digest = hashlib.sha256(json.dumps([account.issuer, account.subject]).encode()).digest()
        insert = "insert into admission (account) values ($1) on conflict do nothing returning true"
        return bool(await self._db.fetchval(insert, digest))
