"""From Kafka to the consumer: a consumer continues at the offsets in Postgres, whatever Kafka has committed."""

import asyncio
import time
from collections.abc import Sequence
from typing import Any

import pytest
from aiokafka.protocol.fetch import FetchRequest

from shared.database.pool import open_pool
from shared.messaging import kafka
from shared.messaging.consumer import ConsumerRunner
from shared.messaging.dead_letter import Record
from shared.messaging.kafka import Subscription
from shared.messaging.outbox import Pool
from shared.messaging.producer import PARTITIONS
from tests.harness.installation import until
from tests.integration.messaging.scene import Bench
from tests.integration.messaging.subscribing import ALL, NUMBERS, Topic, reaches, says
from tests.unit.messaging.scene import FACTS, STATES, consumer, key


async def test_a_consumer_of_a_restored_database_continues_at_its_offsets(topic: Topic, pool: Pool) -> None:
    """If Postgres is behind Kafka's committed offsets, records are read again, even if no new one arrives."""
    bench = Bench(pool)
    await topic.write(1, 2, 3)
    async with topic.read_by(bench.runner()):
        await reaches(bench, ALL)
        await asyncio.sleep(0.5)  # until the offsets are committed to Kafka
    for table in ("offsets", "positions", "effect"):
        await pool.execute(f"delete from {table} where consumer = $1", bench.name)

    async with topic.read_by(bench.runner()):
        await reaches(bench, ALL)

    assert await bench.kept() == {}


class Fails(ConsumerRunner):
    """Fails on its first polls."""

    def __init__(self, bench: Bench, polls: int) -> None:
        runner = bench.runner()
        super().__init__(bench.pool, runner.consumer, bench.react)
        self.left = polls

    async def take(self, records: Sequence[Record]) -> None:
        """Raises while failures are left."""
        if self.left:
            self.left -= 1
            raise ConnectionError("the poll fails")
        await super().take(records)


async def test_a_failed_poll_is_read_again(topic: Topic, pool: Pool) -> None:
    """It is read again even if no new record arrives."""
    bench = Bench(pool)
    await topic.write(1, 2, 3)

    runner = Fails(bench, 2)
    async with topic.read_by(runner):
        await reaches(bench, ALL)

    assert runner.left == 0


async def test_a_rebalance_loses_and_repeats_nothing(topic: Topic, pool: Pool) -> None:
    """While processes of a group come and go under load, each event is applied once, in order."""
    bench = Bench(pool)

    async def come_and_go() -> None:
        for _ in range(2):
            async with topic.read_by(bench.runner()):
                await asyncio.sleep(1.5)

    async with topic.read_by(bench.runner()):
        coming = asyncio.create_task(come_and_go())
        for sequence in range(1, 13):
            await topic.write(sequence)
            await asyncio.sleep(0.2)
        await coming
        await reaches(bench, {key(number): list(range(1, 13)) for number in NUMBERS})

    assert await bench.kept() == {}


async def test_a_topic_that_lost_unread_records_is_refused(topic: Topic, pool: Pool) -> None:
    """A consumer refuses a topic that lost records it has yet to read, and reports it. One that had read them
    continues, and so does one that may start anywhere."""
    past, late, anywhere = Bench(pool), Bench(pool), Bench(pool)
    await topic.write(1, 2)
    async with topic.read_by(past.runner()):
        await reaches(past, {key(number): [1, 2] for number in NUMBERS})
    await topic.trim()
    await topic.write(3)

    async with topic.read_by(late.runner()) as (subscription,):
        await until(lambda: says(subscription, "was trimmed"), "it refuses the trimmed topic")
    async with topic.read_by(past.runner()):
        await reaches(past, ALL)
    async with topic.read_by(anywhere.runner(consumer(begins="anywhere"))):
        await reaches(anywhere, {key(number): [3] for number in NUMBERS})

    assert (await late.order(), await late.kept()) == ({}, {})


