"""When Kafka or its client is in trouble: the consumer says so, loses nothing, and goes on by itself where it may."""

import asyncio
from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest
from aiokafka import AIOKafkaConsumer

from shared.messaging import kafka as kit
from shared.messaging.dead_letter import Record
from shared.messaging.kafka import Subscription
from shared.messaging.outbox import Pool
from shared.messaging.producer import PARTITIONS
from tests.harness.installation import until
from tests.integration.messaging.scene import Bench
from tests.integration.messaging.subscribing import ALL, NUMBERS, Topic, reaches, says, says_nothing
from tests.unit.messaging.scene import FACTS, key, record


async def test_a_kafka_that_lost_what_was_read_is_refused(topic: Topic, pool: Pool) -> None:
    """Where a topic ends before what a consumer has read of it, nothing is taken for a repetition: it takes nothing,
    says so, and goes on when Kafka is whole again."""
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
async def test_a_name_of_a_header_that_is_not_utf8_stops_nobody(topic: Topic, pool: Pool, gzip: bool) -> None:
    """A record whose header has a name of any bytes is kept where its envelope cannot be read, and applied where it
    can; what came with it in one batch is applied, and so are all other keys."""
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
        await until(lambda: _applied(bench, one, [1, 2, 3, 4, 5]), "its key goes on")
        await until(lambda: _waiting(bench, len(NUMBERS) - 1), "the other keys have been read")
        trouble = subscription.trouble

    kept = await pool.fetch("select * from dead_letter where consumer = $1 and key = $2", bench.name, str(one))
    assert trouble is None
    assert [(row["sequence"], row["state"], row["reason"]) for row in kept] == [
        (None, "parked", "the header ce_id is missing")
    ]
    assert "ce_?d" in kept[0]["headers"]


def with_header(record: Record, name: str, value: bytes | None) -> Record:
    """The same with one header more."""
    headers: Any = [*record.headers, (name, value)]
    return replace(record, headers=headers)


async def _waiting(bench: Bench, records: int) -> bool:
    rows = await bench.pool.fetch("select from dead_letter where consumer = $1 and state = 'waiting'", bench.name)
    return len(rows) == records


async def _applied(bench: Bench, key: UUID, sequences: list[int]) -> bool:
    return (await bench.order()).get(key) == sequences


async def test_topics_that_were_made_anew_are_noticed_while_it_runs(topic: Topic, pool: Pool) -> None:
    """When Kafka loses its topics under a running consumer, the next events are not taken for repetitions."""
    bench = Bench(pool)
    await topic.write(1, 2, 3)

    async with topic.read_by(bench.runner()) as (subscription,):
        await reaches(bench, ALL)
        await topic.make_anew()
        await topic.write(4)
        await until(lambda: says(subscription, "Kafka has lost"), "it notices")

    assert (await bench.order(), await bench.kept()) == (ALL, {})


@pytest.mark.parametrize("part", ["_fetcher", "_coordinator"])
async def test_a_client_that_died_is_named_and_made_anew(topic: Topic, pool: Pool, part: str) -> None:
    """When a task of Kafka's client dies, it says so, and goes on with another client."""
    bench = Bench(pool)
    await topic.write(1, 2)

    async with topic.read_by(bench.runner()) as (subscription,):
        await reaches(bench, {key(number): [1, 2] for number in NUMBERS})
        _kill(subscription, part)
        await topic.write(3)
        await until(lambda: says(subscription, "a bug of the library"), "it says why")
        said = subscription.trouble or ""
        await reaches(bench, ALL)
        await until(lambda: says_nothing(subscription), "all is well again")

    assert FACTS in said
    assert await bench.kept() == {}


def _kill(subscription: Subscription, part: str) -> None:
    """Has a task of the client die, as by a fault of the library."""

    def fail(*_: object) -> None:
        raise RuntimeError("a bug of the library")

    consumer: Any = subscription._consumer()  # pyright: ignore[reportPrivateUsage]
    if part == "_fetcher":
        consumer._fetcher._get_actions_per_node = fail
    else:
        consumer._coordinator.ensure_coordinator_known = fail
        consumer._coordinator.request_rejoin()


async def test_whatever_stops_it_is_told(topic: Topic, pool: Pool, monkeypatch: pytest.MonkeyPatch) -> None:
    """An error that nobody foresaw is named like any other, and the consumer begins again."""
    bench, healthy = Bench(pool), kit.read_offsets

    async def fail(*_: object) -> None:
        raise ValueError("nobody foresaw this")

    monkeypatch.setattr(kit, "read_offsets", fail)
    await topic.write(1, 2, 3)

    async with topic.read_by(bench.runner()) as (subscription,):
        await until(lambda: says(subscription, "nobody foresaw this"), "it says why")
        monkeypatch.setattr(kit, "read_offsets", healthy)
        await reaches(bench, ALL)


async def test_a_session_takes_its_commits_with_it(topic: Topic, pool: Pool, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing that a session sends behind outlives it, also while Kafka does not answer."""
    bench = Bench(pool)

    async def hang(*_: object) -> None:
        await asyncio.sleep(3600)

    monkeypatch.setattr(AIOKafkaConsumer, "commit", hang)
    await topic.write(1)
    async with topic.read_by(bench.runner()):
        await reaches(bench, {key(number): [1] for number in NUMBERS})
        await until(_commits, "a commit is on its way")

    assert not await _commits()


async def _commits() -> bool:
    coroutines: list[Any] = [task.get_coro() for task in asyncio.all_tasks()]
    return "Subscription._commit" in [one.__qualname__ for one in coroutines if one is not None]
