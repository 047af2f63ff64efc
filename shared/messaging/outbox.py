"""Outbox: events are rows, written by the transaction that saves their aggregate and deleted once Kafka has them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

import asyncpg

from shared.contracts.event import Envelope, Event, Tombstone
from shared.messaging.envelope import new_id, to_headers, traceparent

if TYPE_CHECKING:
    from asyncpg.pool import PoolConnectionProxy

    Connection = asyncpg.Connection[asyncpg.Record] | PoolConnectionProxy[asyncpg.Record]
    Pool = asyncpg.Pool[asyncpg.Record]
else:
    Connection = Pool = object

DATABASE_AWAY = (asyncpg.PostgresError, asyncpg.InterfaceError, OSError, TimeoutError)
"""Exceptions that asyncpg raises while the database does not answer (and for other errors too)."""

LIMIT = 512 * 1024
"""The largest record, in bytes of key, value and headers. Topics take 1 MiB; a relay's batch has 256 KiB."""

CHANNEL = "outbox"
"""The NOTIFY channel that wakes a relay in another process; the schema's name is its prefix."""


class TooLarge(Exception):
    """An event of `type` would be a record of `size` bytes, over `LIMIT`."""

    def __init__(self, type: str, size: int) -> None:
        self.type, self.size = type, size
        super().__init__(f"the event {type} would be {size} bytes, over the limit of {LIMIT}")


@dataclass(frozen=True, slots=True)
class Row:
    """An event to be written to the outbox."""

    id: UUID
    topic: str
    type: str
    sequence: int
    value: bytes | None


def rows_of(key: UUID, events: Sequence[Event], after: int, time: datetime) -> list[Row]:
    """The outbox rows of an aggregate's events, numbered from `after` + 1; raises TooLarge."""
    rows = [_row(event, after + n) for n, event in enumerate(events, 1)]
    for row in rows:
        envelope = Envelope(row.id, row.type, str(key), row.sequence, time, "/" + "x" * 64, "x" * 55)
        size = 36 + len(row.value or b"") + sum(len(n) + len(v) for n, v in to_headers(envelope))
        if size > LIMIT:
            raise TooLarge(row.type, size)
    return rows


def _row(event: Event, sequence: int) -> Row:
    value = None if isinstance(event, Tombstone) else event.model_dump_json().encode()
    return Row(new_id(), event.topic, event.type, sequence, value)


# One statement saves the aggregate, its events and its history. It counts 0 for a stale version, however many events
# there are. `with ordinality` gives ids in the order of the events: for one key, id order is commit order.
SAVE = """
with a as ({change} returning id),
     o as (insert into outbox (topic, key, event_id, type, sequence, time, traceparent, value)
           select e.topic, a.id::text, e.id, e.type, e.sequence, $5, $6, e.value
           from a, unnest($7::text[], $8::uuid[], $9::text[], $10::bigint[], $11::bytea[])
                with ordinality as e(topic, id, type, sequence, value, n) order by e.n),
     h as (insert into history (kind, aggregate_id, version, actor, organisation_id, use_case, at, events, body, cause)
           select $12, a.id, $2::bigint + 1, $13, $16, $14, $5, $15, case when $17 then $4::jsonb end, $18 from a)
select count(*) from a"""
INSERT = """insert into {table} (id, version, sequence, body, updated)
    values ($1, $2::bigint + 1, $3, $4, $5) on conflict (id) do nothing"""
UPDATE = """update {table} set version = version + 1, sequence = $3, body = $4, updated = $5
    where id = $1 and version = $2::bigint"""


@dataclass(frozen=True, slots=True)
class Save:
    """One aggregate to save."""

    table: str
    id: UUID
    version: int
    """The version loaded; 0 for a new aggregate."""
    sequence: int
    body: str
    at: datetime
    rows: Sequence[Row]
    actor: str
    use_case: str
    history: str
    """The events as JSON: ids, types and sequences, never bodies."""
    organisation_id: UUID | None = None
    """The organisation that the actor acts for."""
    keeps: bool = False
    """Whether the history keeps the body of this version."""
    cause: str | None = None
    """The whole that the change is part of, such as an import."""

    async def run(self, db: Connection) -> bool:
        """Saves, or returns False if another transaction saved the aggregate since it was loaded."""
        change = (UPDATE if self.version else INSERT).format(table=self.table)
        rows = self.rows
        saved = await db.fetchval(
            SAVE.format(change=change), self.id, self.version, self.sequence + len(rows), self.body, self.at,
            traceparent() if rows else None,
            [r.topic for r in rows], [r.id for r in rows], [r.type for r in rows], [r.sequence for r in rows],
            [r.value for r in rows], self.table, self.actor, self.use_case, self.history,
            self.organisation_id, self.keeps, self.cause,
        )  # fmt: skip
        return saved == 1


async def notify(pool: Pool) -> None:
    """Wakes the relays of other processes.

    Outside any transaction: inside one, NOTIFY takes a server-wide lock at commit.
    """
    await pool.execute(f"select pg_notify(current_schema || '.{CHANNEL}', '')")