async def test_a_missing_database_is_reported_as_the_cause(topic: Topic) -> None:
    """A consumer that cannot read its offsets waits and reports the database, not Kafka."""
    away = await open_pool("postgresql://nobody:nothing@127.0.0.1:1/nowhere", application="tests")

    async with topic.read_by(Bench(away).runner()) as (subscription,):
        await until(lambda: says(subscription, "the database does not answer"), "it reports the database")

    away.terminate()


async def test_a_consumer_has_caught_up_once_the_initial_records_are_applied(topic: Topic, pool: Pool) -> None:
    """It has caught up at once if the topic was empty."""
    bench = Bench(pool)
    held = asyncio.Event()

    async def hold(*_: object) -> None:
        await held.wait()

    bench.before = hold
    await topic.write(1)

    async def caught_up() -> set[str]:
        rows = await pool.fetch("select topic from caught_up where consumer = $1", bench.name)
        return {row["topic"] for row in rows}

    async def first_poll_taken() -> bool:
        return bool(bench.calls)

    async def both() -> bool:
        return await caught_up() == {FACTS, STATES}

    async with topic.read_by(bench.runner()):
        await until(first_poll_taken, "the first poll is taken")
        before = await caught_up()
        held.set()
        await until(both, "both topics are caught up")

    assert FACTS not in before
    assert await bench.order() == {key(number): [1] for number in NUMBERS}


async def test_a_drained_consumer_fetches_rarely_and_answers_at_once(
    topic: Topic, pool: Pool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With nothing left to read, one fetch waits at Kafka, and the next record answers it long before its time."""
    monkeypatch.setattr(kafka, "REST_MS", 30_000)
    bench = Bench(pool)
    await topic.write(1)
    async with topic.read_by(bench.runner()) as (subscription,):
        await reaches(bench, {key(number): [1] for number in NUMBERS})
        sent = await _fetches(subscription)
        await until(lambda: _rests(sent), "its fetch is to wait at Kafka")
        before = len(sent)
        await asyncio.sleep(1)
        resting = len(sent) - before
        began = time.monotonic()
        await topic.write(2)
        await reaches(bench, {key(number): [1, 2] for number in NUMBERS})
        took = time.monotonic() - began

    # A partition that a fetch leaves out, because its records are being read, waits the short time once more.
    assert resting <= 2, sent
    assert took < 15


async def _fetches(subscription: Subscription) -> list[int]:
    """How long each fetch from now on may wait at Kafka, in ms; grows."""
    private: Any = subscription.client
    send, sent = private._client.send, list[int]()

    async def noted(node: int, request: Any, **options: Any) -> Any:
        answer = asyncio.ensure_future(send(node, request, **options))
        await asyncio.sleep(0)  # until it is on its way, with the time that it may wait
        if isinstance(request, FetchRequest):
            sent.append(request._max_wait_ms)  # pyright: ignore[reportPrivateUsage]
        return await answer

    private._client.send = noted
    return sent


async def _rests(sent: Sequence[int]) -> bool:
    return bool(sent) and sent[-1] == kafka.REST_MS


async def test_the_lag_includes_records_waiting_for_the_database(topic: Topic, pool: Pool) -> None:
    """It counts the records in Kafka that Postgres has not applied, wherever they are in between."""
    bench, held = Bench(pool), asyncio.Event()

    async def hold(*_: object) -> None:
        await held.wait()

    async def lags(records: int) -> bool:
        return sum(subscription.lag().values()) == records

    bench.before = hold
    await topic.write(1, 2, 3)
    async with topic.read_by(bench.runner()) as (subscription,):
        await until(lambda: _first_poll_taken(bench), "the first poll is taken")
        await until(lambda: lags(3 * len(NUMBERS)), "all records are still to be applied")
        held.set()
        await until(lambda: lags(0), "no record is left")

        async with topic.read_by(bench.runner()):
            await until(lambda: _assigned(subscription, PARTITIONS), "another process has half of the partitions")
            shared = subscription.lag()

    assert len(shared) == PARTITIONS
    assert set(shared.values()) == {0}


async def _first_poll_taken(bench: Bench) -> bool:
    return bool(bench.calls)


async def _assigned(subscription: Subscription, partitions: int) -> bool:
    return len(subscription.lag()) == partitions
