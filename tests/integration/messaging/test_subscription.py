"""From Kafka to the consumer: only Postgres says where a consumer goes on, whatever offsets Kafka has."""

import asyncio
from collections.abc import Sequence

from shared.database.pool import open_pool
from shared.messaging.consumer import ConsumerRunner
from shared.messaging.dead_letter import Record
from shared.messaging.kafka import Subscription
from shared.messaging.outbox import Pool
from shared.messaging.producer import PARTITIONS
from tests.harness.installation import until
from tests.integration.messaging.scene import Bench
from tests.integration.messaging.subscribing import ALL, NUMBERS, Topic, reaches, says
from tests.unit.messaging.scene import FACTS, STATES, consumer, key


async def test_a_restored_database_goes_on_from_its_own_offsets(topic: Topic, pool: Pool) -> None:
    """When Postgres is behind Kafka's committed offsets, everything is read again, even if no new record comes."""
    bench = Bench(pool)
    await topic.write(1, 2, 3)
    async with topic.read_by(bench.runner()):
        await reaches(bench, ALL)
        await asyncio.sleep(0.5)  # until the offsets were committed to Kafka
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


async def test_a_poll_that_failed_is_read_again(topic: Topic, pool: Pool) -> None:
    """A poll that failed as a whole is read again, even if no new record comes."""
    bench = Bench(pool)
    await topic.write(1, 2, 3)

    async with topic.read_by(Fails(bench, 2)):
        await reaches(bench, ALL)


async def test_partitions_that_change_hands_lose_and_repeat_nothing(topic: Topic, pool: Pool) -> None:
    """While processes of a group come and go under load, each event has its effect once, in order."""
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


async def test_a_trimmed_topic_is_refused_until_it_is_whole_enough(topic: Topic, pool: Pool) -> None:
    """A consumer refuses a topic that lost records it has yet to read, and says so. One that had read them goes on, and
    so does one that begins anywhere."""
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


async def test_it_names_a_missing_database_and_not_kafka(topic: Topic) -> None:
    """A consumer that cannot read its offsets waits, and says that the database is why."""
    away = await open_pool("postgresql://nobody:nothing@127.0.0.1:1/nowhere", application="tests")

    async with topic.read_by(Bench(away).runner()) as (subscription,):
        await until(lambda: says(subscription, "the database does not answer"), "it says what it waits for")

    away.terminate()


async def test_a_topic_is_caught_up_when_all_it_held_was_read(topic: Topic, pool: Pool) -> None:
    """A consumer has caught up with a topic once all that it held at first is applied: at once, if it was empty."""
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

    async with topic.read_by(bench.runner()):
        await until(in_hand, "the first poll is in hand")
        before = await caught_up()
        held.set()
        await until(both, "both topics are caught up")

    assert FACTS not in before
    assert await bench.order() == {key(number): [1] for number in NUMBERS}


async def test_what_waits_for_the_database_counts_as_not_applied(topic: Topic, pool: Pool) -> None:
    """The lag counts records that Kafka has and Postgres has not applied, wherever they are in between."""
    bench, held = Bench(pool), asyncio.Event()

    async def hold(*_: object) -> None:
        await held.wait()

    async def lags(records: int) -> bool:
        return sum(subscription.lag().values()) == records

    bench.before = hold
    await topic.write(1, 2, 3)
    async with topic.read_by(bench.runner()) as (subscription,):
        await until(lambda: _in_hand(bench), "the first poll is in hand")
        await until(lambda: lags(3 * len(NUMBERS)), "all that was written is still to be applied")
        held.set()
        await until(lambda: lags(0), "nothing is left")

        async with topic.read_by(bench.runner()):
            await until(lambda: _assigned(subscription, PARTITIONS), "another process has half of the partitions")
            shared = subscription.lag()

    assert len(shared) == PARTITIONS
    assert set(shared.values()) == {0}


async def _in_hand(bench: Bench) -> bool:
    return bool(bench.calls)


async def _assigned(subscription: Subscription, partitions: int) -> bool:
    return len(subscription.lag()) == partitions
