"""Kafka: hands polls to a consumer. The only file that knows FastStream: the rest takes records and a connection."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from typing import Any

import structlog
from aiokafka import AIOKafkaConsumer, ConsumerRebalanceListener, ConsumerRecord, TopicPartition
from aiokafka.errors import IllegalStateError
from faststream import AckPolicy
from faststream.kafka import KafkaBroker
from faststream.kafka.message import KafkaAckableMessage

from shared.messaging.consumer import ConsumerRunner
from shared.messaging.dead_letter import Record
from shared.messaging.outbox import DATABASE_AWAY
from shared.messaging.polling import IDLE_MS, POLL, ClientFailed, Poller
from shared.messaging.position import NotReady, Partition, read_offsets, require_nothing_lost
from shared.messaging.producer import AWAY, PARTITIONS, START_TIMEOUT, STOP_TIMEOUT
from shared.messaging.workarounds import close_client, replace_poll, rest_when_drained

FETCH_WAIT_MS = 100
"""aiokafka has one fetch in flight for each broker: a drained partition waits this long for the next one."""
REST_MS = 500
"""With nothing left to read in any partition, a fetch may wait this long: its answer comes with the first record."""
MAX_POLL_INTERVAL_MS = 600_000
"""A process that hangs longer in a poll loses its partitions to another."""
METADATA_AGE_MS = 30_000
"""The maximum age of topic metadata: a consumer that joined while a topic was missing detects the topic then."""
SETTLED = 5.0
"""Seconds that a session must last before the consumer counts as healthy again after a failed one."""

NOT_CAUGHT_UP = """select t as topic from unnest($2::text[]) t
    where not exists (select from caught_up c where c.consumer = $1 and c.topic = t)"""
CAUGHT_UP = """insert into caught_up (consumer, topic) select $1, $2 where not exists (
        select from unnest($3::int[], $4::bigint[]) e(partition, ends)
        left join offsets o on o.consumer = $1 and o.topic = $2 and o.partition = e.partition
        where coalesce(o.next, 0) < e.ends)
    on conflict do nothing"""

log = structlog.get_logger()


class Subscription:
    """One consumer's group on Kafka: a FastStream batch subscriber that gives whole polls to a `ConsumerRunner`.

    The handler seeks, not the rebalance listener: aiokafka fetches while the listener runs, and swallows its errors.
    The first poll of a newly assigned partition is dropped, and the partition read again from its offset in Postgres.
    """

    def __init__(
        self, bootstrap: str, group: str, runner: ConsumerRunner, *,
        prefix: str = "", check: Callable[[], Awaitable[None]] | None = None,
    ) -> None:  # fmt: skip
        """`prefix` comes before each topic's name; `check` runs before each session, and may raise NotReady."""
        self._bootstrap, self._group, self._runner, self._prefix = bootstrap, group, runner, prefix
        self._pool, self._check = runner.pool, check
        self._sought: set[TopicPartition] = set()
        self._rewound: set[TopicPartition] = set()
        self._nexts: dict[TopicPartition, int] = {}  # of both: the next offset in Postgres
        self._consumer: Callable[[], AIOKafkaConsumer | None] = lambda: None
        self._commits: asyncio.Task[None] | None = None
        self._to_commit: dict[TopicPartition, int] = {}
        self._settles = 0.0  # seconds that the next session must last to count as healthy
        self._trouble: str | None = "has not started"

    @property
    def trouble(self) -> str | None:
        """Why it is not consuming, in a sentence; None if it is."""
        return self._trouble or self._runner.trouble

    async def run(self) -> None:
        """Consumes until cancelled, and restarts after every failure."""
        retrying = asyncio.create_task(self._runner.retry())
        try:
            await self._restart_sessions()
        finally:
            retrying.cancel()
            await asyncio.wait([retrying], timeout=2 * STOP_TIMEOUT)

    async def _restart_sessions(self) -> None:
        pause = 0.2
        while True:
            try:
                await self._session()
            except Exception as problem:
                if (task := asyncio.current_task()) and task.cancelling():
                    raise  # it was cancelled, and this failure happened on shutdown
                pause = min(pause * 2, 5.0) if self._trouble else 0.2
                self._report(problem)
            await asyncio.sleep(pause)

    @property
    def client(self) -> AIOKafkaConsumer | None:
        """Kafka's client of the current session."""
        return self._consumer()

    def _report(self, problem: Exception) -> None:
        explained = isinstance(problem, (NotReady, ClientFailed))
        known = explained or isinstance(problem, AWAY)
        why = "Kafka does not answer" if known else "it failed and restarts"
        self._trouble = str(problem) if explained else f"{why} ({type(problem).__name__}: {problem})"[:500]
        log.warning(
            "consumer restarts", consumer=self._group, problem=self._trouble, exc_info=None if known else problem
        )

    async def _session(self) -> None:
        settles, self._settles = self._settles, 0.0
        if self._check:
            await self._check()
        broker = KafkaBroker(
            self._bootstrap, logger=None, apply_types=False, client_id=self._group, graceful_timeout=STOP_TIMEOUT,
            allow_auto_create_topics=False, metadata_max_age_ms=METADATA_AGE_MS,
        )  # fmt: skip
        subscriber = broker.subscriber(
            *[self._prefix + topic for topic in self._runner.consumer.topics],
            group_id=self._group, auto_offset_reset="earliest", ack_policy=AckPolicy.MANUAL,
            listener=_OnRebalance(self._forget), batch=True, max_records=POLL, batch_timeout_ms=IDLE_MS,
            fetch_max_wait_ms=FETCH_WAIT_MS, session_timeout_ms=10_000, max_poll_interval_ms=MAX_POLL_INTERVAL_MS,
            parser=self._parse, decoder=self._decode,
        )  # fmt: skip
        replace_poll(subscriber, Poller(self._require_nothing_lost, self._forget).poll)
        self._consumer = lambda: subscriber.consumer
        subscriber(self._handle)
        try:
            async with asyncio.timeout(START_TIMEOUT):
                await broker.start()
            self._settles = SETTLED
            # The session ends with the consume loop, or with the watch.
            await self._until_one_ends([*subscriber.tasks, asyncio.ensure_future(self._watch(settles))])
        finally:
            self._forget()
            await self._stop_commits()
            await _stop(broker, subscriber.consumer)

    async def _until_one_ends(self, tasks: Sequence[asyncio.Task[Any]]) -> None:
        try:
            ended, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
            for task in ended:
                task.result()
        finally:
            tasks[-1].cancel()

    async def _watch(self, settles: float) -> None:
        """Does what is needed even without polls: rewinds, and records which topics were read to their end.

        After `settles` seconds the consumer is out of trouble.
        """
        behind, settled = True, time.monotonic() + settles
        while (consumer := self._consumer()) is not None:
            if time.monotonic() >= settled:
                self._trouble = None
            with suppress(*DATABASE_AWAY):
                await self._rewind(consumer)
                if behind and not (behind := await self._record_caught_up(consumer)):
                    # Not before: Kafka answers a question for the ends after the fetch in flight.
                    rest_when_drained(consumer, REST_MS)
            await asyncio.sleep(0.2 if behind else 1.0)

    async def _rewind(self, consumer: AIOKafkaConsumer) -> None:
        """Goes back to the offset in Postgres if Kafka's is ahead or a poll failed: there may never be a new record.

        It leaves the partition as not yet sought: its next poll is dropped and read again, as after any assignment.
        """
        new = {tp for tp in consumer.assignment() if tp not in self._sought and tp not in self._rewound}
        if not new:
            return
        nexts = await read_offsets(self._pool, self._runner.consumer.name)
        for tp in new:
            with suppress(IllegalStateError):  # no longer assigned
                async with asyncio.timeout(STOP_TIMEOUT):
                    position, next = await consumer.position(tp), nexts.get(self._place(tp), 0)
                if position > next and tp not in self._sought:
                    consumer.seek(tp, next)
                self._rewound.add(tp)
                self._nexts.setdefault(tp, next)

    async def _record_caught_up(self, consumer: AIOKafkaConsumer) -> bool:
        """Marks each topic whose records so far were all read, once for each; False once every topic is marked."""
        topics = await self._not_caught_up()
        if not topics:
            return False
        parts = [TopicPartition(self._prefix + topic, number) for topic in topics for number in range(PARTITIONS)]
        found = {self._place(tp): end for tp, end in (await consumer.end_offsets(parts)).items() if end}
        for topic in topics:
            ends = {number: end for (of, number), end in found.items() if of == topic}
            await self._pool.execute(CAUGHT_UP, self._runner.consumer.name, topic, list(ends), list(ends.values()))
        return True

    async def _not_caught_up(self) -> list[str]:
        name, topics = self._runner.consumer.name, self._runner.consumer.topics
        return [row["topic"] for row in await self._pool.fetch(NOT_CAUGHT_UP, name, topics)]

    def _place(self, tp: TopicPartition) -> Partition:
        return tp.topic.removeprefix(self._prefix), tp.partition

    def _forget(self) -> None:
        """Forgets which partitions were sought, so that each is sought again."""
        self._sought.clear()
        self._rewound.clear()
        self._nexts.clear()

    async def _require_nothing_lost(self, consumer: AIOKafkaConsumer) -> None:
        """aiokafka does not say that its offset is beyond the end of a partition: it starts from the beginning."""
        ends = self._ends(consumer)
        if short := {tp: next for tp, next in self._nexts.items() if ends.get(tp, next) < next}:
            # The known end may be older than what another process has read since: ask Kafka.
            found = {self._place(tp): end for tp, end in (await consumer.end_offsets(list(short))).items()}
            nexts = {self._place(tp): next for tp, next in short.items()}
            require_nothing_lost(self._runner.consumer.name, nexts, found)

    def _ends(self, consumer: AIOKafkaConsumer) -> dict[TopicPartition, int]:
        """The end of each assigned partition, by Kafka's last answer."""
        highs = {tp: consumer.highwater(tp) for tp in consumer.assignment()}
        return {tp: high for tp, high in highs.items() if high is not None}

    # FastStream's own parser decodes the values of all headers; a batch with one that is not UTF-8 is lost silently.
    # (ag2ai/faststream#2458 reports the same of its Confluent parser.)
    async def _parse(self, records: tuple[ConsumerRecord[Any, Any], ...]) -> KafkaAckableMessage:
        consumer: Any = self._consumer()
        return KafkaAckableMessage(body=b"", raw_message=records, consumer=consumer)

    async def _decode(self, message: KafkaAckableMessage) -> Any:
        return message.raw_message

    async def _handle(self, raw: tuple[ConsumerRecord[Any, Any], ...]) -> None:
        try:
            await self._take(raw)
        except Exception:
            log.exception("a poll failed and will be read again", consumer=self._group)
            # It moved no offset in Postgres: `_rewind` goes back there.
            self._forget()
            await asyncio.sleep(0.5)

    async def _take(self, raw: Sequence[ConsumerRecord[Any, Any]]) -> None:
        consumer = self._consumer()
        if consumer is None:
            return
        unsought = {TopicPartition(r.topic, r.partition) for r in raw} - self._sought
        if unsought:
            await self._seek(consumer, unsought)
        records = [self._record(r) for r in raw if TopicPartition(r.topic, r.partition) not in unsought]
        if records:
            await self._runner.take(records)
            # Never for a partition whose poll was dropped: Kafka would continue after it, and nothing would go back.
            done = {TopicPartition(r.topic, r.partition): r.offset + 1 for r in raw}
            taken = {tp: next for tp, next in done.items() if tp not in unsought}
            self._nexts |= {tp: next for tp, next in taken.items() if tp in self._sought}
            self._commit_later(consumer, taken)

    async def _seek(self, consumer: AIOKafkaConsumer, partitions: set[TopicPartition]) -> None:
        places = {tp: self._place(tp) for tp in partitions}
        nexts = await self._runner.seek(list(places.values()))
        for partition, place in places.items():
            if partition in consumer.assignment():
                consumer.seek(partition, nexts[place])
                self._sought.add(partition)
                self._nexts[partition] = nexts[place]

    def _record(self, raw: ConsumerRecord[Any, Any]) -> Record:
        topic = raw.topic.removeprefix(self._prefix)
        # A header without a value is null on the wire.
        headers = [(name, value or b"") for name, value in raw.headers]
        return Record(topic, raw.partition, raw.offset, raw.key, raw.value, headers)

    def _commit_later(self, consumer: AIOKafkaConsumer, nexts: Mapping[TopicPartition, int]) -> None:
        # Kafka's own offsets serve lag reports only. Its coordinator holds each commit about 5 ms
        # (group.coordinator.append.linger.ms), so never await one here.
        self._to_commit |= nexts
        if self._commits is None or self._commits.done():
            self._commits = asyncio.ensure_future(self._commit(consumer))

    async def _commit(self, consumer: AIOKafkaConsumer) -> None:
        while self._to_commit:
            nexts, self._to_commit = self._to_commit, {}
            with suppress(Exception):
                await consumer.commit({tp: n for tp, n in nexts.items() if tp in consumer.assignment()})
            await asyncio.sleep(0.2)

    async def _stop_commits(self) -> None:
        """Drops pending commits: the partitions go to another process, and Postgres has the offsets."""
        self._to_commit.clear()
        if self._commits is not None:
            self._commits.cancel()
            await asyncio.wait([self._commits], timeout=STOP_TIMEOUT)

    def lag(self) -> dict[Partition, int]:
        """Records of each assigned partition that were not yet applied, skipped or kept; empty while in trouble."""
        consumer = self._consumer()
        if consumer is None or self._trouble:
            return {}
        ends = self._ends(consumer)
        return {self._place(tp): max(ends[tp] - next, 0) for tp, next in self._nexts.items() if tp in ends}


async def _stop(broker: KafkaBroker, consumer: AIOKafkaConsumer | None) -> None:
    """Stops in bounded time. A stop that fails halfway leaves connections: a second one and `close_client` end them."""
    stop = asyncio.ensure_future(broker.stop())
    await asyncio.wait([stop], timeout=STOP_TIMEOUT)
    if stop.done() and not stop.cancelled() and stop.exception():
        ends = [broker.stop(), close_client(consumer)] if consumer else [broker.stop()]
        await asyncio.wait([asyncio.ensure_future(end) for end in ends], timeout=STOP_TIMEOUT)


class _OnRebalance(ConsumerRebalanceListener):
    """Forgets what was sought: every assignment seeks afresh."""

    def __init__(self, forget: Callable[[], None]) -> None:
        self._forget = forget

    def on_partitions_revoked(self, revoked: Iterable[TopicPartition]) -> None:
        self._forget()

    def on_partitions_assigned(self, assigned: Iterable[TopicPartition]) -> None:
        self._forget()
