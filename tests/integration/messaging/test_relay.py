"""The relay on a separate Kafka: every row of the outbox arrives, in order for each key, whatever fails meanwhile."""

import asyncio
import time
from collections.abc import AsyncGenerator
from datetime import timedelta
from pathlib import Path
from typing import ClassVar

import pytest
from aiokafka.errors import ProducerFenced
from aiokafka.producer.message_accumulator import BatchBuilder

from local import Kafka, Registry
from shared.messaging import lease, relay
from shared.messaging.outbox import Pool
from shared.messaging.producer import Producer
from tests.harness.installation import until
from tests.integration.messaging.clients import tasks
from tests.integration.messaging.relaying import Route, by_key, first_occurrences, make_topic, running_lanes

KEYS = [f"key {number}" for number in range(20)]


@pytest.fixture(scope="module")
async def kafka(tmp_path_factory: pytest.TempPathFactory) -> AsyncGenerator[Kafka]:
    """A broker that these tests may pause, stop and start."""
    state: Path = tmp_path_factory.mktemp("relay")
    part = Kafka(Registry(state), 21092, lambda text, share: None)
    await part.start()
    try:
        yield part
    finally:
        part.resume()
        await part.stop()


@pytest.fixture
def short(monkeypatch: pytest.MonkeyPatch) -> None:
    """Makes a lease short."""
    monkeypatch.setattr("shared.messaging.lease.LEASE", 1.0)
    monkeypatch.setattr("shared.messaging.lease.MARGIN", 0.2)


@pytest.fixture
async def route(kafka: Kafka, pool: Pool) -> Route:
    """An empty topic with an empty outbox."""
    return Route(kafka.address, pool, await make_topic(kafka.address))


async def test_events_of_a_key_arrive_in_the_order_they_were_committed(route: Route) -> None:
    """Every row arrives once, in order for each key, and leaves the outbox."""
    for sequence in range(1, 31):
        await asyncio.gather(*(route.write(key, sequence) for key in KEYS))

    async with running_lanes(route.lane()):
        await route.emptied()

    assert by_key(await route.arrived()) == {key: list(range(1, 31)) for key in KEYS}
    assert (route.counts.sent, route.counts.failures) == (600, [])


async def test_a_permanently_refused_row_blocks_only_its_key(kafka: Kafka, pool: Pool) -> None:
    """If Kafka refuses a record permanently its key is stuck; every other key continues, at once and later."""
    route = Route(kafka.address, pool, await make_topic(kafka.address, {"max.message.bytes": "20000"}))
    await route.write("stuck", 1)
    await route.write("stuck", 2, size=50_000)
    await route.write("stuck", 3)
    for key in KEYS:
        await route.write(key, 1, 2)

    async with running_lanes(route.lane()):
        await route.emptied(2)
        await asyncio.gather(route.write("stuck", 4), *(route.write(key, 3) for key in KEYS))
        await route.emptied(3)

    assert by_key(await route.arrived()) == {"stuck": [1]} | {key: [1, 2, 3] for key in KEYS}
    assert await route.left() == [("stuck", 2), ("stuck", 3), ("stuck", 4)]
    rows = await pool.fetch("select key, reason from stuck where topic = $1", route.topic)
    assert [(row["key"], row["reason"].partition(":")[0]) for row in rows] == [("stuck", "MessageSizeTooLargeError")]


async def test_two_lanes_of_a_topic_respect_the_lease(route: Route) -> None:
    """Only one of two processes holds the lane, so nothing is sent twice; if it stops, the other takes over."""
    first, second = route.lane(), route.lane()

    async with running_lanes(second):
        async with running_lanes(first):
            for sequence in range(1, 16):
                await asyncio.gather(*(route.write(key, sequence) for key in KEYS))
        for sequence in range(16, 31):
            await asyncio.gather(*(route.write(key, sequence) for key in KEYS))
        await route.emptied()

    assert by_key(await route.arrived()) == {key: list(range(1, 31)) for key in KEYS}


class Late(Producer):
    """Holds each batch back until it is let go, and then sends it whatever time is left."""

    held: ClassVar[asyncio.Event]
    go: ClassVar[asyncio.Event]

    async def send(self, partition: int, batch: BatchBuilder, patience: float) -> None:
        """Sends late."""
        self.held.set()
        await self.go.wait()
        await super().send(partition, batch, 30)


