"""Kafka's clients, abused: dying parts, a foreign producer, tasks left behind. No other test uses private parts."""

import asyncio
from typing import Any

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer
from aiokafka.producer.message_accumulator import BatchBuilder
from aiokafka.record.default_records import _DefaultRecordBatchBuilderPy  # pyright: ignore[reportPrivateUsage]

from shared.messaging.dead_letter import Record


def kill(consumer: AIOKafkaConsumer | None, part: str) -> None:
    """Has a task of a consumer die, as by a bug of the library; `part` is `fetcher` or `coordinator`."""

    def fail(*_: object) -> None:
        raise RuntimeError("a bug of the library")

    private: Any = consumer
    if part == "fetcher":
        private._fetcher._get_actions_per_node = fail
    else:
        private._coordinator.ensure_coordinator_known = fail
        private._coordinator.request_rejoin()


def foreign_batch(producer: AIOKafkaProducer, *records: Record, gzip: bool) -> BatchBuilder:
    """These records in one batch, the names of their headers in Latin-1."""
    batch: Any = producer.create_batch()
    batch._builder = _DefaultRecordBatchBuilderPy(2, int(gzip), 0, -1, -1, 0, 100_000)
    for one in records:
        headers = [(_Latin1(name), value) for name, value in one.headers]
        batch.append(timestamp=0, key=one.key, value=one.value, headers=headers)
    batch.close()
    return batch


def tasks() -> set[str]:
    """The tasks of Kafka's clients that run in this process."""
    coroutines: list[Any] = [task.get_coro() for task in asyncio.all_tasks()]
    code = [(c.__qualname__, c.cr_code.co_filename) for c in coroutines if c is not None]
    return {name for name, file in code if "aiokafka" in file}


class _Latin1(str):
    def encode(self, encoding: str = "", errors: str = "") -> bytes:
        """In Latin-1, whatever is asked for."""
        return super().encode("latin-1")
