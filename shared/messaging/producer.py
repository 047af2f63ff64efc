"""Producer: sends the relay's batches, one at a time to each partition; on any error it is aborted and replaced."""

import asyncio
from collections.abc import Sequence
from contextlib import suppress

from aiokafka import AIOKafkaProducer
from aiokafka.errors import (
    InvalidConfigurationError,
    InvalidMessageError,
    KafkaError,
    MessageSizeTooLargeError,
    RecordListTooLargeError,
)
from aiokafka.partitioner import DefaultPartitioner
from aiokafka.producer.message_accumulator import BatchBuilder

from shared.messaging.workarounds import cut_off, start_fenced

PARTITIONS = 12
"""Of every topic, for ever: more would move keys to other partitions and break their order."""
BATCH = 256 * 1024
"""The largest record batch that a relay builds, in bytes; a single record may be twice as large."""
REQUEST_TIMEOUT = 10.0
"""Seconds after which Kafka's client closes a connection that does not answer."""
START_TIMEOUT = 15.0
STOP_TIMEOUT = 5.0
REFUSED_FOR_GOOD = (
    MessageSizeTooLargeError,
    RecordListTooLargeError,
    InvalidMessageError,
    InvalidConfigurationError,
)
AWAY = (KafkaError, OSError, TimeoutError)
"""Kafka is down or in trouble: wait and retry."""

OutboundRecord = tuple[str, bytes | None, list[tuple[str, bytes]], int]
"""Key, value, headers and time (ms since 1970) of a record to send."""


class Producer:
    """An idempotent, crash-only producer of one topic: on any error it is aborted and replaced.

    Kafka refuses what an older one still sends to a partition, from any process, once a newer one has sent there: then
    an old event can never come last. What reaches Kafka late is ended by nothing on this side.
    """

    def __init__(self, bootstrap: str, topic: str, client_id: str) -> None:
        """`topic` is the name on the brokers."""
        self._bootstrap, self._topic, self._client_id = bootstrap, topic, client_id
        self._producer: AIOKafkaProducer | None = None
        self._pick, self._all = DefaultPartitioner(), list(range(PARTITIONS))
        self._partitions: dict[str, int] = {}

    def partition(self, key: str) -> int:
        """The partition of a key, cached."""
        if key not in self._partitions:
            if len(self._partitions) > 100_000:
                self._partitions.clear()
            self._partitions[key] = self._pick(key.encode(), self._all, self._all)
        return self._partitions[key]

    async def start(self) -> bool:
        """Connects unless connected, and returns whether it had to; raises one of AWAY if Kafka does not answer."""
        if self._producer is not None:
            return False
        self._producer = AIOKafkaProducer(
            bootstrap_servers=self._bootstrap, client_id=self._client_id, acks="all", enable_idempotence=True,
            max_batch_size=BATCH, max_request_size=1024 * 1024, request_timeout_ms=int(REQUEST_TIMEOUT * 1000),
            transactional_id=f"relay.{self._topic}",
        )  # fmt: skip
        async with asyncio.timeout(START_TIMEOUT):
            await start_fenced(self._producer)
        return True

    def batches(self, records: Sequence[OutboundRecord]) -> list[BatchBuilder]:
        """One partition's records in batches, in order; each has at most `BATCH` bytes, or is a single record."""
        made = [self._started.create_batch()]
        for key, value, headers, ms in records:
            if not made[-1].append(timestamp=ms, key=key.encode(), value=value, headers=headers):
                made.append(self._started.create_batch())
                made[-1].append(timestamp=ms, key=key.encode(), value=value, headers=headers)
        return made

    async def send(self, partition: int, batch: BatchBuilder, patience: float) -> None:
        """Sends one batch; returns when all in-sync replicas acknowledged it, raises after `patience` seconds."""
        async with asyncio.timeout(patience):
            batch.close()
            await (await self._started.send_batch(batch, self._topic, partition=partition))

    async def stop(self) -> None:
        """Stops cleanly, or aborts after `STOP_TIMEOUT` seconds."""
        if self._producer is not None:
            with suppress(*AWAY):
                async with asyncio.timeout(STOP_TIMEOUT):
                    await self._producer.stop()
            await self.cut_off()

    async def cut_off(self) -> None:
        """Ends the producer at once, so that nothing of it can still send; the next `start` makes another."""
        producer, self._producer = self._producer, None
        if producer is not None:
            await cut_off(producer, STOP_TIMEOUT)

    @property
    def _started(self) -> AIOKafkaProducer:
        if self._producer is None:
            raise KafkaError("the producer is not started")
        return self._producer
