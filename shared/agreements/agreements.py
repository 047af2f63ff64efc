"""The copy of agreements, as use cases and policies ask for it."""

from uuid import UUID

from shared.agreements.agreement import AgreementCopy, AgreementUnknown
from shared.messaging.outbox import Connection

# The copy and the policies learn of an end from different consumers, so either may come first.
READ = """select c.areas, c.signatories, c.participants,
        case when c.status = 'in-force' and over.agreement_id is not null then 'over'
            when c.status = 'in-force' and p.status = 'suspended' then 'suspended with its parent'
            else c.status end as status
    from agreement_copy c left join agreement_over over using (agreement_id)
        left join agreement_copy p on p.agreement_id = c.parent_agreement_id
    where c.agreement_id = $1"""
# A statement of its own: what reads must begin after the lock is held.
HOLD = "select pg_advisory_xact_lock_shared(hashtextextended('agreement ' || $1::uuid, 0))"
END = "select pg_advisory_xact_lock(hashtextextended('agreement ' || $1::uuid, 0))"
OVER = "insert into agreement_over (agreement_id) values ($1) on conflict do nothing"


class Agreements:
    """Reads the copy of agreements."""

    def __init__(self, db: Connection) -> None:
        self._db = db

    async def get(self, agreement_id: UUID) -> AgreementCopy:
        """The agreement as last copied; raises AgreementUnknown."""
        row = await self._db.fetchrow(READ, agreement_id)
        if row is None:
            raise AgreementUnknown(agreement_id=agreement_id)
        return AgreementCopy(
            agreement_id=agreement_id,
            status=row["status"],
            areas=frozenset(row["areas"]),
            signatories=frozenset(row["signatories"]),
            participants=frozenset(row["participants"]),
        )

    async def hold(self, agreement_id: UUID) -> AgreementCopy:
        """The same, while `end` of the agreement waits for this transaction; raises AgreementUnknown.

        For what begins under the agreement and must be found when it ends.
        """
        await self._db.execute(HOLD, agreement_id)
        return await self.get(agreement_id)

    async def end(self, agreement_id: UUID) -> None:
        """Waits for the transactions that hold the agreement, and records that it is over, whatever the copy says."""
        await self._db.execute(END, agreement_id)
        await self._db.execute(OVER, agreement_id)
