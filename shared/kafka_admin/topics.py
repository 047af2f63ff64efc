"""Topics: one for each kind of aggregate. They are made and checked here and nowhere else."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from aiokafka.admin.config_resource import ConfigResource, ConfigResourceType
from aiokafka.errors import RequestTimedOutError, for_code

from shared.contracts.event import Event
from shared.messaging.producer import PARTITIONS

DAY_MS = 86_400_000
ANSWER_MS = 5_000
"""How long to wait for Kafka's answer."""
TRIES = 12
"""How often to ask for topics until Kafka's controller has made them."""

Settings = Mapping[str, str]

KEEPS_ALL: Settings = {"cleanup.policy": "delete", "retention.ms": "-1", "max.message.bytes": "1048588"}
"""A domain topic keeps everything: a new subscriber has the whole history."""
NEWEST_WINS: Settings = {
    "cleanup.policy": "compact",
    "max.compaction.lag.ms": str(DAY_MS),
    "segment.ms": str(DAY_MS),
    "delete.retention.ms": str(90 * DAY_MS),
    "max.message.bytes": "1048588",
}
"""A topic of whole states is compacted within a day, and keeps tombstones 90 days."""


@dataclass(frozen=True)
class TopicDifference:
    """A topic that is not as it should be; the sentence says what to do."""

    topic: str
    sentence: str


def wanted_topics(events: Iterable[type[Event]]) -> dict[str, Settings]:
    """The topics of these events, sorted, each with its settings."""
    compacted = {event.topic: event.compacted for event in events}
    return {topic: NEWEST_WINS if whole else KEEPS_ALL for topic, whole in sorted(compacted.items())}


class Topics:
    """Makes and checks the topics of `events` on Kafka at `bootstrap`; `prefix` comes before each name (tests)."""

    def __init__(self, bootstrap: str, events: Iterable[type[Event]], prefix: str = "", *, replicas: int = 1) -> None:
        self._bootstrap, self._prefix, self._replicas = bootstrap, prefix, replicas
        self._wanted = wanted_topics(events)

    async def make(self) -> list[str]:
        """Makes the missing topics and returns their names; raises KafkaError or TimeoutError if that fails."""
        made: set[str] = set()
        for tries in range(1, TRIES + 1):
            try:
                missing = await self._missing()
                made.update(missing)
                await self._create(missing)
                break
            except (RequestTimedOutError, TimeoutError):
                # A busy controller goes on making them after the answer is overdue; then they are there next time.
                if tries == TRIES:
                    raise
        return sorted(made)

    async def _missing(self) -> list[str]:
        existing = await self._partitions()
        return [name for name in self._wanted if name not in existing]

    async def _create(self, missing: list[str]) -> None:
        # On one broker acks=all means page cache, and rows that were sent are deleted: make it flush each batch.
        durable = {"flush.messages": "1"} if self._replicas == 1 else {"min.insync.replicas": "2"}
        new = [
            NewTopic(self._prefix + name, PARTITIONS, self._replicas, topic_configs={**self._wanted[name], **durable})
            for name in missing
        ]
        if new:
            async with _Admin(self._bootstrap) as admin:
                answer: Any = await admin.create_topics(new)
            _raise_for(answer.topic_errors)

    async def differences(self, topics: Iterable[str] | None = None) -> list[TopicDifference]:
        """How these topics, or all, differ from what is wanted; raises KafkaError or OSError while Kafka is down."""
        partitions = await self._partitions()
        wanted = {name: self._wanted[name] for name in topics} if topics is not None else self._wanted
        found = [_missing(name) for name in wanted if name not in partitions]
        existing = [name for name in wanted if name in partitions]
        settings = await self._settings(existing)
        for name in existing:
            found.extend(_compare(name, partitions[name], settings.get(name, {}), wanted[name]))
        return found

    async def extents(self, topics: Iterable[str]) -> dict[tuple[str, int], tuple[int, int]]:
        """The first offset that each partition still has, and its end; raises KafkaError or OSError without Kafka."""
        consumer = AIOKafkaConsumer(bootstrap_servers=self._bootstrap, request_timeout_ms=ANSWER_MS)
        try:
            await consumer.start()
            parts = [TopicPartition(self._prefix + name, number) for name in topics for number in range(PARTITIONS)]
            firsts, ends = await consumer.beginning_offsets(parts), await consumer.end_offsets(parts)
        finally:
            await consumer.stop()
        return {(tp.topic.removeprefix(self._prefix), tp.partition): (firsts[tp], ends[tp]) for tp in parts}

    async def _partitions(self) -> dict[str, int]:
        async with _Admin(self._bootstrap) as admin:
            described = await admin.describe_topics()
        names = {t["topic"].removeprefix(self._prefix): len(t["partitions"]) for t in described if not t["error_code"]}
        return {name: count for name, count in names.items() if name in self._wanted}

    async def _settings(self, topics: list[str]) -> dict[str, Settings]:
        if not topics:
            return {}
        asked = [ConfigResource(ConfigResourceType.TOPIC, self._prefix + name) for name in topics]
        async with _Admin(self._bootstrap) as admin:
            answers: list[Any] = list(await admin.describe_configs(asked))
        return {
            resource[3].removeprefix(self._prefix): {entry[0]: entry[1] for entry in resource[4]}
            for answer in answers
            for resource in answer.resources
        }


class _Admin:
    """An admin client for one request."""

    def __init__(self, bootstrap: str) -> None:
        self._client = AIOKafkaAdminClient(bootstrap_servers=bootstrap, request_timeout_ms=ANSWER_MS)

    async def __aenter__(self) -> AIOKafkaAdminClient:
        await self._client.start()
        return self._client

    async def __aexit__(self, *_: object) -> None:
        await self._client.close()


def _missing(name: str) -> TopicDifference:
    return TopicDifference(name, f"topic {name} is missing: run `entente topics`")


def _compare(name: str, partitions: int, settings: Settings, wanted: Settings) -> Iterable[TopicDifference]:
    if partitions != PARTITIONS:
        yield TopicDifference(
            name, f"topic {name} has {partitions} partitions instead of {PARTITIONS}: copy it to a new one, keys differ"
        )
    for key, value in wanted.items():
        if settings.get(key) != value:
            yield TopicDifference(name, f"topic {name} has {key}={settings.get(key)} instead of {value}: set it so")


def _raise_for(errors: Iterable[tuple[Any, ...]]) -> None:
    for topic, code, *_ in errors:
        error = for_code(code)
        if code and error.__name__ != "TopicAlreadyExistsError":
            raise error(f"topic {topic} could not be made")