async def test_what_a_stale_relay_sends_late_is_refused(route: Route, short: None) -> None:
    """A batch that its relay sends after another took the lane, and sent there, does not reach the topic."""
    Late.held, Late.go = asyncio.Event(), asyncio.Event()
    await route.write("key", 1)

    async with running_lanes(route.lane(Late)):
        await Late.held.wait()
        async with running_lanes(route.lane()):
            await route.emptied()
            await route.write("key", 2)
            await route.emptied()
            Late.go.set()
            await until(lambda: _failed(route), "the stale relay fails")

    assert await route.arrived() == [("key", 1), ("key", 2)]
    assert route.counts.failures[0] == "ProducerFenced"


async def test_an_older_producer_is_refused(route: Route) -> None:
    """A partition takes nothing from a producer once a newer one of its topic has sent there."""
    older, newer = Producer(route.kafka, route.topic, "older"), Producer(route.kafka, route.topic, "newer")
    try:
        for producer in (older, newer):
            await producer.start()
            await producer.send(0, producer.batches([("key", b"{}", [("ce_sequence", b"1")], 0)])[0], 10)

        with pytest.raises(ProducerFenced):
            await older.send(0, older.batches([("key", b"{}", [("ce_sequence", b"2")], 0)])[0], 10)
    finally:
        await older.cut_off()
        await newer.cut_off()

    assert await route.arrived() == [("key", 1), ("key", 1)]


async def test_a_send_ends_before_the_lease(kafka: Kafka, route: Route, short: None) -> None:
    """If Kafka stops answering, a lane gives its batch up within its lease, not after a time-out of the client's."""
    async with running_lanes(route.lane()):
        await route.write("key", 1)
        await route.emptied()
        kafka.pause()
        try:
            await route.write("key", 2)
            began = time.monotonic()
            await until(lambda: _failed(route), "the lane starts over")
            took = time.monotonic() - began
        finally:
            kafka.resume()
        await route.emptied()

    assert took < 5
    assert route.counts.failures[0] == "TimeoutError"


async def test_a_lane_left_behind_is_taken_over_whatever_the_clock_says(route: Route, short: None) -> None:
    """A lane whose owner died is taken over after the lease, which no clock of another machine decides."""
    await route.pool.execute("insert into lane (topic, owner) values ($1, gen_random_uuid())", route.topic)
    await route.write("key", 1)

    async with running_lanes(route.lane()):
        began = time.monotonic()
        await route.emptied()
        took = time.monotonic() - began

    assert took >= lease.LEASE - 0.2


async def test_a_standby_writes_nothing(route: Route) -> None:
    """A process that waits for a lane only reads its row, also while it is woken."""
    await route.pool.execute("insert into lane (topic, owner) values ($1, gen_random_uuid())", route.topic)
    row = "select ctid::text, xmin::text, xmax::text from lane where topic = $1"
    before = await route.pool.fetchrow(row, route.topic)
    lane = route.lane()

    async with running_lanes(lane):
        for _ in range(50):
            assert not lane.nudge()
            await asyncio.sleep(0.03)

    assert await route.pool.fetchrow(row, route.topic) == before


async def test_a_round_is_bounded_by_bytes(route: Route) -> None:
    """A round of large rows takes a few, and one larger than the bound alone."""
    await route.write("large", *range(1, 13), size=500_000)
    small = await route.pool.fetch(relay.READ, route.topic, relay.READ_ROWS, relay.READ_BYTES)
    one = await route.pool.fetch(relay.READ, route.topic, relay.READ_ROWS, 1000)

    assert ([row["sequence"] for row in small], len(one)) == ([1, 2, 3, 4, 5, 6, 7, 8, 9], 1)

    async with running_lanes(route.lane()):
        await route.emptied()

    assert by_key(await route.arrived()) == {"large": list(range(1, 13))}


async def test_a_late_commit_with_a_lower_id_is_sent(route: Route) -> None:
    """A row that commits after rows with higher ids were sent is still sent, before later ones of its key."""
    async with running_lanes(route.lane()), route.pool.acquire() as db:
        async with db.transaction():
            await route.write("late", 1, db=db)
            await route.write("other", 1, 2)
            await route.emptied()
        await route.write("late", 2)
        await route.emptied()

    assert by_key(await route.arrived()) == {"other": [1, 2], "late": [1, 2]}


