"""The consumer on a real database: each event of a poll is applied once or kept, and none is lost."""

import asyncio
import random
from collections import Counter
from collections.abc import Awaitable, Callable
from typing import Any
from uuid import UUID

import pytest

from shared.contracts.event import Event
from shared.contracts.organisation import OrganisationEvent
from shared.domain.refused import Invalid, Refused, Unavailable
from shared.messaging import consumer as kit
from shared.messaging.dead_letter import Record
from shared.messaging.outbox import Connection, Pool
from shared.messaging.reactions import Consumer, policy
from shared.service.work import Changed, UnitOfWork
from shared.service.worker import is_permanent
from tests.integration.messaging.scene import Bench
from tests.unit.messaging.scene import FACTS, consumer, event_id, key, record, state

Before = Callable[[Event, Connection], Awaitable[None]]


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Retries without a pause."""
    monkeypatch.setattr(kit, "PAUSE", 0.001)
    monkeypatch.setattr(kit, "LONGEST_PAUSE", 0.001)


def failing(*ids: UUID, by: Callable[[], Exception], times: int = 1000) -> Before:
    """A reaction that raises for these events, on the first `times` attempts of each."""
    failed = Counter[UUID]()

    async def before(event: Event, db: Connection) -> None:
        if event.envelope.id in ids and failed[event.envelope.id] < times:
            failed[event.envelope.id] += 1
            raise by()

    return before


async def test_broken_records_in_a_poll_block_no_others(pool: Pool) -> None:
    """A bad header, a bad body, an unreadable key and a gap are each kept; all other records are applied."""
    bench = Bench(pool)

    await bench.take(
        record(1, 1, 0), record(2, 1, 1, without="ce_id"), record(3, 1, 2), record(3, 2, 3, value=b"{"),
        record(4, 1, 4, key=b"\xff"), record(5, 2, 5), record(1, 2, 6), record(3, 3, 7), record(6, 1, 8),
    )  # fmt: skip

    assert await bench.order() == {key(1): [1, 2], key(3): [1], key(6): [1]}
    assert await bench.kept() == {1: "parked", 3: "parked", 4: "parked", 5: "waiting", 7: "parked"}
    assert await bench.next() == 9


async def test_a_dead_letter_is_an_exact_copy_of_its_record(pool: Pool) -> None:
    """Key, headers and value are those of the record, byte for byte, even if they are not text."""
    bench, header = Bench(pool), ("ce_strange", b"\xff\x00")
    came = record(1, 2, 0, value=b"\x00\xff{")
    came = Record(came.topic, came.partition, came.offset, came.key, came.value, [*came.headers, header])

    await bench.take(came)
    held = await kit.read_dead_letters(pool, bench.name, [(FACTS, str(key(1)))])  # pyright: ignore[reportArgumentType]

    assert [letter.record for letter in held[FACTS, str(key(1))]] == [came]


async def test_a_header_of_any_name_is_kept(pool: Pool) -> None:
    """A header whose name looks like an escape or contains U+0000 blocks nothing."""
    bench, came = Bench(pool), record(1, 2, 0)
    strange = [*came.headers, (r"a\u0000", b"x"), ("b\x00", b"y")]

    await bench.take(Record(came.topic, 0, 0, came.key, came.value, strange), record(2, 1, 1))
    held = await kit.read_dead_letters(pool, bench.name, [(FACTS, str(key(1)))])  # pyright: ignore[reportArgumentType]

    assert await bench.order() == {key(2): [1]}
    assert [name for name, _ in held[FACTS, str(key(1))][0].record.headers][-2:] == [r"a\u0000", "b"]


async def test_a_key_too_long_for_an_index_is_parked_under_its_offset(pool: Pool, quick: None) -> None:
    """A key of several kilobytes, too long for an index, is parked and blocks nothing."""
    bench, long, came = Bench(pool), random.Random(7).randbytes(4000).hex(), record(1, 1, 0)
    headers = [(name, long.encode() if name == "ce_subject" else value) for name, value in came.headers]

    await bench.take(Record(came.topic, 0, 0, long.encode(), came.value, headers), record(2, 1, 1))

    assert (await bench.order(), await bench.kept()) == ({key(2): [1]}, {0: "parked"})
    assert await bench.reason(0) == "the key is over 200 bytes"


async def test_a_record_that_cannot_be_kept_blocks_no_other(pool: Pool, quick: None) -> None:
    """If the database refuses the dead letter, its offset is kept, and every other record is applied."""
    bench = Bench(pool)
    refusing = "alter table dead_letter add constraint {0} check (consumer <> '{0}' or headers = '[]')"
    await pool.execute(refusing.format(bench.name.replace("-", "_")))
    bench.name = bench.name.replace("-", "_")

    await bench.take(record(1, 1, 0, without="ce_id"), record(2, 1, 1, value=b"{"), record(3, 1, 2))

    assert (await bench.order(), await bench.kept()) == ({key(3): [1]}, {0: "parked", 1: "parked"})
    assert await bench.next() == 3


async def test_a_poll_with_a_failing_event_is_counted_once(pool: Pool, quick: None) -> None:
    """When a poll is retried event by event, each record is counted once, by its final outcome."""
    bench, counts = Bench(pool), Counter[str]()
    bench.before = failing(event_id(2, 1), by=lambda: Invalid(reason="no such thing"))
    named = Consumer(bench.name, consumer().projections)

    runner = kit.ConsumerRunner(
        pool, named, bench.react, lambda _, outcomes: counts.update(by_outcome(outcomes)), is_permanent
    )
    await runner.take([record(1, 1, 0), record(2, 1, 1), record(3, 1, 2, without="ce_id")])

    assert +counts == {"applied": 1, "parked": 2}


def by_outcome(outcomes: Counter[tuple[str, str]]) -> dict[str, int]:
    """The number of records by outcome, over all topics."""
    return {outcome: count for (_, outcome), count in outcomes.items()}


REFUSALS = {
    Invalid(reason="no"): "parked",
    Unavailable(reason="wait", retry_after=1): "exhausted",
    Changed(what="call"): "exhausted",
}


@pytest.mark.parametrize(("refusal", "becomes"), REFUSALS.items(), ids=[each.slug() for each in REFUSALS])
async def test_a_temporary_refusal_is_retried(pool: Pool, quick: None, refusal: Refused, becomes: str) -> None:
    """A broken rule parks the event at once; a temporary refusal is retried like any failure."""
    bench = Bench(pool, before=failing(event_id(1, 1), by=lambda: refusal))

    await bench.take(record(1, 1, 0))

    assert await bench.kept() == {0: becomes}


async def test_a_redelivered_poll_changes_nothing(pool: Pool) -> None:
    """This holds at the same offsets and at later ones."""
    bench = Bench(pool)
    poll = [record(1, 1, 0), record(1, 3, 1), record(2, 1, 2, value=b"{"), record(3, 1, 3), record(3, 2, 4)]

    await bench.take(*poll)
    before = await bench.order(), await bench.kept()
    await bench.take(*poll)
    again = await bench.order(), await bench.kept()
    await bench.take(record(1, 1, 5), record(3, 1, 6), record(3, 2, 7))

    assert before == again == (await bench.order(), await bench.kept())
    assert before == ({key(1): [1], key(3): [1, 2]}, {1: "waiting", 2: "parked"})


async def test_an_event_that_breaks_a_rule_is_parked_at_once(pool: Pool) -> None:
    """It is retried once alone and then parked; the rest of the poll is applied."""
    bench = Bench(pool, before=failing(event_id(1, 2), by=lambda: Invalid(reason="no such thing")))

    await bench.take(record(1, 1, 0), record(1, 2, 1), record(2, 1, 2), record(1, 3, 3), record(2, 2, 4))

    assert await bench.order() == {key(1): [1], key(2): [1, 2]}
    assert await bench.kept() == {1: "parked", 3: "parked"}
    assert "no such thing" in await bench.reason(1)
    assert sum(event_id(1, 2) in {e.envelope.id for e in call} for call in bench.calls) == 2
    assert await bench.next() == 5


async def test_an_event_that_always_fails_is_parked_as_exhausted(pool: Pool, quick: None) -> None:
    """It is parked after ten attempts; all others of its poll were applied by the second."""
    bench, seen = Bench(pool), list[dict[UUID, list[int]]]()

    async def before(event: Event, db: Connection) -> None:
        if event.envelope.id == event_id(1, 1):
            seen.append(await bench.order())
            raise RuntimeError("always")

    bench.before = before
    await bench.take(record(1, 1, 0), record(1, 2, 1), record(2, 1, 2), record(3, 1, 3))

    others = {key(2): [1], key(3): [1]}
    assert seen == [{}, {}, *[others] * 9]  # once with the whole poll, then in ten attempts alone
    assert (await bench.order(), await bench.kept()) == (others, {0: "exhausted", 1: "parked"})


@pytest.mark.parametrize("times", [1, 3])
async def test_an_event_that_recovers_is_applied_in_order(pool: Pool, quick: None, times: int) -> None:
    """An event that fails a few times is then applied once, before the later ones of its key."""
    bench = Bench(pool, before=failing(event_id(1, 2), by=lambda: RuntimeError("not yet"), times=times))

    await bench.take(record(1, 1, 0), record(1, 2, 1), record(1, 3, 2), record(2, 1, 3))

    assert (await bench.order(), await bench.kept()) == ({key(1): [1, 2, 3], key(2): [1]}, {})
    assert await bench.next() == 4


@pytest.mark.parametrize(
    "problem",
    [
        "select $1::int, 2 ** 40",  # the driver refuses the argument, so the database is healthy
        "set local statement_timeout = 1; select pg_sleep(1)",
        "select pg_sleep(1)",
    ],
)
async def test_a_statement_that_always_fails_is_not_database_trouble(pool: Pool, quick: None, problem: str) -> None:
    """An error that looks like database trouble counts as a failure of its event while the database answers."""
    bench = Bench(pool)

    async def before(event: Event, db: Connection) -> None:
        if event.envelope.id == event_id(1, 1):
            arguments = [2**40] if "$1" in problem else []
            await db.execute(problem, *arguments, timeout=None if "set" in problem else 0.02)

    bench.before = before
    async with asyncio.timeout(20):
        await bench.take(record(1, 1, 0), record(2, 1, 1))

    assert (await bench.order(), await bench.kept()) == ({key(2): [1]}, {0: "exhausted"})


async def test_a_waiting_event_follows_its_predecessor_in_a_failing_poll(pool: Pool, quick: None) -> None:
    """It is applied after its predecessor, even if another event of that poll fails."""
    bench = Bench(pool, before=failing(event_id(2, 1), by=lambda: Invalid(reason="broken")))
    await bench.take(record(1, 2, 0), record(1, 3, 1))

    async with asyncio.timeout(20):
        await bench.take(record(1, 1, 2), record(2, 1, 3))

    assert (await bench.order(), await bench.kept()) == ({key(1): [1, 2, 3]}, {3: "parked"})


async def test_a_failing_waiting_event_does_not_affect_its_predecessor(pool: Pool, quick: None) -> None:
    """A waiting event that breaks a rule is parked; its predecessor is applied, and its successors are kept."""
    bench = Bench(pool, before=failing(event_id(1, 2), by=lambda: Invalid(reason="broken")))
    await bench.take(record(1, 2, 0), record(1, 3, 1))

    async with asyncio.timeout(20):
        await bench.take(record(1, 1, 2))

    assert (await bench.order(), await bench.kept()) == ({key(1): [1]}, {0: "parked", 1: "parked"})


async def test_a_broken_state_after_the_newest_one_is_kept(pool: Pool) -> None:
    """On a topic of whole states, a newer state replaces older dead letters and never later ones."""
    bench = Bench(pool)
    await bench.take(record(1, 1, 0, event=state(1), value=b"{"))

    await bench.take(record(1, 2, 1, event=state(1)), record(1, 3, 2, event=state(1), value=b"{"))

    assert (await bench.order(), await bench.kept()) == ({key(1): [2]}, {2: "parked"})


async def test_policies_take_a_poll_in_chunks(pool: Pool) -> None:
    """A policy's poll is split into transactions of at most 50 events."""

    async def decide(event: OrganisationEvent, work: UnitOfWork) -> None: ...

    bench = Bench(pool)
    rules = Consumer("rules", policies=[policy(decide)])

    await bench.runner(rules).take([record(n, 1, n) for n in range(120)])

    assert [len(call) for call in bench.calls] == [50, 50, 20]
    assert await bench.next() == 120


