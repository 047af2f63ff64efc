"""Timers: each fires once, even if the service was down when it fell due, and one that fails blocks no other."""

import asyncio
from collections import Counter
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import asyncpg
import pytest

from shared.messaging.outbox import Connection, Pool
from shared.messaging.timer import DueTimer, Fire, fire_next, keep_timers
from tests.harness.installation import until
from tests.harness.parts import Addresses

NOW = datetime(2026, 12, 1, 12, tzinfo=UTC)
YESTERDAY, LAST_MONTH, TOMORROW = NOW - timedelta(days=1), NOW - timedelta(days=30), NOW + timedelta(days=1)
WAITING = """select exists (select from pg_stat_activity
    where datname = current_database() and wait_event_type = 'Lock')"""


@pytest.fixture(scope="module")
async def pool(pool: Pool) -> Pool:
    """The pool, with a table of the timers that fired."""
    await pool.execute("create table fired (kind text, aggregate_id uuid, at timestamptz)")
    return pool


@pytest.fixture
def kind() -> str:
    """A kind of timer unique to one test."""
    return f"kind-{uuid4()}"


async def note(due: DueTimer, db: Connection) -> None:
    """The effect: a row each time a timer fires."""
    await db.execute("insert into fired values ($1, $2, $3)", due.kind, due.aggregate_id, due.at)


async def set_timers(pool: Pool, kind: str, *dues: datetime) -> list[UUID]:
    """Sets a timer of a new aggregate for each moment."""
    ids = [uuid4() for _ in dues]
    async with pool.acquire() as db:
        for id, due in zip(ids, dues, strict=True):
            await keep_timers(db, id, {kind: due})
    return ids


async def fire_all(pool: Pool, kind: str, fire: Fire = note, now: datetime = NOW) -> None:
    """Fires timers until none is due, as the worker does."""
    async with asyncio.timeout(20):
        while await fire_next(pool, {kind: fire}, now):
            pass


async def fired(pool: Pool, kind: str) -> list[tuple[UUID, datetime]]:
    """The timers that fired, and when they were due."""
    rows = await pool.fetch("select aggregate_id, at from fired where kind = $1 order by at", kind)
    return [(row["aggregate_id"], row["at"]) for row in rows]


async def left(pool: Pool, kind: str) -> dict[UUID, tuple[datetime, int]]:
    """The timers still set: when they are due, and how often they failed."""
    rows = await pool.fetch("select * from timer where kind = $1", kind)
    return {row["aggregate_id"]: (row["due"], row["attempts"]) for row in rows}


async def retried(pool: Pool, kind: str) -> list[datetime]:
    """When failed timers are retried."""
    rows = await pool.fetch("select retry_at from timer where kind = $1 and attempts > 0", kind)
    return [row["retry_at"] for row in rows]


async def test_concurrent_workers_fire_each_timer_once(pool: Pool, kind: str) -> None:
    """This holds however many processes look at the same time."""
    ids = await set_timers(pool, kind, *[YESTERDAY] * 30)

    async def slowly(due: DueTimer, db: Connection) -> None:
        await note(due, db)
        await asyncio.sleep(0.002)

    await asyncio.gather(*(fire_all(pool, kind, slowly) for _ in range(4)))

    assert Counter(id for id, _ in await fired(pool, kind)) == dict.fromkeys(ids, 1)
    assert await left(pool, kind) == {}


async def test_a_timer_that_fell_due_while_the_service_was_down_fires_later(pool: Pool, kind: str) -> None:
    """Past timers fire now, the oldest first, with the time they were due; tomorrow's timer does not fire."""
    ids = await set_timers(pool, kind, YESTERDAY, LAST_MONTH, TOMORROW)

    await fire_all(pool, kind)

    assert await fired(pool, kind) == [(ids[1], LAST_MONTH), (ids[0], YESTERDAY)]
    assert await left(pool, kind) == {ids[2]: (TOMORROW, 0)}


async def test_a_failing_timer_is_retried_later_and_blocks_no_other(pool: Pool, kind: str) -> None:
    """It has no effect, stays due, and is retried with growing pauses; other timers fire."""
    broken, sound = await set_timers(pool, kind, LAST_MONTH, YESTERDAY)

    async def fire(due: DueTimer, db: Connection) -> None:
        await note(due, db)
        if due.aggregate_id == broken:
            raise RuntimeError("not yet")

    await fire_all(pool, kind, fire)
    first = await left(pool, kind), await retried(pool, kind)
    await fire_all(pool, kind, fire, NOW + timedelta(seconds=1))
    second = await left(pool, kind), await retried(pool, kind)
    await fire_all(pool, kind, note, NOW + timedelta(minutes=10))

    assert first == ({broken: (LAST_MONTH, 1)}, [NOW + timedelta(seconds=1)])
    assert second == ({broken: (LAST_MONTH, 2)}, [NOW + timedelta(seconds=1 + 2)])
    assert await fired(pool, kind) == [(broken, LAST_MONTH), (sound, YESTERDAY)]
    assert await left(pool, kind) == {}


