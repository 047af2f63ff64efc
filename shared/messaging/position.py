"""Position: a consumer's progress by partition (`offsets`) and by key (`positions`), written with the effects."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from shared.messaging.outbox import Connection, Pool

Partition = tuple[str, int]
"""A topic and a partition number."""

Place = tuple[str, int, int]
"""Topic, partition and offset of a record."""

Key = tuple[str, str]
"""A topic and a key."""

CREATE = """insert into offsets (consumer, topic, partition, next)
    select $1, t, p, 0 from unnest($2::text[], $3::int[]) u(t, p) order by t, p on conflict do nothing"""
# All transactions lock in this order, here and above, so that no two wait for each other.
LOCK = """select topic, partition, next from offsets
    where consumer = $1 and (topic, partition) in (select * from unnest($2::text[], $3::int[]))
    order by topic, partition for update"""
# Lateral, so that each key is looked up by an index: a plan with a hash would read the tables of all keys.
READ = """select k.topic, k.key, p.sequence, p.event_id, p.parked, d.held
    from unnest($2::text[], $3::text[]) k(topic, key)
    left join lateral (select sequence, event_id, parked from positions p
        where p.consumer = $1 and p.topic = k.topic and p.key = k.key limit 1) p on true
    left join lateral (select true as held from dead_letter d
        where d.consumer = $1 and d.topic = k.topic and d.key = k.key limit 1) d on true"""
WRITE = """insert into positions (consumer, topic, key, sequence, event_id, parked)
    select $1, * from unnest($2::text[], $3::text[], $4::bigint[], $5::uuid[], $6::boolean[])
    on conflict (consumer, topic, key)
    do update set sequence = excluded.sequence, event_id = excluded.event_id, parked = excluded.parked"""
ADVANCE = """update offsets o set next = u.next, lives = 0
    from unnest($2::text[], $3::int[], $4::bigint[]) u(topic, partition, next)
    where o.consumer = $1 and o.topic = u.topic and o.partition = u.partition and o.next < u.next"""


SEEK = """update offsets set lives = lives + 1
    where consumer = $1 and (topic, partition) in (select * from unnest($2::text[], $3::int[]))
    returning topic, partition, lives > 1 or exists (select from trial t where t.consumer = $1
        and t.topic = offsets.topic and t.partition = offsets.partition and t."offset" >= next) as suspect"""
# A crash of the process loses nothing of it, and a crash of the database only the count.
TRY = """with t as (select set_config('synchronous_commit', 'off', true))
    insert into trial (consumer, topic, partition, "offset") select $1, $2, $3, $4 from t
    on conflict (consumer, topic, partition, "offset") do update set deaths = trial.deaths + 1 returning deaths"""
TRIED = """delete from trial where consumer = $1 and (topic, partition, "offset")
    in (select * from unnest($2::text[], $3::int[], $4::bigint[]))"""


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


async def seek_offsets(
    db: Connection, consumer: str, partitions: Collection[Partition]
) -> tuple[dict[Partition, int], set[Partition]]:
    """The next offset of each partition, and those on which a process may have died.

    Such a partition was sought before and has not advanced since, or an event of it was tried alone and never finished.
    """
    nexts = await lock_offsets(db, consumer, partitions)
    rows = await db.fetch(SEEK, consumer, [t for t, _ in partitions], [p for _, p in partitions])
    return nexts, {(row["topic"], row["partition"]) for row in rows if row["suspect"]}


async def begin_trial(db: Connection | Pool, consumer: str, place: Place) -> int:
    """Notes that an event is tried alone, and returns how often a process died on it before."""
    return await db.fetchval(TRY, consumer, *place)


async def end_trials(db: Connection | Pool, consumer: str, places: Collection[Place]) -> None:
    """Notes that no process died on these events."""
    await db.execute(TRIED, consumer, *map(list, zip(*places, strict=True)))


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


async def read_positions(db: Connection, consumer: str, keys: Collection[Key]) -> tuple[dict[Key, Position], set[Key]]:
    """The positions of the keys that have one, and the keys that have dead letters."""
    rows = await db.fetch(READ, consumer, [t for t, _ in keys], [k for _, k in keys])
    found = {(r["topic"], r["key"]): Position(r["sequence"], r["event_id"], r["parked"]) for r in rows
             if r["sequence"] is not None}  # fmt: skip
    return found, {(r["topic"], r["key"]) for r in rows if r["held"]}


async def write_positions(db: Connection, consumer: str, positions: Iterable[tuple[Key, Position]]) -> None:
    """Writes positions in key order, so that no two transactions wait for each other."""
    rows = sorted(positions, key=lambda row: row[0])
    if rows:
        await db.execute(
            WRITE, consumer, [t for (t, _), _ in rows], [k for (_, k), _ in rows],
            [p.sequence for _, p in rows], [p.event_id for _, p in rows], [p.parked for _, p in rows],
        )  # fmt: skip
