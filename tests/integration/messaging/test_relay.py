"""The relay on a Kafka of its own: what is in the outbox arrives, in order of each key, whatever happens on the way."""

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
from tests.integration.messaging.relaying import Way, by_key, first_occurrences, going, make_topic, repeated

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
async def way(kafka: Kafka, pool: Pool) -> Way:
    """A topic with nothing on it and nothing on its way."""
    return Way(kafka.address, pool, await make_topic(kafka.address))


async def test_events_of_a_key_arrive_in_the_order_they_were_committed(way: Way) -> None:
    """What is in the outbox arrives once, each key's in order, and leaves the outbox."""
    for sequence in range(1, 31):
        await asyncio.gather(*(way.write(key, sequence) for key in KEYS))

    async with going(way.lane()):
        await way.emptied()

    assert by_key(await way.arrived()) == {key: list(range(1, 31)) for key in KEYS}
    assert (way.told.sent, way.told.failures) == (600, [])


async def test_a_row_that_is_refused_for_good_stops_only_its_key(kafka: Kafka, pool: Pool) -> None:
    """A record that Kafka will never take makes its key stuck, in order; every other key goes on, also afterwards."""
    way = Way(kafka.address, pool, await make_topic(kafka.address, {"max.message.bytes": "20000"}))
    await way.write("stuck", 1)
    await way.write("stuck", 2, size=50_000)
    await way.write("stuck", 3)
    for key in KEYS:
        await way.write(key, 1, 2)

    async with going(way.lane()):
        await way.emptied(2)
        await asyncio.gather(way.write("stuck", 4), *(way.write(key, 3) for key in KEYS))
        await way.emptied(3)

    assert by_key(await way.arrived()) == {"stuck": [1]} | {key: [1, 2, 3] for key in KEYS}
    assert await way.left() == [("stuck", 2), ("stuck", 3), ("stuck", 4)]
    rows = await pool.fetch("select key, reason from stuck where topic = $1", way.topic)
    assert [(row["key"], row["reason"].partition(":")[0]) for row in rows] == [("stuck", "MessageSizeTooLargeError")]


async def test_two_lanes_of_a_topic_respect_the_lease(way: Way) -> None:
    """Of two processes one holds the lane, so nothing is sent twice; at its clean stop the other takes over."""
    first, second = way.lane(), way.lane()

    async with going(second):
        async with going(first):
            for sequence in range(1, 16):
                await asyncio.gather(*(way.write(key, sequence) for key in KEYS))
        for sequence in range(16, 31):
            await asyncio.gather(*(way.write(key, sequence) for key in KEYS))
        await way.emptied()

    assert by_key(await way.arrived()) == {key: list(range(1, 31)) for key in KEYS}


async def test_a_stale_relay_can_only_repeat(way: Way) -> None:
    """A lane that still sends when its lease went to another repeats, and first occurrences stay in order."""
    stale, owner = way.lane(), way.lane()

    async def rob() -> None:
        # The lease is taken from whoever holds it, again and again, while both believe that they have it.
        while True:
            await way.pool.execute("update lane set until = now() - interval '1 s' where topic = $1", way.topic)
            for lane in (stale, owner):
                lane._until = time.monotonic() + 60  # pyright: ignore[reportPrivateUsage]
            await asyncio.sleep(0.01)

    robbing = asyncio.create_task(rob())
    async with going(stale, owner):
        for sequence in range(1, 31):
            await asyncio.gather(*(way.write(key, sequence) for key in KEYS))
            # Both look in the same moment: by themselves, on a quiet machine, one is done before the other looks.
            for lane in (stale, owner):
                lane.nudge()
        await way.emptied()
    robbing.cancel()
    arrived = await way.arrived()

    assert first_occurrences(arrived) == {key: list(range(1, 31)) for key in KEYS}
    assert repeated(arrived) > 0


async def test_a_late_commit_with_a_lower_id_is_sent(way: Way) -> None:
    """A row whose transaction commits after rows with higher ids were sent is sent then, before later ones of its
    key."""
    async with going(way.lane()), way.pool.acquire() as db:
        async with db.transaction():
            await way.write("late", 1, db=db)
            await way.write("other", 1, 2)
            await way.emptied()
        await way.write("late", 2)
        await way.emptied()

    assert by_key(await way.arrived()) == {"other": [1, 2], "late": [1, 2]}