async def test_two_consumers_in_a_deadlock_both_succeed(pool: Pool) -> None:
    """One of them is retried, and both events are applied once."""
    await pool.execute("create table pair (id int primary key); insert into pair values (1), (2)")
    locked = {1: asyncio.Event(), 2: asyncio.Event()}

    def locking(first: int, second: int) -> Before:
        async def before(event: Event, db: Connection) -> None:
            await db.execute("select from pair where id = $1 for update", first)
            locked[first].set()
            await locked[second].wait()
            await db.execute("select from pair where id = $1 for update", second)

        return before

    benches = [Bench(pool, before=locking(1, 2)), Bench(pool, before=locking(2, 1))]
    async with asyncio.timeout(20):
        await asyncio.gather(*(bench.take(record(1, 1, 0)) for bench in benches))

    assert [await bench.order() for bench in benches] == [{key(1): [1]}] * 2
    assert [await bench.kept() for bench in benches] == [{}] * 2
    assert sum(len(bench.calls) for bench in benches) > 2


async def test_a_lost_connection_does_not_count_as_an_attempt(
    pool: Pool, quick: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Even if the connection is lost more often than an event may fail, every event is applied."""
    monkeypatch.setattr(kit, "ATTEMPTS", 2)
    bench, ended = Bench(pool), list[int]()

    async def before(event: Event, db: Connection) -> None:
        if event.envelope.id == event_id(1, 1) and len(ended) < 4:
            ended.append(await db.fetchval("select pg_backend_pid()"))
            await db.execute("select pg_terminate_backend(pg_backend_pid())")

    bench.before = before
    await bench.take(record(1, 1, 0), record(2, 1, 1), record(1, 2, 2))

    assert (await bench.order(), await bench.kept()) == ({key(1): [1, 2], key(2): [1]}, {})
    assert (len(set(ended)), await bench.next()) == (4, 3)


@pytest.mark.parametrize("culprit", [False, True])
async def test_a_zombie_and_its_successor_apply_each_event_once(pool: Pool, quick: None, culprit: bool) -> None:
    """Runners that take the same records at once apply each event once, even when they retry event by event."""
    bench = Bench(pool)
    broken = failing(event_id(3, 1), by=lambda: Invalid(reason="broken")) if culprit else None

    async def before(event: Event, db: Connection) -> None:
        await asyncio.sleep(0)
        if broken:
            await broken(event, db)

    bench.before = before
    poll = [record(n, s, (n - 1) * 3 + s - 1) for n in (1, 2, 3) for s in (1, 2, 3)]
    await asyncio.gather(*(bench.runner().take(poll) for _ in range(3)))

    expected = {key(1): [1, 2, 3], key(2): [1, 2, 3]} | ({} if culprit else {key(3): [1, 2, 3]})
    assert await bench.order() == expected
    assert await bench.kept() == ({6: "parked", 7: "parked", 8: "parked"} if culprit else {})


@pytest.mark.parametrize("seed", range(12))
async def test_any_delivery_with_any_failures_has_the_same_outcome(pool: Pool, quick: None, seed: int) -> None:
    """Despite delays, redeliveries, broken bodies and temporary failures, each event is applied in order or kept."""
    dice, broken = random.Random(seed), {1: 3, 4: 2}
    events = [(n, s) for n in range(1, 7) for s in range(1, 5)]
    came = dice.sample(events, len(events)) + dice.choices(events, k=10)
    records = [_one(event, offset, broken) for offset, event in enumerate(came)]
    passing = failing(event_id(2, 2), event_id(5, 1), by=lambda: RuntimeError("later"), times=2)
    ruled = failing(event_id(3, 3), by=lambda: Invalid(reason="never"))

    async def before(event: Event, db: Connection) -> None:
        await passing(event, db)
        await ruled(event, db)

    bench, start = Bench(pool, before=before), 0
    while start < len(records):
        end = start + dice.randint(1, 12)
        await asyncio.gather(*(bench.take(*records[start:end]) for _ in range(dice.randint(1, 2))))
        start = end

    ends = broken | {3: 3}
    expected = {key(n): list(range(1, ends.get(n, 5))) for n in range(1, 7)}
    assert await bench.order() == expected
    ids = {row["event_id"] for row in await _letters(pool, bench.name)}
    assert ids == {event_id(n, s) for n, s in events if s >= ends.get(n, 5)}
    assert {row["state"] for row in await _letters(pool, bench.name)} == {"parked"}


def _one(event: tuple[int, int], offset: int, broken: dict[int, int]) -> Record:
    raw: dict[str, Any] = {"value": b"{"} if broken.get(event[0]) == event[1] else {}
    return record(*event, offset, **raw)


async def _letters(pool: Pool, name: str) -> list[Any]:
    return await pool.fetch("select event_id, state from dead_letter where consumer = $1", name)
