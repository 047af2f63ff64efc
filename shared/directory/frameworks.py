"""The copy of agreements for services whose work needs one in force; its tables are in their own migrations."""

from collections.abc import Collection, Sequence
from uuid import UUID

import asyncpg

from shared.contracts.agreement import (
    AgreementEnded,
    AgreementEvent,
    AgreementInForce,
    AgreementSigned,
    AgreementTerminated,
    AgreementWithdrawn,
)
from shared.contracts.event import Event
from shared.contracts.values import Area, OrganisationId, Text
from shared.domain.framework import AgreementUnknown, Framework, Organisation, OrganisationUnknown
from shared.messaging.outbox import Connection

UNSIGNED = "unsigned"
STATUS: dict[type[Event], str] = {
    AgreementSigned: "signed",
    AgreementInForce: "in-force",
    AgreementEnded: "ended",
    AgreementTerminated: "terminated",
    AgreementWithdrawn: "withdrawn",
}
"""Where an agreement stands after an event; one that is not named leaves it where it stood."""

# unnest cannot take arrays of unequal length apart, so lists travel as array literals.
WRITE = f"""insert into framework (agreement_id, status, areas, signatories, participants)
    select agreement_id, coalesce(status, '{UNSIGNED}'), areas::text[], signatories::uuid[], participants::uuid[]
    from unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::text[])
        as heard (agreement_id, status, areas, signatories, participants)
    on conflict (agreement_id) do nothing"""
UPDATE = """update framework f set status = coalesce(heard.status, f.status), areas = heard.areas::text[],
        signatories = heard.signatories::uuid[], participants = heard.participants::uuid[]
    from unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::text[])
        as heard (agreement_id, status, areas, signatories, participants)
    where f.agreement_id = heard.agreement_id"""
# The copy and the policies hear of an end by consumers of their own, so either may hear first.
READ = """select f.areas, f.signatories, f.participants,
        case when f.status = 'in-force' and over.agreement_id is not null then 'over' else f.status end as status
    from framework f left join agreement_over over using (agreement_id) where agreement_id = $1"""
# Two statements, since what reads must begin after the lock is held.
HOLD = "select pg_advisory_xact_lock_shared(hashtextextended('agreement ' || $1::uuid, 0))"
END = "select pg_advisory_xact_lock(hashtextextended('agreement ' || $1::uuid, 0))"
OVER = "insert into agreement_over (agreement_id) values ($1) on conflict do nothing"
# `union` without `all` ends the walk also where two organisations name each other as parents.
CHAINS = """with recursive chain (id, ancestor) as (
        select id, parent_id from directory_organisation where id = any($1::uuid[])
        union
        select chain.id, parent.parent_id
        from chain join directory_organisation parent on parent.id = chain.ancestor
    )
    select o.id, o.name_en, o.name_zh, array_remove(array_agg(chain.ancestor), null) as ancestors
    from chain join directory_organisation o on o.id = chain.id group by o.id"""


async def frameworks(events: Sequence[AgreementEvent], db: Connection) -> None:
    """Keeps each agreement as its newest event tells it; every event tells the whole of what is kept."""
    newest = {event.agreement_id: event for event in events}.values()
    status = {event.agreement_id: STATUS[type(event)] for event in events if type(event) in STATUS}
    heard = (
        [e.agreement_id for e in newest],
        [status.get(e.agreement_id) for e in newest],
        [_array(e.areas) for e in newest],
        [_array(e.signatories) for e in newest],
        [_array(e.participants) for e in newest],
    )
    await db.execute(UPDATE, *heard)
    await db.execute(WRITE, *heard)


def _array(items: Sequence[Area] | Sequence[UUID]) -> str:
    return "{" + ",".join(map(str, items)) + "}"


class FrameworkTable:
    """Reads the copy of agreements; implements `shared.domain.framework.Frameworks`."""

    def __init__(self, db: Connection) -> None:
        self._db = db

    async def get(self, agreement_id: UUID) -> Framework:
        """The agreement as last heard of; raises AgreementUnknown."""
        row = await self._db.fetchrow(READ, agreement_id)
        if row is None:
            raise AgreementUnknown(agreement_id=agreement_id)
        return Framework(
            agreement_id=agreement_id,
            status=row["status"],
            areas=frozenset(map(Area, row["areas"])),
            signatories=frozenset(row["signatories"]),
            participants=frozenset(row["participants"]),
        )

    async def hold(self, agreement_id: UUID) -> Framework:
        """The same, while `end` of the agreement waits for this transaction; raises AgreementUnknown."""
        await self._db.execute(HOLD, agreement_id)
        return await self.get(agreement_id)

    async def end(self, agreement_id: UUID) -> None:
        """Waits for the transactions that hold the agreement, and notes that it is over."""
        await self._db.execute(END, agreement_id)
        await self._db.execute(OVER, agreement_id)


class OrganisationTable:
    """Reads the copy of organisations; implements `shared.domain.framework.Organisations`."""

    def __init__(self, db: Connection) -> None:
        self._db = db

    async def those(self, ids: Collection[OrganisationId]) -> list[Organisation]:
        """These organisations, in the order of `ids`, with what they lie within; raises OrganisationUnknown."""
        found = {row["id"]: _organisation(row) for row in await self._db.fetch(CHAINS, list(ids))}
        for id in ids:
            if id not in found:
                raise OrganisationUnknown(organisation_id=id)
        return [found[id] for id in ids]


def _organisation(row: asyncpg.Record) -> Organisation:
    return Organisation(row["id"], Text(en=row["name_en"], zh=row["name_zh"]), frozenset(row["ancestors"]))
