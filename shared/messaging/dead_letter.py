"""Dead letter: an event that could not be applied yet, kept in its order.

Waiting: its predecessor has not arrived. Parked: it waits for an operator. Exhausted: parked after ten attempts.
"""

import json
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any, Literal
from uuid import UUID

from shared.messaging.envelope import Headers
from shared.messaging.outbox import Connection
from shared.messaging.position import Key

State = Literal["waiting", "parked", "exhausted"]

Place = tuple[str, int, int]
"""Topic, partition and offset of a record."""

COLUMNS = 'consumer, topic, partition, "offset", key, sequence, event_id, type, state, reason, headers, raw_key, value'
# A redelivered record stays parked; one that was waiting becomes parked with its key.
INSERT = f"""insert into dead_letter ({COLUMNS})
    select $1, * from unnest($2::text[], $3::int[], $4::bigint[], $5::text[], $6::bigint[], $7::uuid[], $8::text[],
        $9::text[], $10::text[], $11::jsonb[], $12::bytea[], $13::bytea[])
    on conflict (consumer, topic, partition, "offset") do update set state = excluded.state, reason = excluded.reason
    where dead_letter.state = 'waiting' and excluded.state <> 'waiting'"""
# A key parked for weeks has many, and each of its polls reads them: only those that may still be applied are read
# with their body.
SELECT = """select topic, partition, "offset", key, sequence, event_id, type, state, reason, raw_key,
        case when state = 'waiting' then headers end as headers, case when state = 'waiting' then value end as value
    from dead_letter
    where consumer = $1 and sequence is not null and (topic, key) in (select * from unnest($2::text[], $3::text[]))
    order by topic, key, sequence"""
DELETE = """delete from dead_letter where consumer = $1 and (topic, partition, "offset")
    in (select * from unnest($2::text[], $3::int[], $4::bigint[]))"""
DELETE_OF_KEYS = """delete from dead_letter where consumer = $1
    and (topic, key) in (select * from unnest($2::text[], $3::text[]))"""


@dataclass(frozen=True, slots=True)
class Record:
    """A record as received; `topic` has no prefix."""

    topic: str
    partition: int
    offset: int
    key: bytes | None
    value: bytes | None
    headers: Headers

    @property
    def place(self) -> Place:
        """Its topic, partition and offset."""
        return self.topic, self.partition, self.offset


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """A record, what could be read of it, its state and the reason. Without a `sequence` it blocks nothing."""

    record: Record
    state: State
    reason: str
    key: str | None = None
    sequence: int | None = None
    event_id: UUID | None = None
    type: str | None = None


async def write_dead_letters(db: Connection, consumer: str, letters: Collection[DeadLetter]) -> None:
    """Writes dead letters; an existing one is unchanged, unless it was waiting and is now parked with its key."""
    if letters:
        records = [letter.record for letter in letters]
        await db.execute(
            INSERT, consumer, [r.topic for r in records], [r.partition for r in records], [r.offset for r in records],
            [d.key for d in letters], [d.sequence for d in letters], [d.event_id for d in letters],
            [d.type for d in letters], [d.state for d in letters], [_plain(d.reason)[:2000] for d in letters],
            [_dump(r.headers) for r in records], [r.key for r in records], [r.value for r in records],
        )  # fmt: skip


async def read_dead_letters(db: Connection, consumer: str, keys: Collection[Key]) -> dict[Key, list[DeadLetter]]:
    """The dead letters of these keys that have a sequence, in order; only waiting ones have headers and body."""
    found: dict[Key, list[DeadLetter]] = {}
    for row in await db.fetch(SELECT, consumer, [t for t, _ in keys], [k for _, k in keys]):
        found.setdefault((row["topic"], row["key"]), []).append(_letter(row))
    return found


async def delete_dead_letters(db: Connection, consumer: str, letters: Collection[DeadLetter]) -> None:
    """Deletes these dead letters: their events were applied."""
    if letters:
        places = [letter.record.place for letter in letters]
        await db.execute(DELETE, consumer, *map(list, zip(*places, strict=True)))


async def delete_dead_letters_of(db: Connection, consumer: str, keys: Collection[Key]) -> None:
    """Deletes all dead letters of these keys: a newer state or a tombstone replaces them."""
    if keys:
        await db.execute(DELETE_OF_KEYS, consumer, [t for t, _ in keys], [k for _, k in keys])


def _dump(headers: Headers) -> str:
    # Hexadecimal keeps every byte, even if a value is not UTF-8; jsonb cannot hold U+0000.
    return json.dumps([[_plain(name), value.hex()] for name, value in headers])


def _plain(text: str) -> str:
    return text.replace("\x00", "")


def _letter(row: Any) -> DeadLetter:
    headers = [(name, bytes.fromhex(value)) for name, value in json.loads(row["headers"] or "[]")]
    record = Record(row["topic"], row["partition"], row["offset"], row["raw_key"], row["value"], headers)
    place = row["key"], row["sequence"], row["event_id"], row["type"]
    return DeadLetter(record, row["state"], row["reason"], *place)
