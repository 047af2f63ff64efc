"""When Kafka or its client fails, the consumer reports it, loses nothing, and recovers without help where it can."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest
from aiokafka import AIOKafkaConsumer

from shared.messaging import kafka as kit
from shared.messaging.consumer import ConsumerRunner
from shared.messaging.dead_letter import Record
from shared.messaging.outbox import Pool
from shared.messaging.producer import PARTITIONS
from tests.harness.installation import until
from tests.integration.messaging.clients import kill, tasks
from tests.integration.messaging.scene import Bench
from tests.integration.messaging.subscribing import ALL, NUMBERS, Topic, reaches, says, says_nothing
from tests.unit.messaging.scene import FACTS, key, record


async def test_a_topic_that_has_lost_read_records_is_refused(topic: Topic, pool: Pool) -> None:
    """A consumer refuses and reports a topic that ends before the offset it has read to. It skips nothing, and
    continues once Kafka is complete again."""
    bench = Bench(pool)
    await topic.write(1)
    await pool.executemany(
        "insert into offsets values ($1, $2, $3, 1000)", [(bench.name, FACTS, number) for number in range(PARTITIONS)]
    )

    async with topic.read_by(bench.runner()) as (subscription,):
        await until(lambda: says(subscription, "Kafka has lost"), "it refuses the shorter topic")
        await topic.write(2)
        await asyncio.sleep(1)
        refused = (await bench.order(), await bench.next(), subscription.trouble)
        await pool.execute("update offsets set next = 0 where consumer = $1", bench.name)
        await reaches(bench, {key(number): [1, 2] for number in NUMBERS})

    assert refused[:2] == ({}, 1000)
    assert "ends at offset" in str(refused[2])
    assert "has read to 1000" in str(refused[2])


@pytest.mark.parametrize("gzip", [False, True])
async def test_a_header_name_that_is_not_utf8_blocks_nothing(topic: Topic, pool: Pool, gzip: bool) -> None:
    """A header name may contain any bytes: the record is applied if its envelope can be read, and parked if not. The
    other records of the batch and all other keys are applied."""
    bench, one = Bench(pool), key(1)
    await topic.write(1)
    strange = [(name.replace("ce_id", "ce_\xefd"), value) for name, value in record(1, 2, 0).headers]
    await topic.write_foreign(
        record(1, 2, 0),
        Record(FACTS, 0, 0, str(one).encode(), b"{}", strange),
        with_header(record(1, 3, 0), "\xfcber", b"x"),
        with_header(record(1, 4, 0), "null", None),
        gzip=gzip,
    )
    await topic.write(5)

    async with topic.read_by(bench.runner()) as (subscription,):
        await until(lambda: _applied(bench, one, [1, 2, 3, 4, 5]), "its key continues")
        await until(lambda: _waiting(bench, len(NUMBERS) - 1), "the other keys have been read")
        trouble = subscription.trouble

    kept = await pool.fetch("select * from dead_letter where consumer = $1 and key = $2", bench.name, str(one))
    assert trouble is None
    assert [(row["sequence"], row["state"], row["reason"]) for row in kept] == [
        (None, "parked", "the header ce_id is missing")
    ]
    assert "ce_?d" in kept[0]["headers"]


class Hangs(ConsumerRunner):
    """A consumer that hangs in the first poll after `bench` has applied an event."""

    def __init__(self, bench: Bench) -> None:
        runner = bench.runner()
        super().__init__(bench.pool, runner.consumer, bench.react)
        self.bench = bench

    async def take(self, records: Sequence[Record]) -> None:
        """Applies the poll, or hangs."""
        if self.bench.calls:
            await asyncio.sleep(3600)
        await super().take(records)


async def test_a_process_that_hangs_after_such_a_header_loses_its_partitions(
    topic: Topic, pool: Pool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A process that hangs after reading a header name that is not UTF-8 loses its partitions to another one."""
    monkeypatch.setattr(kit, "MAX_POLL_INTERVAL_MS", 1000)
    bench = Bench(pool)
    other = Bench(pool, name=bench.name)
    await topic.write_foreign(with_header(record(1, 1, 0), "\xfcber", b"x"), gzip=False)

    async with topic.read_by(Hangs(bench)):
        await reaches(bench, {key(1): [1]})
        await topic.write_foreign(record(1, 2, 0), gzip=False)
        async with topic.read_by(other.runner()):
            await reaches(other, {key(1): [1, 2]})