async def test_a_row_that_is_dated_ahead_is_sent(way: Way) -> None:
    """A row from a clock that is two hours ahead holds up nothing, though Kafka takes no such date."""
    await way.write("ahead", 1, ahead=timedelta(hours=2))
    for key in KEYS:
        await way.write(key, 1)

    async with going(way.lane()):
        await way.emptied()

    assert by_key(await way.arrived()) == {"ahead": [1]} | {key: [1] for key in KEYS}
    assert way.told.failures == []


class Slow(Producer):
    """Takes longer to connect than a lane's lease lasts."""

    async def start(self) -> bool:
        """Connects in the end."""
        if connects := self._producer is None:
            await asyncio.sleep(1.2)
        return await super().start() or connects


async def test_a_kafka_that_connects_slowly_is_waited_for(way: Way, monkeypatch: pytest.MonkeyPatch) -> None:
    """A lane whose lease ran out while it connected takes it again, and sends by the connection that it has."""
    monkeypatch.setattr("shared.messaging.relay.LEASE", 1.0)
    monkeypatch.setattr("shared.messaging.relay.MARGIN", 0.2)
    for key in KEYS:
        await way.write(key, 1, 2)

    async with going(way.lane(Slow)):
        await way.emptied()

    assert by_key(await way.arrived()) == {key: [1, 2] for key in KEYS}
    assert way.told.failures == []


async def test_a_clean_stop_repeats_nothing(way: Way) -> None:
    """However often the relay is stopped in the middle of its work, each event arrives once."""
    for sequence in range(1, 31):
        await asyncio.gather(*(way.write(key, sequence, size=5_000) for key in KEYS))

    for pause in range(40):
        async with going(way.lane()):
            await asyncio.sleep(0.02 + pause * 0.003)
    async with going(way.lane()):
        await way.emptied()

    assert by_key(await way.arrived()) == {key: list(range(1, 31)) for key in KEYS}
    assert await way.pool.fetchval("select count(*) from lane where topic = $1", way.topic) == 0


async def test_a_stop_is_heard_at_whatever_moment(way: Way) -> None:
    """A stop that comes together with news of the outbox, before or after it by a few turns of the loop, is obeyed."""
    for turns in range(8):
        lane = way.lane()
        task = asyncio.create_task(lane.run())
        await asyncio.sleep(0.03)
        lane.nudge()
        for _ in range(turns):
            await asyncio.sleep(0)
        task.cancel()
        ended, _ = await asyncio.wait([task], timeout=5)
        assert ended == {task}, f"not after {turns} turns"


@pytest.mark.parametrize("stop_first", [False, True])
async def test_nothing_of_a_producer_that_was_cut_off_can_still_send(
    kafka: Kafka, way: Way, stop_first: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A producer that is cut off while Kafka hangs leaves no task behind, also after a stop that ran out of time."""
    monkeypatch.setattr("shared.messaging.producer.STOP_TIMEOUT", 0.5)
    producer = Producer(way.kafka, way.topic, "cut-off")
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


async def test_all_arrives_in_order_when_kafka_is_killed_and_started(kafka: Kafka, way: Way) -> None:
    """Kafka is killed under load and started again: all arrives, and first occurrences are in order."""
    stop = asyncio.Event()

    async def load() -> int:
        sequence = 0
        while not stop.is_set():
            sequence += 1
            await asyncio.gather(*(way.write(key, sequence) for key in KEYS))
            await asyncio.sleep(0.02)
        return sequence

    async with going(way.lane()):
        loading = asyncio.create_task(load())
        await until(lambda: _some_sent(way), "something is sent")
        await kafka.kill()
        await asyncio.sleep(0.3)
        await kafka.start()
        stop.set()
        last = await loading
        await way.emptied()

    assert first_occurrences(await way.arrived()) == {key: list(range(1, last + 1)) for key in KEYS}


async def _some_sent(way: Way) -> bool:
    before = way.told.sent
    await asyncio.sleep(0.1)
    return way.told.sent > before
