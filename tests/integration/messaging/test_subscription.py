"""From Kafka to the consumer: Postgres alone says where it goes on, whatever Kafka's group believes."""

import asyncio
import uuid
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from typing import Any
from uuid import UUID

import pytest
from aiokafka import TopicPartition
from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.admin.records_to_delete import RecordsToDelete

from shared.messaging import kafka as kit
from shared.messaging.consumer import Taker
from shared.messaging.dead_letter import Record
from shared.messaging.kafka import Subscription
from shared.messaging.outbox import Pool
from shared.messaging.producer import Producer
from shared.messaging.topics import PARTITIONS, Topics
from shared.platform.database import open_pool
from tests.harness.installation import until
from tests.harness.parts import Addresses
from tests.integration.messaging.scene import Bench, database
from tests.unit.messaging.scene import FACTS, STATES, consumer, key, record

NUMBERS = range(1, 7)
ALL = {key(number): [1, 2, 3] for number in NUMBERS}


@pytest.fixture(scope="module")
async def pool(addresses: Addresses) -> AsyncGenerator[Pool]:
    """A database with the kit's tables, and no service on it."""
    async with database(addresses) as pool:
        yield pool


class Topic:
    """The topics of a prefix of its own, and what is written there."""

    def __init__(self, kafka: str, prefix: str) -> None:
        self.kafka, self.prefix, self.group = kafka, prefix, f"{prefix}group"

    async def write(self, *sequences: int) -> None:
        """These events of every aggregate."""
        producer = Producer(self.kafka, self.prefix + FACTS, "tests")
        await producer.start()
        for number in NUMBERS:
            records = [record(number, sequence, 0) for sequence in sequences]
            sent = [(str(key(number)), one.value, one.headers, 0) for one in records]
            await producer.send(producer.partition(str(key(number))), producer.batches(sent)[0])
        await producer.stop()

    async def make_anew(self) -> None:
        """Kafka's volume is lost, and the topics are made again."""
        admin = AIOKafkaAdminClient(bootstrap_servers=self.kafka)
        await admin.start()
        await admin.delete_topics([self.prefix + name for name in (FACTS, STATES)])
        await admin.close()

        async def made() -> bool:
            return bool(set(await Topics(self.kafka, self.prefix).make()) & {FACTS, STATES})

        await until(made, "they are made again")

    async def trim(self) -> None:
        """Deletes all that was written, as an operator's command or a changed retention would."""
        places = [TopicPartition(self.prefix + FACTS, number) for number in range(PARTITIONS)]
        admin = AIOKafkaAdminClient(bootstrap_servers=self.kafka)
        await admin.start()
        await admin.delete_records({place: RecordsToDelete(-1) for place in places})
        await admin.close()

    @asynccontextmanager
    async def read_by(self, *takers: Taker) -> AsyncGenerator[list[Subscription]]:
        """Processes of the same group, until the block ends."""
        made = [Subscription(self.kafka, self.prefix, self.group, taker, taker._pool) for taker in takers]  # pyright: ignore[reportPrivateUsage]
        tasks = [asyncio.create_task(one.run()) for one in made]
        try:
            yield made
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)


@pytest.fixture
async def topic(addresses: Addresses) -> Topic:
    """Topics with nothing on them."""
    prefix = f"{uuid.uuid4().hex[:8]}."
    await Topics(addresses.kafka, prefix).make()
    return Topic(addresses.kafka, prefix)


async def reaches(bench: Bench, expected: dict[UUID, list[int]]) -> None:
    """Waits until these events had their effect."""

    async def holds() -> bool:
        return await bench.order() == expected

    await until(holds, f"{bench.name} applies all", 30)


async def test_a_restored_database_goes_on_from_its_own_offsets(topic: Topic, pool: Pool) -> None:
    """When Postgres has forgotten what Kafka's group has read, all is read again, though no new record comes."""
    bench = Bench(pool)
    await topic.write(1, 2, 3)
    async with topic.read_by(bench.taker()):
        await reaches(bench, ALL)
        await asyncio.sleep(0.5)  # until Kafka's own offsets were sent, behind
    for table in ("offsets", "positions", "effect"):
        await pool.execute(f"delete from {table} where consumer = $1", bench.name)

    async with topic.read_by(bench.taker()):
        await reaches(bench, ALL)

    assert await bench.kept() == {}


class Fails(Taker):
    """Gives back its first polls."""

    def __init__(self, bench: Bench, polls: int) -> None:
        taker = bench.taker()
        super().__init__(taker._pool, taker.consumer, taker._react, taker._observe)  # pyright: ignore[reportPrivateUsage]
        self.left = polls

    async def take(self, records: Sequence[Record]) -> None:
        """Raises as long as polls are to be given back."""
        if self.left:
            self.left -= 1
            raise ConnectionError("given back")
        await super().take(records)


async def test_a_poll_that_was_given_back_comes_again(topic: Topic, pool: Pool) -> None:
    """A poll that failed whole is read again, though no new record comes."""
    bench = Bench(pool)
    await topic.write(1, 2, 3)

    async with topic.read_by(Fails(bench, 2)):
        await reaches(bench, ALL)


async def test_partitions_that_change_hands_lose_and_repeat_nothing(topic: Topic, pool: Pool) -> None:
    """While processes of a group come and go under load, each event has its effect once, in order."""
    bench = Bench(pool)

    async def come_and_go() -> None:
        for _ in range(2):
            async with topic.read_by(bench.taker()):
                await asyncio.sleep(1.5)

    async with topic.read_by(bench.taker()):
        coming = asyncio.create_task(come_and_go())
        for sequence in range(1, 13):
            await topic.write(sequence)
            await asyncio.sleep(0.2)
        await coming
        await reaches(bench, {key(number): list(range(1, 13)) for number in NUMBERS})

    assert await bench.kept() == {}


