"""The relay on a separate Kafka: every row of the outbox arrives, in order for each key, whatever fails meanwhile."""

import asyncio
import time
from collections.abc import AsyncGenerator
from datetime import timedelta
from pathlib import Path

import pytest

from local import Kafka, Registry
from shared.messaging.outbox import Pool
from shared.messaging.producer import Producer
from tests.harness.installation import until
from tests.integration.messaging.clients import tasks
from tests.integration.messaging.relaying import Route, by_key, first_occurrences, make_topic, repeated, running_lanes

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


async def test_a_stale_relay_can_only_repeat_records(route: Route) -> None:
    """A lane that still sends after losing its lease only repeats records; first occurrences stay in order."""
    stale, owner = route.lane(), route.lane()

    async def rob() -> None:
        # Takes the lease away repeatedly, while both lanes believe that they hold it.
        while True:
            await route.pool.execute("update lane set until = now() - interval '1 s' where topic = $1", route.topic)
            for lane in (stale, owner):
                lane._until = time.monotonic() + 60  # pyright: ignore[reportPrivateUsage]
            await asyncio.sleep(0.01)

    robbing = asyncio.create_task(rob())
    async with running_lanes(stale, owner):
        for sequence in range(1, 31):
            await asyncio.gather(*(route.write(key, sequence) for key in KEYS))
            # Wakes both at once; otherwise, on an idle machine, one finishes before the other looks.
            for lane in (stale, owner):
                lane.nudge()
        await route.emptied()
    robbing.cancel()
    arrived = await route.arrived()

    assert first_occurrences(arrived) == {key: list(range(1, 31)) for key in KEYS}
    assert repeated(arrived) > 0


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


async def test_a_slow_connection_to_kafka_is_waited_for(route: Route, monkeypatch: pytest.MonkeyPatch) -> None:
    """A lane whose lease expired while it connected renews the lease and sends on the same connection."""
    monkeypatch.setattr("shared.messaging.relay.LEASE", 1.0)
    monkeypatch.setattr("shared.messaging.relay.MARGIN", 0.2)
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
    await producer.send(0, producer.batches([("first", b"{}", [], 0)])[0])
    kafka.pause()
    try:
        batches = [producer.batches([(key, b"{}", [], 0)])[0] for key in KEYS[:12]]
        sends = [asyncio.create_task(producer.send(number, batch)) for number, batch in enumerate(batches)]
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
