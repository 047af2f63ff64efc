"""A relay for one test: writes rows to the outbox, and shows what arrived on the topic."""

import asyncio
import itertools
import json
from collections.abc import AsyncGenerator, Iterable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient, NewTopic

from shared.messaging.envelope import new_id
from shared.messaging.outbox import Connection, Pool
from shared.messaging.producer import PARTITIONS, Producer
from shared.messaging.relay import Lane
from tests.harness.installation import until

ROW = """insert into outbox (topic, key, event_id, type, sequence, time, value)
    values ($1, $2, $3, $4, $5, now() + $7, $6)"""
names = itertools.count()


@dataclass
class Counts:
    """Counts the batches and failures of lanes."""

    sent: int = 0
    failures: list[str] = field(default_factory=list[str])

    def relayed(self, topic: str, records: int) -> None:
        """One batch was acknowledged."""
        self.sent += records

    def relay_failed(self, topic: str, reason: str) -> None:
        """A lane failed and restarted."""
        self.failures.append(reason)


@dataclass
class Route:
    """One topic, and its rows in the outbox."""

    kafka: str
    pool: Pool
    topic: str
    counts: Counts = field(default_factory=Counts)

    def lane(self, make: type[Producer] = Producer) -> Lane:
        """Another lane of this topic."""
        return Lane(self.topic, self.pool, make(self.kafka, self.topic, "relay"), "/t/tests", self.counts)

    async def write(
        self, key: str, *sequences: int, size: int = 20, db: Connection | None = None, ahead: timedelta = timedelta()
    ) -> None:
        """Writes rows as the unit of work does, with bodies of `size` bytes, dated `ahead` of now."""
        value = json.dumps({"text": "x" * size}).encode()
        kind = "entente.t.thing.done.v1"
        rows = [(self.topic, key, new_id(), kind, sequence, value, ahead) for sequence in sequences]
        await (db or self.pool).executemany(ROW, rows)

    async def left(self) -> list[tuple[str, int]]:
        """The rows in the outbox, by id."""
        rows = await self.pool.fetch("select key, sequence from outbox where topic = $1 order by id", self.topic)
        return [(row["key"], row["sequence"]) for row in rows]

    async def emptied(self, rows: int = 0, patience: float = 30) -> None:
        """Waits until only that many rows are left."""

        async def holds() -> bool:
            return len(await self.left()) == rows

        await until(holds, f"the outbox of {self.topic} holds {rows} rows", patience)

    async def arrived(self) -> list[tuple[str, int]]:
        """The key and sequence of every record on the topic, in order within each partition."""
        consumer = AIOKafkaConsumer(bootstrap_servers=self.kafka, auto_offset_reset="earliest")
        parts = [TopicPartition(self.topic, number) for number in range(PARTITIONS)]
        await consumer.start()
        try:
            consumer.assign(parts)
            ends, found = await consumer.end_offsets(parts), list[tuple[str, int]]()
            while len(found) < sum(ends.values()):
                for records in (await consumer.getmany(timeout_ms=200)).values():
                    found += [(_text(r.key), int(dict(r.headers)["ce_sequence"])) for r in records]
            return found
        finally:
            await consumer.stop()


def _text(key: bytes | None) -> str:
    return (key or b"").decode()


def by_key(records: Iterable[tuple[str, int]]) -> dict[str, list[int]]:
    """The sequences of each key in order of arrival."""
    found: dict[str, list[int]] = {}
    for key, sequence in records:
        found.setdefault(key, []).append(sequence)
    return found


def first_occurrences(records: Iterable[tuple[str, int]]) -> dict[str, list[int]]:
    """The same without repetitions."""
    return {key: list(dict.fromkeys(sequences)) for key, sequences in by_key(records).items()}


async def make_topic(kafka: str, settings: Mapping[str, str] | None = None) -> str:
    """Makes a new topic and returns its name."""
    name = f"relay.{next(names)}"
    admin = AIOKafkaAdminClient(bootstrap_servers=kafka)
    await admin.start()
    try:
        await admin.create_topics([NewTopic(name, PARTITIONS, 1, topic_configs=dict(settings or {}))])
    finally:
        await admin.close()
    return name


@asynccontextmanager
async def running_lanes(*lanes: Lane) -> AsyncGenerator[None]:
    """Runs lanes until the block ends, then stops them cleanly."""
    tasks = [asyncio.create_task(lane.run()) for lane in lanes]
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