async def test_a_trimmed_topic_is_refused_until_it_is_whole_enough(topic: Topic, pool: Pool) -> None:
    """Where Kafka has deleted what a consumer has yet to read, it takes nothing and says so; one that was past it
    goes on, and so does one that begins anywhere."""
    past, late, anywhere = Bench(pool), Bench(pool), Bench(pool)
    await topic.write(1, 2)
    async with topic.read_by(past.taker()):
        await reaches(past, {key(number): [1, 2] for number in NUMBERS})
    await topic.trim()
    await topic.write(3)

    async with topic.read_by(late.taker()) as (subscription,):
        await until(lambda: _says(subscription, "was trimmed"), "it refuses the trimmed topic")
    async with topic.read_by(past.taker()):
        await reaches(past, ALL)
    async with topic.read_by(anywhere.taker(consumer(begins="anywhere"))):
        await reaches(anywhere, {key(number): [3] for number in NUMBERS})

    assert (await late.order(), await late.kept()) == ({}, {})


async def test_a_kafka_that_lost_what_was_read_is_refused(topic: Topic, pool: Pool) -> None:
    """Where a topic ends before what a consumer has read of it, nothing is taken for a repetition: it takes nothing,
    says so, and goes on when Kafka is whole again."""
    bench = Bench(pool)
    await topic.write(1)
    await pool.executemany(
        "insert into offsets values ($1, $2, $3, 1000)", [(bench.name, FACTS, number) for number in range(PARTITIONS)]
    )

    async with topic.read_by(bench.taker()) as (subscription,):
        await until(lambda: _says(subscription, "Kafka has lost"), "it refuses the shorter topic")
        await topic.write(2)
        await asyncio.sleep(1)
        refused = (await bench.order(), await bench.next(), subscription.trouble)
        await pool.execute("update offsets set next = 0 where consumer = $1", bench.name)
        await reaches(bench, {key(number): [1, 2] for number in NUMBERS})

    assert refused[:2] == ({}, 1000)
    assert "ends at offset" in str(refused[2])
    assert "has read to 1000" in str(refused[2])


async def test_topics_that_were_made_anew_are_noticed_while_it_runs(topic: Topic, pool: Pool) -> None:
    """When Kafka loses its topics under a running consumer, the next events are not taken for repetitions."""
    bench = Bench(pool)
    await topic.write(1, 2, 3)

    async with topic.read_by(bench.taker()) as (subscription,):
        await reaches(bench, ALL)
        await topic.make_anew()
        await topic.write(4)
        await until(lambda: _says(subscription, "Kafka has lost"), "it notices", 30)

    assert (await bench.order(), await bench.kept()) == (ALL, {})


@pytest.mark.parametrize("part", ["_fetcher", "_coordinator"])
async def test_a_client_that_died_is_named_and_made_anew(topic: Topic, pool: Pool, part: str) -> None:
    """When a task of Kafka's client dies, it says so, and goes on with another client."""
    bench = Bench(pool)
    await topic.write(1, 2)

    async with topic.read_by(bench.taker()) as (subscription,):
        await reaches(bench, {key(number): [1, 2] for number in NUMBERS})
        _kill(subscription, part)
        await topic.write(3)
        await until(lambda: _says(subscription, "a bug of the library"), "it says why")
        said = subscription.trouble or ""
        await reaches(bench, ALL)
        await until(lambda: _says_nothing(subscription), "all is well again")

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

    async with topic.read_by(bench.taker()) as (subscription,):
        await until(lambda: _says(subscription, "nobody foresaw this"), "it says why")
        monkeypatch.setattr(kit, "read_offsets", healthy)
        await reaches(bench, ALL)


async def test_a_database_that_is_away_is_named_and_not_kafka(topic: Topic) -> None:
    """A consumer that cannot learn how far it is waits, and tells the operator for what."""
    away = await open_pool("postgresql://nobody:nothing@127.0.0.1:1/nowhere", application="tests")

    async with topic.read_by(Bench(away).taker()) as (subscription,):
        await until(lambda: _says(subscription, "the database does not answer"), "it says what it waits for")

    away.terminate()


async def _says_nothing(subscription: Subscription) -> bool:
    return subscription.trouble is None


async def _says(subscription: Subscription, words: str) -> bool:
    return words in (subscription.trouble or "")


async def test_a_topic_is_caught_up_when_all_it_held_was_read(topic: Topic, pool: Pool) -> None:
    """A consumer has caught up with a topic when what it held at first was applied; with an empty one at once."""
    bench = Bench(pool)
    held = asyncio.Event()

    async def hold(*_: object) -> None:
        await held.wait()

    bench.before = hold
    await topic.write(1)

    async def caught_up() -> set[str]:
        rows = await pool.fetch("select topic from caught_up where consumer = $1", bench.name)
        return {row["topic"] for row in rows}

    async def in_hand() -> bool:
        return bool(bench.calls)

    async def both() -> bool:
        return await caught_up() == {FACTS, STATES}

    async with topic.read_by(bench.taker()):
        await until(in_hand, "the first poll is in hand")
        before = await caught_up()
        held.set()
        await until(both, "both topics are caught up")

    assert FACTS not in before
    assert await bench.order() == {key(number): [1] for number in NUMBERS}
