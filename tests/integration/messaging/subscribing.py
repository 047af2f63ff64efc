"""A topic of its own and consumers that read it from a real Kafka: what is written there, and what they say."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Any
from uuid import UUID

from aiokafka import AIOKafkaProducer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.admin.records_to_delete import RecordsToDelete
from aiokafka.record.default_records import _DefaultRecordBatchBuilderPy  # pyright: ignore

from shared.contracts import load_all
from shared.kafka_admin.readiness import Readiness
from shared.kafka_admin.topics import Topics
from shared.messaging.consumer import ConsumerRunner
from shared.messaging.dead_letter import Record
from shared.messaging.kafka import Subscription
from shared.messaging.producer import PARTITIONS, Producer
from tests.harness.installation import until
from tests.integration.messaging.scene import Bench
from tests.unit.messaging.scene import FACTS, STATES, key, record

NUMBERS = range(1, 7)
ALL = {key(number): [1, 2, 3] for number in NUMBERS}


class Name(str):
    """A name of a header of any bytes, as other languages' producers send it."""

    def encode(self, encoding: str = "", errors: str = "") -> bytes:
        """In Latin-1."""
        return super().encode("latin-1")


class Topic:
    """The topics of a prefix of its own, and what is written there."""

    def __init__(self, kafka: str, prefix: str) -> None:
        self.kafka, self.prefix, self.group = kafka, prefix, f"{prefix}group"
        self.topics = Topics(kafka, load_all().values(), prefix)

    async def write(self, *sequences: int) -> None:
        """These events of every aggregate."""
        producer = Producer(self.kafka, self.prefix + FACTS, "tests")
        await producer.start()
        for number in NUMBERS:
            records = [record(number, sequence, 0) for sequence in sequences]
            sent = [(str(key(number)), one.value, one.headers, 0) for one in records]
            await producer.send(producer.partition(str(key(number))), producer.batches(sent)[0])
        await producer.stop()

    async def write_foreign(self, *records: Record, gzip: bool) -> None:
        """One batch on the partition of the first record's key, by a producer that keeps to no rule of names."""
        producer = AIOKafkaProducer(bootstrap_servers=self.kafka)
        await producer.start()
        batch: Any = producer.create_batch()
        batch._builder = _DefaultRecordBatchBuilderPy(2, int(gzip), 0, -1, -1, 0, 100_000)
        for one in records:
            headers = [(Name(name), value) for name, value in one.headers]
            batch.append(timestamp=0, key=one.key, value=one.value, headers=headers)
        batch.close()
        partition = Producer(self.kafka, "", "").partition((records[0].key or b"").decode())
        await (await producer.send_batch(batch, self.prefix + FACTS, partition=partition))
        await producer.stop()

    async def make_anew(self) -> None:
        """Kafka's volume is lost, and the topics are made again."""
        admin = AIOKafkaAdminClient(bootstrap_servers=self.kafka)
        await admin.start()
        await admin.delete_topics([self.prefix + name for name in (FACTS, STATES)])
        await admin.close()

        async def made() -> bool:
            return bool(set(await self.topics.make()) & {FACTS, STATES})

        await until(made, "they are made again")

    async def trim(self) -> None:
        """Deletes all that was written, as an operator's command or a changed retention would."""
        places = [TopicPartition(self.prefix + FACTS, number) for number in range(PARTITIONS)]
        admin = AIOKafkaAdminClient(bootstrap_servers=self.kafka)
        await admin.start()
        await admin.delete_records({place: RecordsToDelete(-1) for place in places})
        await admin.close()

    def _subscription(self, runner: ConsumerRunner) -> Subscription:
        check = Readiness(self.topics, runner.consumer, runner.pool).check
        return Subscription(self.kafka, self.prefix, self.group, runner, check)

    @asynccontextmanager
    async def read_by(self, *runners: ConsumerRunner) -> AsyncGenerator[list[Subscription]]:
        """Processes of the same group, until the block ends."""
        made = [self._subscription(runner) for runner in runners]
        tasks = [asyncio.create_task(one.run()) for one in made]
        try:
            yield made
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)


async def reaches(bench: Bench, expected: dict[UUID, list[int]]) -> None:
    """Waits until these events had their effect."""

    async def holds() -> bool:
        return await bench.order() == expected

    await until(holds, f"{bench.name} applies all", 30)


async def says(subscription: Subscription, words: str) -> bool:
    """Whether its trouble has these words."""
    return words in (subscription.trouble or "")


async def says_nothing(subscription: Subscription) -> bool:
    """Whether it is in no trouble."""
    return subscription.trouble is None
