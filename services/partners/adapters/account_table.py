"""Which person each account belongs to: a table, since it holds across all people."""

from collections.abc import Sequence

from services.partners.app.work import AccountTaken
from shared.contracts.person import Account
from shared.contracts.values import PersonId
from shared.messaging.outbox import Connection

_RELEASE = """
delete from account where person_id = $1
    and (issuer, subject) not in (select issuer, subject from unnest($2::text[], $3::text[]) k (issuer, subject))
"""
# In key order, so that two who claim the same ones never wait for each other.
_CLAIM = """
insert into account (issuer, subject, person_id)
select issuer, subject, $1 from unnest($2::text[], $3::text[]) k (issuer, subject) order by issuer, subject
on conflict do nothing
"""
_TAKEN = """
select a.issuer || '|' || a.subject as account, a.person_id
from account a join unnest($2::text[], $3::text[]) k (issuer, subject) using (issuer, subject)
where a.person_id <> $1 order by 1 limit 1
"""
_OWNER = "select person_id from account where issuer = $1 and subject = $2"


class AccountTable:
    """The `Accounts` of the use cases."""

    def __init__(self, db: Connection) -> None:
        self._db = db

    async def owner(self, account: Account) -> PersonId | None:
        """The person that an account belongs to."""
        return await self._db.fetchval(_OWNER, account.issuer, account.subject)

    async def claim(self, person_id: PersonId, accounts: Sequence[Account]) -> None:
        """Makes these the accounts of the person; raises AccountTaken if another person has one of them."""
        keys = [a.issuer for a in accounts], [a.subject for a in accounts]
        await self._db.execute(_RELEASE, person_id, *keys)
        await self._db.execute(_CLAIM, person_id, *keys)
        # A new statement: it sees what the insert waited for.
        if taken := await self._db.fetchrow(_TAKEN, person_id, *keys):
            raise AccountTaken(account=taken["account"], person=taken["person_id"])