async def test_a_timer_set_again_by_its_effect_stays_set(pool: Pool, kind: str) -> None:
    """An effect that sets its own kind of timer again leaves it set."""
    (id,) = await set_timers(pool, kind, YESTERDAY)

    async def again(due: DueTimer, db: Connection) -> None:
        await keep_timers(db, due.aggregate_id, {due.kind: TOMORROW})

    await fire_all(pool, kind, again)

    assert await left(pool, kind) == {id: (TOMORROW, 0)}


async def test_a_timer_due_again_at_the_same_moment_fires_once(pool: Pool, kind: str) -> None:
    """It does not repeat for ever."""
    (id,) = await set_timers(pool, kind, YESTERDAY)

    async def leave(due: DueTimer, db: Connection) -> None:
        await note(due, db)
        await keep_timers(db, due.aggregate_id, {due.kind: YESTERDAY})

    await fire_all(pool, kind, leave)

    assert (await fired(pool, kind), await left(pool, kind)) == ([(id, YESTERDAY)], {})


@pytest.mark.parametrize("refused", ["the timer", "the use case"])
async def test_a_timer_moved_while_it_fires_stays_moved(
    addresses: Addresses, pool: Pool, kind: str, refused: str
) -> None:
    """A use case moves a timer that is firing, and holds the aggregate that the timer needs: Postgres refuses the one
    that completes the deadlock. If that is the timer, it stays moved; if it is the use case, the timer has fired."""
    (id,) = await set_timers(pool, kind, YESTERDAY)
    await pool.execute("create table if not exists aggregate (id uuid primary key)")
    await pool.execute("insert into aggregate values ($1)", id)
    await allow_deadlock_timeout(addresses)
    aggregate_held, timer_held = asyncio.Event(), asyncio.Event()

    async def last_if(last: bool, db: Connection) -> None:
        """The last one looks for a deadlock at once, the other not before the test is over."""
        await db.execute("set local lock_timeout = '1min'")
        await db.execute(f"set local deadlock_timeout = '{'1ms' if last else '1min'}'")
        if last:
            await until(lambda: pool.fetchval(WAITING), "the other waits", 60)

    async def change() -> None:
        async with pool.acquire() as db, db.transaction():
            await db.execute("select from aggregate where id = $1 for update", id)
            aggregate_held.set()
            await timer_held.wait()
            await last_if(refused == "the use case", db)
            await keep_timers(db, id, {kind: TOMORROW})

    async def fire(due: DueTimer, db: Connection) -> None:
        timer_held.set()
        await last_if(refused == "the timer", db)
        await db.execute("select from aggregate where id = $1 for update", due.aggregate_id)

    changing = asyncio.ensure_future(change())
    await aggregate_held.wait()
    await fire_next(pool, {kind: fire}, NOW)
    (problem,) = await asyncio.gather(changing, return_exceptions=True)

    assert (type(problem), await left(pool, kind)) == {
        "the timer": (type(None), {id: (TOMORROW, 0)}),
        "the use case": (asyncpg.DeadlockDetectedError, {}),
    }[refused]


async def allow_deadlock_timeout(addresses: Addresses) -> None:
    """Allows the owner's role to set its deadlock timeout, as only a superuser may by default."""
    admin = await asyncpg.connect(addresses.postgres)
    try:
        await admin.execute("grant set on parameter deadlock_timeout to exchanges_owner")
    finally:
        await admin.close()


async def test_a_process_that_dies_while_firing_loses_no_timer(pool: Pool, kind: str) -> None:
    """If the connection breaks during the effect, the timer is still set, and fires once later."""
    (id,) = await set_timers(pool, kind, YESTERDAY)

    async def die(due: DueTimer, db: Connection) -> None:
        await note(due, db)
        await db.execute("select pg_terminate_backend(pg_backend_pid())")

    with suppress(asyncpg.InterfaceError):
        await fire_next(pool, {kind: die}, NOW)
    await fire_all(pool, kind, now=NOW + timedelta(minutes=1))

    assert [found for found, _ in await fired(pool, kind)] == [id]


async def test_timers_follow_the_due_times_of_their_aggregate(pool: Pool, kind: str) -> None:
    """A timer that is no longer due is dropped; one that is due at another moment is moved."""
    dropped, moved = await set_timers(pool, kind, TOMORROW, TOMORROW)

    async with pool.acquire() as db:
        await keep_timers(db, dropped, {})
        await keep_timers(db, moved, {kind: YESTERDAY})

    assert await left(pool, kind) == {moved: (YESTERDAY, 0)}
