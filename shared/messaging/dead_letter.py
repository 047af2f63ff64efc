"""Dead letter: an event that could not be applied yet, kept in its order.

Waiting: it is applied by itself, when its predecessor has come or, after a failure, when it is due. Parked: it waits
for an operator. Exhausted: parked after ten attempts. Crashed: parked because the process died on it.
"""

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any, Literal
from uuid import UUID

from shared.messaging.envelope import Headers
from shared.messaging.outbox import Connection, Pool
from shared.messaging.position import Key, Place

State = Literal["waiting", "parked", "exhausted", "crashed"]

INSERT = """insert into dead_letter (consumer, topic, partition, "offset", key, sequence, event_id, type, state, reason,
        headers, raw_key, value, attempts, due)
    select $1, topic, partition, "offset", key, sequence, event_id, type, state, reason, headers, raw_key, value,
        attempts, now() + make_interval(secs => pause)
    from unnest($2::text[], $3::int[], $4::bigint[], $5::text[], $6::bigint[], $7::uuid[], $8::text[], $9::text[],
        $10::text[], $11::jsonb[], $12::bytea[], $13::bytea[], $14::int[], $15::float8[])
        u(topic, partition, "offset", key, sequence, event_id, type, state, reason, headers, raw_key, value, attempts,
            pause)
    on conflict (consumer, topic, partition, "offset")
    do update set state = excluded.state, reason = excluded.reason, attempts = excluded.attempts, due = excluded.due
    where dead_letter.state = 'waiting' and (excluded.state <> 'waiting' or excluded.due is not null)"""
"""A redelivered record stays as it is; one that was waiting becomes parked with its key, or fails and is due."""
LETTER = """select topic, partition, "offset", key, sequence, event_id, type, state, reason, raw_key, attempts,
        extract(epoch from due - now())::float8 as pause, headers, value from dead_letter"""
# A key may have very many: only those that can matter to a poll are read, whatever their number.
OF_SEQUENCES = f"""{LETTER} where consumer = $1
    and (topic, key, sequence) in (select * from unnest($2::text[], $3::text[], $4::bigint[]))"""
FOLLOWING = f"""select d.* from unnest($2::text[], $3::text[], $4::bigint[]) k(topic, key, after)
    cross join lateral ({LETTER} d where d.consumer = $1 and d.topic = k.topic and d.key = k.key
        and d.sequence > k.after and d.state = 'waiting' order by d.sequence limit $5) d"""
UNREAD = f"""select d.* from unnest($2::text[], $3::text[]) k(topic, key)
    cross join lateral ({LETTER} d where d.consumer = $1 and d.topic = k.topic and d.key = k.key
        and d.sequence is null and d.event_id is null order by d."offset" desc limit 1) d"""
DELETE = """delete from dead_letter where consumer = $1 and (topic, partition, "offset")
    in (select * from unnest($2::text[], $3::int[], $4::bigint[]))"""
SUPERSEDE = """delete from dead_letter d using unnest($2::text[], $3::text[], $4::int[], $5::bigint[])
        u(topic, key, partition, "offset")
    where d.consumer = $1 and d.topic = u.topic and d.key = u.key
    and (d.partition <> u.partition or d."offset" <= u."offset")"""
PARK_WAITING = """update dead_letter d set state = 'parked', due = null,
        reason = 'behind sequence ' || u.sequence || ' of its key'
    from unnest($2::text[], $3::text[], $4::bigint[]) u(topic, key, sequence)
    where d.consumer = $1 and d.topic = u.topic and d.key = u.key and d.state = 'waiting'
    and d.sequence is distinct from u.sequence"""
CONTINUE = """update dead_letter d set due = now()
    from unnest($2::text[], $3::text[], $4::bigint[]) u(topic, key, sequence)
    where d.consumer = $1 and d.topic = u.topic and d.key = u.key and d.sequence = u.sequence
    and d.state = 'waiting' and d.due is null"""
DUE = """select topic, partition, "offset", greatest(extract(epoch from due - now()), 0)::float8 as pause
    from dead_letter where consumer = $1 and due is not null order by due limit 100"""
# Committed before the reaction runs: no other process tries the event meanwhile, and the count outlives this one.
CLAIM = """update dead_letter set due = now() + make_interval(secs => $5), deaths = deaths + 1
    where consumer = $1 and topic = $2 and partition = $3 and "offset" = $4 and state = 'waiting' and due <= now()
    returning topic, partition, "offset", key, sequence, event_id, type, state, reason, raw_key, attempts,
        0::float8 as pause, headers, value, deaths - 1 as deaths"""
POSTPONE = """update dead_letter
    set attempts = $5, due = now() + make_interval(secs => $6), reason = $7, deaths = greatest(deaths - 1, 0)
    where consumer = $1 and topic = $2 and partition = $3 and "offset" = $4 and state = 'waiting'"""
UNDUE = """update dead_letter set due = null, deaths = greatest(deaths - 1, 0)
    where consumer = $1 and topic = $2 and partition = $3 and "offset" = $4"""


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
    attempts: int = 0
    pause: float | None = None
    """Seconds until it is tried again; None if another event or an operator releases it."""