async def test_a_row_dated_ahead_is_sent(route: Route) -> None:
    """A row from a clock two hours ahead blocks nothing, although Kafka refuses its timestamp."""
    await route.write("ahead", 1, ahead=timedelta(hours=2))
    for key in KEYS:
        await route.write(key, 1)

    async with running_lanes(route.lane()):
        await route.emptied()

    assert by_key(await route.arrived()) == {"ahead": [1]} | {key: [1] for key in KEYS}
    assert route.counts.failures == []


class Slow(Producer):
    """Takes longer to connect than a lane's lease lasts."""

    async def start(self) -> bool:
        """Connects after a while."""
        if connects := self._producer is None:
            await asyncio.sleep(1.2)
        return await super().start() or connects


async def test_a_slow_connection_to_kafka_is_waited_for(route: Route, short: None) -> None:
    """A lane whose lease expired while it connected renews the lease and sends on the same connection."""
    for key in KEYS:
        await route.write(key, 1, 2)

    async with running_lanes(route.lane(Slow)):
        await route.emptied()

    assert by_key(await route.arrived()) == {key: [1, 2] for key in KEYS}
    assert route.counts.failures == []


async def test_a_clean_stop_repeats_nothing(route: Route) -> None:
    """However often the relay is stopped while it works, each event arrives once."""
    for sequence in range(1, 31):
        await asyncio.gather(*(route.write(key, sequence, size=5_000) for key in KEYS))

    for pause in range(40):
        async with running_lanes(route.lane()):
            await asyncio.sleep(0.02 + pause * 0.003)
    async with running_lanes(route.lane()):
        await route.emptied()

    assert by_key(await route.arrived()) == {key: list(range(1, 31)) for key in KEYS}
    assert await route.pool.fetchval("select count(*) from lane where topic = $1", route.topic) == 0


async def test_a_stop_is_obeyed_at_any_moment(route: Route) -> None:
    """A stop is obeyed even if it comes within a few turns of the event loop of a nudge."""
    for turns in range(8):
        lane = route.lane()
        task = asyncio.create_task(lane.run())
        await asyncio.sleep(0.03)
        lane.nudge()
        for _ in range(turns):
            await asyncio.sleep(0)
        task.cancel()
        ended, _ = await asyncio.wait([task], timeout=5)
        assert ended == {task}, f"not after {turns} turns"


@pytest.mark.parametrize("stop_first", [False, True])
async def test_an_aborted_producer_leaves_no_task_behind(
    kafka: Kafka, route: Route, stop_first: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A producer aborted while Kafka hangs cannot send later, even after a stop that timed out."""
    monkeypatch.setattr("shared.messaging.producer.STOP_TIMEOUT", 0.5)
    producer = Producer(route.kafka, route.topic, "cut-off")
    before = tasks()
    await producer.start()
    await producer.send(0, producer.batches([("first", b"{}", [], 0)])[0], 30)
    kafka.pause()
    try:
        batches = [producer.batches([(key, b"{}", [], 0)])[0] for key in KEYS[:12]]
        sends = [asyncio.create_task(producer.send(number, batch, 30)) for number, batch in enumerate(batches)]
        await asyncio.sleep(0.3)
        while_sending = tasks() - before
        began = time.monotonic()
        await (producer.stop() if stop_first else producer.cut_off())
        took = time.monotonic() - began
        for send in sends:
            send.cancel()
        await asyncio.gather(*sends, return_exceptions=True)
    finally:
        kafka.resume()

    assert "Sender._send_produce_req" in while_sending
    assert (tasks() - before, took < 3) == (set(), True)


async def test_everything_arrives_in_order_after_kafka_is_killed(kafka: Kafka, route: Route) -> None:
    """After a kill under load and a restart nothing is lost, and first occurrences are in order."""
    stop = asyncio.Event()

    async def load() -> int:
        sequence = 0
        while not stop.is_set():
            sequence += 1
            await asyncio.gather(*(route.write(key, sequence) for key in KEYS))
            await asyncio.sleep(0.02)
        return sequence

    async with running_lanes(route.lane()):
        loading = asyncio.create_task(load())
        await until(lambda: _some_sent(route), "some records are sent")
        await kafka.kill()
        await asyncio.sleep(0.3)
        await kafka.start()
        stop.set()
        last = await loading
        await route.emptied()

    assert first_occurrences(await route.arrived()) == {key: list(range(1, last + 1)) for key in KEYS}


async def _some_sent(route: Route) -> bool:
    before = route.counts.sent
    await asyncio.sleep(0.1)
    return route.counts.sent > before


async def _failed(route: Route) -> bool:
    return bool(route.counts.failures)
