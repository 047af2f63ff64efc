"""Misuse of Kafka's clients: killed tasks, a foreign producer, tasks left behind. Only this file uses private parts."""

import asyncio
from typing import Any

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer
from aiokafka.producer.message_accumulator import BatchBuilder
from aiokafka.record.default_records import _DefaultRecordBatchBuilderPy  # pyright: ignore[reportPrivateUsage]

from shared.messaging.dead_letter import Record


def kill(consumer: AIOKafkaConsumer | None, part: str) -> None:
    """Kills a task of a consumer as a bug in the library would; `part` is `fetcher` or `coordinator`."""

    def fail(*_: object) -> None:
        raise RuntimeError("a bug of the library")

    private: Any = consumer
    if part == "fetcher":
        private._fetcher._get_actions_per_node = fail
    else:
        private._coordinator.ensure_coordinator_known = fail
        private._coordinator.request_rejoin()


def foreign_batch(producer: AIOKafkaProducer, *records: Record, gzip: bool) -> BatchBuilder:
    """A batch of these records, with header names in Latin-1."""
    batch: Any = producer.create_batch()
    batch._builder = _DefaultRecordBatchBuilderPy(2, int(gzip), 0, -1, -1, 0, 100_000)
    for one in records:
        headers = [(_Latin1(name), value) for name, value in one.headers]
        batch.append(timestamp=0, key=one.key, value=one.value, headers=headers)
    batch.close()
    return batch


def tasks() -> set[str]:
    """The running tasks of Kafka's clients in this process."""
    coroutines: list[Any] = [task.get_coro() for task in asyncio.all_tasks()]
    code = [(c.__qualname__, c.cr_code.co_filename) for c in coroutines if c is not None]
    return {name for name, file in code if "aiokafka" in file}


class _Latin1(str):
    def encode(self, encoding: str = "", errors: str = "") -> bytes:
        """Encodes in Latin-1, whatever the requested encoding."""
        return super().encode("latin-1")