async def write_dead_letters(db: Connection, consumer: str, letters: Collection[DeadLetter]) -> None:
    """Writes dead letters; an existing one is unchanged, unless it was waiting and now failed or is parked."""
    if letters:
        records = [letter.record for letter in letters]
        await db.execute(
            INSERT, consumer, [r.topic for r in records], [r.partition for r in records], [r.offset for r in records],
            [d.key for d in letters], [d.sequence for d in letters], [d.event_id for d in letters],
            [d.type for d in letters], [d.state for d in letters], [_short(d.reason) for d in letters],
            [_dump(r.headers) for r in records], [r.key for r in records], [r.value for r in records],
            [d.attempts for d in letters], [d.pause for d in letters],
        )  # fmt: skip


async def read_dead_letters(
    db: Connection, consumer: str, sequences: Collection[tuple[Key, int]], after: Mapping[Key, int], most: int
) -> dict[Key, list[DeadLetter]]:
    """The dead letters that have these `sequences`, and of each key in `after` the next `most` that wait.

    Of the keys in `after` also the last one whose place in the order could not be read.
    """
    keys = [t for t, _ in after], [k for _, k in after]
    rows = [
        *await db.fetch(OF_SEQUENCES, consumer, *map(list, zip(*((t, k, n) for (t, k), n in sequences), strict=True))),
        *(await db.fetch(FOLLOWING, consumer, *keys, list(after.values()), most) if after else ()),
        *(await db.fetch(UNREAD, consumer, *keys) if after else ()),
    ]
    found: dict[Key, dict[Place, DeadLetter]] = {}
    for row in rows:
        letter = _letter(row)
        found.setdefault((row["topic"], row["key"]), {})[letter.record.place] = letter
    return {key: list(letters.values()) for key, letters in found.items()}


async def delete_dead_letters(db: Connection, consumer: str, letters: Collection[DeadLetter]) -> None:
    """Deletes these dead letters: their events were applied."""
    if letters:
        await db.execute(DELETE, consumer, *_columns(letter.record.place for letter in letters))


async def supersede_dead_letters(db: Connection, consumer: str, newest: Mapping[Key, Place]) -> None:
    """Deletes the dead letters of each key that came before the record at this place, which replaces them."""
    if newest:
        await db.execute(SUPERSEDE, consumer, *_columns((*key, *place[1:]) for key, place in newest.items()))


async def park_waiting(db: Connection, consumer: str, behind: Mapping[Key, int]) -> None:
    """Parks the waiting events of each key behind the one with this sequence."""
    if behind:
        await db.execute(PARK_WAITING, consumer, *_columns((*key, sequence) for key, sequence in behind.items()))


async def continue_waiting(db: Connection, consumer: str, follows: Mapping[Key, int]) -> None:
    """Makes the waiting event of each key with this sequence due at once: its predecessor was applied."""
    if follows:
        await db.execute(CONTINUE, consumer, *_columns((*key, sequence) for key, sequence in follows.items()))


async def read_due(db: Connection | Pool, consumer: str) -> list[tuple[Place, float]]:
    """The next events to be tried again: their place, and the seconds until then."""
    rows = await db.fetch(DUE, consumer)
    return [((row["topic"], row["partition"], row["offset"]), row["pause"]) for row in rows]


async def claim_due(db: Pool, consumer: str, place: Place, lease: float) -> tuple[DeadLetter, int] | None:
    """The due event at this place, and how often a process died while it tried it; None if it is not due any more.

    For `lease` seconds no other process tries it.
    """
    row = await db.fetchrow(CLAIM, consumer, *place, lease)
    return (_letter(row), row["deaths"]) if row else None


async def postpone(
    db: Connection | Pool, consumer: str, place: Place, *, attempts: int, pause: float, reason: str
) -> None:
    """Ends a claim: the event is tried again after `pause` seconds."""
    await db.execute(POSTPONE, consumer, *place, attempts, pause, _short(reason))


async def leave_waiting(db: Connection, consumer: str, place: Place) -> None:
    """Ends a claim: the event's predecessor releases it."""
    await db.execute(UNDUE, consumer, *place)


def _columns(rows: Any) -> list[list[Any]]:
    return [list(column) for column in zip(*rows, strict=True)]


def _dump(headers: Headers) -> str:
    # Hexadecimal keeps every byte, even if a value is not UTF-8; jsonb cannot hold U+0000.
    return json.dumps([[_plain(name), value.hex()] for name, value in headers])


def _short(reason: str) -> str:
    return _plain(reason)[:2000]


def _plain(text: str) -> str:
    return text.replace("\x00", "")


def _letter(row: Any) -> DeadLetter:
    headers = [(name, bytes.fromhex(value)) for name, value in json.loads(row["headers"] or "[]")]
    record = Record(row["topic"], row["partition"], row["offset"], row["raw_key"], row["value"], headers)
    place = row["key"], row["sequence"], row["event_id"], row["type"]
    return DeadLetter(record, row["state"], row["reason"], *place, row["attempts"], row["pause"])