def with_header(record: Record, name: str, value: bytes | None) -> Record:
    """The same record with one more header."""
    headers: Any = [*record.headers, (name, value)]
    return replace(record, headers=headers)


async def _waiting(bench: Bench, records: int) -> bool:
    rows = await bench.pool.fetch("select from dead_letter where consumer = $1 and state = 'waiting'", bench.name)
    return len(rows) == records


async def _applied(bench: Bench, key: UUID, sequences: list[int]) -> bool:
    return (await bench.order()).get(key) == sequences


async def test_recreated_topics_are_detected_while_it_runs(topic: Topic, pool: Pool) -> None:
    """If Kafka loses its topics while a consumer runs, the consumer does not skip the next events as duplicates."""
    bench = Bench(pool)
    await topic.write(1, 2, 3)

    async with topic.read_by(bench.runner()) as (subscription,):
        await reaches(bench, ALL)
        await topic.recreate()
        await topic.write(4)
        await until(lambda: says(subscription, "Kafka has lost"), "it detects the loss")

    assert (await bench.order(), await bench.kept()) == (ALL, {})


@pytest.mark.parametrize("part", ["fetcher", "coordinator"])
async def test_a_dead_client_is_reported_and_replaced(topic: Topic, pool: Pool, part: str) -> None:
    """If a task of the Kafka client dies, the consumer reports it and replaces the client, leaving no task behind."""
    bench, before = Bench(pool), tasks()
    await topic.write(1, 2)

    async with topic.read_by(bench.runner()) as (subscription,):
        await reaches(bench, {key(number): [1, 2] for number in NUMBERS})
        kill(subscription.client, part)
        await topic.write(3)
        await until(lambda: says(subscription, "a bug of the library"), "it reports the reason")
        reported = subscription.trouble or ""
        await reaches(bench, ALL)
        await until(lambda: says_nothing(subscription), "it has recovered")

    assert FACTS in reported
    assert await bench.kept() == {}
    assert tasks() == before


async def test_an_unforeseen_error_is_reported(topic: Topic, pool: Pool, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is reported like any other, and the consumer restarts."""
    bench, healthy = Bench(pool), kit.read_offsets

    async def fail(*_: object) -> None:
        raise ValueError("an unforeseen error")

    monkeypatch.setattr(kit, "read_offsets", fail)
    await topic.write(1, 2, 3)

    async with topic.read_by(bench.runner()) as (subscription,):
        await until(lambda: says(subscription, "an unforeseen error"), "it reports the reason")
        monkeypatch.setattr(kit, "read_offsets", healthy)
        await reaches(bench, ALL)


async def test_a_session_cancels_its_commits(topic: Topic, pool: Pool, monkeypatch: pytest.MonkeyPatch) -> None:
    """No commit outlives its session, even while Kafka does not answer."""
    bench = Bench(pool)

    async def hang(*_: object) -> None:
        await asyncio.sleep(3600)

    monkeypatch.setattr(AIOKafkaConsumer, "commit", hang)
    await topic.write(1)
    async with topic.read_by(bench.runner()):
        await reaches(bench, {key(number): [1] for number in NUMBERS})
        await until(_commits, "a commit is in progress")

    assert not await _commits()


async def _commits() -> bool:
    coroutines: list[Any] = [task.get_coro() for task in asyncio.all_tasks()]
    return "Subscription._commit" in [one.__qualname__ for one in coroutines if one is not None]
