"""Position: a consumer's progress by partition (`offsets`) and by key (`positions`), written with the effects."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from shared.messaging.outbox import Connection, Pool

Partition = tuple[str, int]
"""A topic and a partition number."""

Key = tuple[str, str]
"""A topic and a key."""

CREATE = """insert into offsets (consumer, topic, partition, next)
    select $1, t, p, 0 from unnest($2::text[], $3::int[]) u(t, p) order by t, p on conflict do nothing"""
# All transactions lock in this order, here and above, so that no two wait for each other.
LOCK = """select topic, partition, next from offsets
    where consumer = $1 and (topic, partition) in (select * from unnest($2::text[], $3::int[]))
    order by topic, partition for update"""
READ = """select topic, key, sequence, event_id, parked from positions
    where consumer = $1 and (topic, key) in (select * from unnest($2::text[], $3::text[]))"""
WRITE = """insert into positions (consumer, topic, key, sequence, event_id, parked)
    select $1, * from unnest($2::text[], $3::text[], $4::bigint[], $5::uuid[], $6::boolean[])
    on conflict (consumer, topic, key)
    do update set sequence = excluded.sequence, event_id = excluded.event_id, parked = excluded.parked"""
ADVANCE = """update offsets o set next = u.next
    from unnest($2::text[], $3::int[], $4::bigint[]) u(topic, partition, next)
    where o.consumer = $1 and o.topic = u.topic and o.partition = u.partition and o.next < u.next"""


class NotReady(Exception):
    """Kafka answers, but nothing may be read from it now; the message says why, and what to do."""


@dataclass(slots=True)
class Position:
    """The last sequence of a key that was applied; if `parked`, its later events wait for an operator."""

    sequence: int = 0
    event_id: UUID | None = None
    parked: bool = False


async def lock_offsets(db: Connection, consumer: str, partitions: Collection[Partition]) -> dict[Partition, int]:
    """The next offset of each partition, locked until the transaction ends; creates missing rows.

    This lock alone serialises a partition: a process that woke up late, its successor, and an operator's retry.
    """
    topics, numbers = [t for t, _ in partitions], [p for _, p in partitions]
    rows = await db.fetch(LOCK, consumer, topics, numbers)
    if len(rows) < len(set(partitions)):
        await db.execute(CREATE, consumer, topics, numbers)
        rows = await db.fetch(LOCK, consumer, topics, numbers)
    return {(row["topic"], row["partition"]): row["next"] for row in rows}


async def read_offsets(db: Connection | Pool, consumer: str) -> dict[Partition, int]:
    """The next offset of each partition that has one; locks nothing."""
    rows = await db.fetch("select topic, partition, next from offsets where consumer = $1", consumer)
    return {(row["topic"], row["partition"]): row["next"] for row in rows}


async def advance_offsets(db: Connection, consumer: str, nexts: Mapping[Partition, int]) -> None:
    """Moves each partition forward to its next offset, never back."""
    topics, numbers = [t for t, _ in nexts], [p for _, p in nexts]
    await db.execute(ADVANCE, consumer, topics, numbers, list(nexts.values()))


def require_nothing_lost(consumer: str, nexts: Mapping[Partition, int], ends: Mapping[Partition, int]) -> None:
    """Raises NotReady where a partition on Kafka ends before the offset that was read.

    Kafka would give the next records offsets that were read already, and the consumer would skip them as duplicates.
    """
    for (topic, partition), end in ends.items():
        if end < (next := nexts.get((topic, partition), 0)):
            raise NotReady(
                f"Kafka has lost records of topic {topic}: partition {partition} ends at offset {end}, and the consumer"
                f" {consumer} has read to {next}; restore Kafka from the backup that belongs to the database, or ask"
                " for help before anything more is published"
            )


async def read_positions(db: Connection, consumer: str, keys: Collection[Key]) -> dict[Key, Position]:
    """The positions of the keys that have one."""
    rows = await db.fetch(READ, consumer, [t for t, _ in keys], [k for _, k in keys])
    return {(r["topic"], r["key"]): Position(r["sequence"], r["event_id"], r["parked"]) for r in rows}


async def write_positions(db: Connection, consumer: str, positions: Iterable[tuple[Key, Position]]) -> None:
    """Writes positions in key order, so that no two transactions wait for each other."""
    rows = sorted(positions, key=lambda row: row[0])
    if rows:
        await db.execute(
            WRITE, consumer, [t for (t, _), _ in rows], [k for (_, k), _ in rows],
            [p.sequence for _, p in rows], [p.event_id for _, p in rows], [p.parked for _, p in rows],
        )  # fmt: skip
