"""Readiness: a consumer starts only where Kafka still has all that it has yet to read, and all that it has read."""

from collections.abc import Mapping

from shared.kafka_admin.topics import Topics
from shared.messaging.outbox import DATABASE_AWAY, Pool
from shared.messaging.position import NotReady, Partition, read_offsets, require_nothing_lost
from shared.messaging.reactions import Consumer


class Readiness:
    """Compares the topics of a consumer on Kafka with what the consumer has read of them."""

    def __init__(self, topics: Topics, consumer: Consumer, pool: Pool) -> None:
        self._topics, self._consumer, self._pool = topics, consumer, pool

    async def check(self) -> None:
        """Raises NotReady if a topic differs, was trimmed or has lost records; KafkaError or OSError without Kafka."""
        if found := await self._topics.differences(self._consumer.topics):
            raise NotReady("; ".join(one.sentence for one in found))
        # Read before Kafka's end offsets: both only grow, and another process of this consumer may be reading.
        nexts = await self._nexts()
        extents = await self._topics.extents(self._consumer.topics)
        require_nothing_lost(self._consumer.name, nexts, {place: end for place, (_, end) in extents.items()})
        if self._consumer.begins == "beginning":
            self._require_nothing_trimmed(nexts, {place: first for place, (first, _) in extents.items()})

    async def _nexts(self) -> dict[Partition, int]:
        try:
            return await read_offsets(self._pool, self._consumer.name)
        except DATABASE_AWAY as problem:
            raise NotReady(f"the database does not answer ({type(problem).__name__})") from problem

    def _require_nothing_trimmed(self, nexts: Mapping[Partition, int], firsts: Mapping[Partition, int]) -> None:
        for place, first in firsts.items():
            # Compaction trims a topic of whole states, and takes nothing that a reader needs.
            if place[0] not in self._consumer.compacted and (next := nexts.get(place, 0)) < first:
                raise NotReady(_trimmed(self._consumer.name, place, next, first))


def _trimmed(consumer: str, place: Partition, next: int, first: int) -> str:
    topic, partition = place
    return (
        f"topic {topic} was trimmed: partition {partition} begins at offset {first}, and the consumer {consumer} needs"
        f" it from {next} on; restore the topic from a backup, or accept the loss with"
        f" Consumer({consumer!r}, begins='anywhere')"
    )
