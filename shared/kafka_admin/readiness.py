"""Extent: a consumer starts only where Kafka has all that it has yet to read, and has lost nothing that it read."""

from collections.abc import Mapping

import asyncpg

from shared.kafka_admin.topics import KEEPS_ALL, Topics, wanted_topics
from shared.messaging.outbox import Pool
from shared.messaging.position import Partition, read_offsets
from shared.messaging.reactions import Consumer

DATABASE_AWAY = (asyncpg.PostgresError, asyncpg.InterfaceError, OSError, TimeoutError)


class NotNow(Exception):
    """Kafka answers, and yet nothing may be read from it now; the text says why, and what to do."""


class Extent:
    """From where to where Kafka has the topics of a consumer, beside what the consumer has read of them."""

    def __init__(self, bootstrap: str, prefix: str, consumer: Consumer, pool: Pool) -> None:
        self._topics, self._consumer, self._pool = Topics(bootstrap, prefix), consumer, pool

    async def check(self) -> None:
        """Raises NotNow where topics differ, were trimmed or are shorter than what was read; AWAY without Kafka."""
        if found := await self._topics.differences(self._consumer.topics):
            raise NotNow("; ".join(one.sentence for one in found))
        # Before Kafka is asked: the ends only grow, and so does what other processes of this consumer have read.
        nexts = await self._nexts()
        extents = await self._topics.extents(self._consumer.topics)
        nothing_is_lost(self._consumer.name, nexts, {place: end for place, (_, end) in extents.items()})
        if self._consumer.begins == "beginning":
            self._nothing_is_trimmed(nexts, {place: first for place, (first, _) in extents.items()})

    async def _nexts(self) -> dict[Partition, int]:
        try:
            return await read_offsets(self._pool, self._consumer.name)
        except DATABASE_AWAY as problem:
            raise NotNow(f"the database does not answer ({type(problem).__name__})") from problem

    def _nothing_is_trimmed(self, nexts: Mapping[Partition, int], firsts: Mapping[Partition, int]) -> None:
        for place, first in firsts.items():
            if wanted_topics()[place[0]] is KEEPS_ALL and (next := nexts.get(place, 0)) < first:
                raise NotNow(_trimmed(self._consumer.name, place, next, first))


def nothing_is_lost(consumer: str, nexts: Mapping[Partition, int], ends: Mapping[Partition, int]) -> None:
    """Raises NotNow where a partition ends before what was read of it.

    What is written there next would come under offsets that were read, and be taken for repetitions.
    """
    for place, end in ends.items():
        if end < (next := nexts.get(place, 0)):
            raise NotNow(_lost(consumer, place, next, end))


def _lost(consumer: str, place: Partition, next: int, end: int) -> str:
    topic, partition = place
    return (
        f"Kafka has lost records of topic {topic}: partition {partition} ends at offset {end}, and the consumer"
        f" {consumer} has read to {next}; bring Kafka back from the backup that belongs to the database, or ask for"
        " help before anything more is published"
    )


def _trimmed(consumer: str, place: Partition, next: int, first: int) -> str:
    topic, partition = place
    return (
        f"topic {topic} was trimmed: partition {partition} begins at offset {first}, and the consumer {consumer} needs"
        f" it from {next} on; bring the topic back from a backup, or give up what is gone by"
        f" Consumer({consumer!r}, begins='anywhere')"
    )
