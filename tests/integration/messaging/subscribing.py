"""A topic for one test on a real Kafka, writers to it, and consumers that read it."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from uuid import UUID

from aiokafka import AIOKafkaProducer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.admin.records_to_delete import RecordsToDelete

from shared.contracts import load_all
from shared.kafka_admin.readiness import Readiness
from shared.kafka_admin.topics import Topics
from shared.messaging.consumer import ConsumerRunner
from shared.messaging.dead_letter import Record
from shared.messaging.kafka import Subscription
from shared.messaging.producer import PARTITIONS, Producer
from tests.harness.installation import until
from tests.integration.messaging.clients import foreign_batch
from tests.integration.messaging.scene import Bench
from tests.unit.messaging.scene import FACTS, STATES, key, record

NUMBERS = range(1, 7)
ALL = {key(number): [1, 2, 3] for number in NUMBERS}


class Topic:
    """The topics of one test, under their own prefix."""

    def __init__(self, kafka: str, prefix: str) -> None:
        self.kafka, self.prefix, self.group = kafka, prefix, f"{prefix}group"
        self.topics = Topics(kafka, load_all().values(), prefix)

    async def write(self, *sequences: int) -> None:
        """Writes these sequences of every aggregate."""
        producer = Producer(self.kafka, self.prefix + FACTS, "tests")
        await producer.start()
        for number in NUMBERS:
            records = [record(number, sequence, 0) for sequence in sequences]
            sent = [(str(key(number)), one.value, [*one.headers], 0) for one in records]
            await producer.send(producer.partition(str(key(number))), producer.batches(sent)[0], 30)
        await producer.stop()

    async def write_foreign(self, *records: Record, gzip: bool) -> None:
        """Writes one batch to the partition of the first record's key, with header names in Latin-1."""
        producer = AIOKafkaProducer(bootstrap_servers=self.kafka)
        await producer.start()
        batch = foreign_batch(producer, *records, gzip=gzip)
        partition = Producer(self.kafka, "", "").partition((records[0].key or b"").decode())
        await (await producer.send_batch(batch, self.prefix + FACTS, partition=partition))
        await producer.stop()

    async def recreate(self) -> None:
        """Deletes and recreates the topics, as if Kafka had lost its volume."""
        admin = AIOKafkaAdminClient(bootstrap_servers=self.kafka)
        await admin.start()
        await admin.delete_topics([self.prefix + name for name in (FACTS, STATES)])
        await admin.close()

        async def made() -> bool:
            return bool(set(await self.topics.make()) & {FACTS, STATES})

        await until(made, "the topics exist again")

    async def trim(self) -> None:
        """Deletes all records, as an operator or a shorter retention would."""
        places = [TopicPartition(self.prefix + FACTS, number) for number in range(PARTITIONS)]
        admin = AIOKafkaAdminClient(bootstrap_servers=self.kafka)
        await admin.start()
        await admin.delete_records({place: RecordsToDelete(-1) for place in places})
        await admin.close()

    def _subscription(self, runner: ConsumerRunner) -> Subscription:
        check = Readiness(self.topics, runner.consumer, runner.pool).check
        return Subscription(self.kafka, self.group, runner, prefix=self.prefix, check=check)

    @asynccontextmanager
    async def read_by(self, *runners: ConsumerRunner) -> AsyncGenerator[list[Subscription]]:
        """Runs consumers of the same group until the block ends."""
        made = [self._subscription(runner) for runner in runners]
        tasks = [asyncio.create_task(one.run()) for one in made]
        try:
            yield made
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)


async def reaches(bench: Bench, expected: dict[UUID, list[int]]) -> None:
    """Waits until exactly these events have been applied."""

    async def holds() -> bool:
        return await bench.order() == expected

    await until(holds, f"{bench.name} applies all", 30)


async def says(subscription: Subscription, words: str) -> bool:
    """Whether its trouble contains these words."""
    return words in (subscription.trouble or "")


async def says_nothing(subscription: Subscription) -> bool:
    """Whether it reports no trouble."""
    return subscription.trouble is None
