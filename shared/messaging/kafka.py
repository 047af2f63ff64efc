"""Kafka: gives polls to a consumer; the only file that knows FastStream. All else takes records and a connection."""

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
from shared.messaging.polling import IDLE_MS, POLL, NoMorePolls, Polls
from shared.messaging.position import NotReady, Partition, lock_offsets, read_offsets, require_nothing_lost
from shared.messaging.producer import AWAY, PARTITIONS, START_TIMEOUT, STOP_TIMEOUT

FETCH_WAIT_MS = 100
"""aiokafka has one fetch in flight for each broker: a partition that was drained waits as long for the next."""
SETTLED = 5.0
"""Seconds that a session must last to count as well when the one before broke off."""

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

    The handler, not the rebalance listener, holds the position: aiokafka fetches while the listener runs and swallows
    what it raises. A partition not yet sought in this assignment has its poll dropped and is sought from Postgres.
    """

    def __init__(
        self, bootstrap: str, prefix: str, group: str, runner: ConsumerRunner,
        check: Callable[[], Awaitable[None]] | None = None,
    ) -> None:  # fmt: skip
        """`prefix` comes before each topic's name; `check` runs before each session, and may raise NotReady."""
        self._bootstrap, self._prefix, self._group, self._runner = bootstrap, prefix, group, runner
        self._pool, self._check = runner.pool, check
        self._sought: set[TopicPartition] = set()
        self._looked_at: set[TopicPartition] = set()
        self._nexts: dict[TopicPartition, int] = {}  # of both, where Postgres goes on
        self._consumer: Callable[[], AIOKafkaConsumer | None] = lambda: None
        self._commits: asyncio.Task[None] | None = None
        self._behind: dict[TopicPartition, int] = {}
        self._settles = 0.0  # seconds that the next session must last to count as well
        self.trouble: str | None = "has not started"
        """Why it does not consume at the moment, in a sentence; None when it does."""

    async def run(self) -> None:
        """Consumes until cancelled; Kafka may come and go."""
        pause = 0.2
        while True:
            try:
                await self._session()
            except Exception as problem:
                if (task := asyncio.current_task()) and task.cancelling():
                    raise  # it was told to end, and what it met on its way out is no reason to begin again
                pause = min(pause * 2, 5.0) if self.trouble else 0.2
                self._tell(problem)
            await asyncio.sleep(pause)

    def _tell(self, problem: Exception) -> None:
        says_all = isinstance(problem, (NotReady, NoMorePolls))
        known = says_all or isinstance(problem, AWAY)
        why = "Kafka does not answer" if known else "it failed and begins again"
        self.trouble = str(problem) if says_all else f"{why} ({type(problem).__name__}: {problem})"[:500]
        log.warning(
            "consumer begins again", consumer=self._group, problem=self.trouble, exc_info=None if known else problem
        )

    async def _session(self) -> None:
        settles, self._settles = self._settles, 0.0
        if self._check:
            await self._check()
        broker = KafkaBroker(
            self._bootstrap, logger=None, apply_types=False, client_id=self._group, graceful_timeout=STOP_TIMEOUT,
            allow_auto_create_topics=False,
        )  # fmt: skip
        subscriber = broker.subscriber(
            *[self._prefix + topic for topic in self._runner.consumer.topics],
            group_id=self._group, auto_offset_reset="earliest", ack_policy=AckPolicy.MANUAL,
            listener=_Forget(self._forget), batch=True, max_records=POLL, batch_timeout_ms=IDLE_MS,
            fetch_max_wait_ms=FETCH_WAIT_MS, session_timeout_ms=10_000, max_poll_interval_ms=600_000,
            parser=self._whole, decoder=self._as_it_came,
        )  # fmt: skip
        subscriber.get_msg = Polls(self._nothing_is_lost, self._forget).next
        self._consumer = lambda: subscriber.consumer
        subscriber(self._handle)
        try:
            async with asyncio.timeout(START_TIMEOUT):
                await broker.start()
            self._settles = SETTLED
            # What ends the consume loop ends the session, and so does trouble of the look for the topics' ends.
            await self._until_one_ends([*subscriber.tasks, asyncio.ensure_future(self._look_after(settles))])
        finally:
            self._forget()
            await self._end_commits()
            await _stop(broker, subscriber.consumer)

    async def _until_one_ends(self, tasks: Sequence[asyncio.Task[Any]]) -> None:
        try:
            ended, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
            for task in ended:
                task.result()
        finally:
            tasks[-1].cancel()

    async def _look_after(self, settles: float) -> None:
        """Does what no poll brings about: leads back to what was left behind, remembers what was read to its end.

        After `settles` seconds all is well.
        """
        behind, settled = True, time.monotonic() + settles
        while (consumer := self._consumer()) is not None:
            if time.monotonic() >= settled:
                self.trouble = None
            with suppress(*DATABASE_AWAY):
                await self._lead_back(consumer)
                behind = behind and await self._catch_up(consumer)
            await asyncio.sleep(0.2 if behind else 1.0)

    async def _lead_back(self, consumer: AIOKafkaConsumer) -> None:
        """Goes back where Kafka began behind what Postgres has, or a poll was given back: no new record may ever come.

        It only seeks and never says that it did: the next poll of such a partition is dropped and sought like any.
        """
        new = {tp for tp in consumer.assignment() if tp not in self._sought and tp not in self._looked_at}
        if not new:
            return
        nexts = await read_offsets(self._pool, self._runner.consumer.name)
        for tp in new:
            with suppress(IllegalStateError):  # it was taken from us in the meantime
                async with asyncio.timeout(STOP_TIMEOUT):
                    position, next = await consumer.position(tp), nexts.get(self._place(tp), 0)
                if position > next and tp not in self._sought:
                    consumer.seek(tp, next)
                self._looked_at.add(tp)
                self._nexts.setdefault(tp, next)

    async def _catch_up(self, consumer: AIOKafkaConsumer) -> bool:
        """Remembers, once and for ever, of each topic that all it held at this moment was read; False when of all."""
        topics = await self._not_caught_up()
        for topic in topics:
            parts = [TopicPartition(self._prefix + topic, number) for number in range(PARTITIONS)]
            ends = {tp.partition: end for tp, end in (await consumer.end_offsets(parts)).items() if end}
            await self._pool.execute(CAUGHT_UP, self._runner.consumer.name, topic, list(ends), list(ends.values()))
        return bool(topics)

    async def _not_caught_up(self) -> list[str]:
        name, topics = self._runner.consumer.name, self._runner.consumer.topics
        return [row["topic"] for row in await self._pool.fetch(NOT_CAUGHT_UP, name, topics)]

    def _place(self, tp: TopicPartition) -> Partition:
        return tp.topic.removeprefix(self._prefix), tp.partition

    def _forget(self) -> None:
        self._sought.clear()
        self._looked_at.clear()
        self._nexts.clear()

    async def _nothing_is_lost(self, consumer: AIOKafkaConsumer) -> None:
        """aiokafka tells nobody that its place lies beyond the end of a partition, and begins at the beginning."""
        ends = self._ends(consumer)
        if short := {tp: next for tp, next in self._nexts.items() if ends.get(tp, next) < next}:
            # What was fetched last may be older than what another process read since: ask.
            found = {self._place(tp): end for tp, end in (await consumer.end_offsets(list(short))).items()}
            require_nothing_lost(
                self._runner.consumer.name, {self._place(tp): next for tp, next in short.items()}, found
            )

    def _ends(self, consumer: AIOKafkaConsumer) -> dict[TopicPartition, int]:
        """The end of each assigned partition, as Kafka last said it."""
        highs = {tp: consumer.highwater(tp) for tp in consumer.assignment()}
        return {tp: high for tp, high in highs.items() if high is not None}

    # The stock parser and decoder lose a whole batch in silence when one header is not UTF-8.
    async def _whole(self, records: tuple[ConsumerRecord[Any, Any], ...]) -> KafkaAckableMessage:
        consumer: Any = self._consumer()
        return KafkaAckableMessage(body=b"", raw_message=records, consumer=consumer)

    async def _as_it_came(self, message: KafkaAckableMessage) -> Any:
        return message.raw_message

    async def _handle(self, raw: tuple[ConsumerRecord[Any, Any], ...]) -> None:
        try:
            await self._take(raw)
        except Exception:
            log.exception("a poll was given back", consumer=self._group)
            # Nothing of it moved the offsets: forget what was sought, so that it is led back and read again.
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
            # Never of a partition that was dropped: Kafka would begin behind it, and nothing would lead us back.
            done = {TopicPartition(r.topic, r.partition): r.offset + 1 for r in raw}
            taken = {tp: next for tp, next in done.items() if tp not in unsought}
            self._nexts |= {tp: next for tp, next in taken.items() if tp in self._sought}
            self._commit_behind(consumer, taken)

    async def _seek(self, consumer: AIOKafkaConsumer, partitions: set[TopicPartition]) -> None:
        places = {tp: self._place(tp) for tp in partitions}
        async with self._pool.acquire() as db, db.transaction():
            nexts = await lock_offsets(db, self._runner.consumer.name, list(places.values()))
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

    def _commit_behind(self, consumer: AIOKafkaConsumer, nexts: Mapping[TopicPartition, int]) -> None:
        # Kafka's own offsets are for lag reports only. Its coordinator holds each commit about 5 ms
        # (group.coordinator.append.linger.ms), so it is never awaited here.
        self._behind |= nexts
        if self._commits is None or self._commits.done():
            self._commits = asyncio.ensure_future(self._commit(consumer))

    async def _commit(self, consumer: AIOKafkaConsumer) -> None:
        while self._behind:
            nexts, self._behind = self._behind, {}
            with suppress(Exception):
                await consumer.commit({tp: n for tp, n in nexts.items() if tp in consumer.assignment()})
            await asyncio.sleep(0.2)

    async def _end_commits(self) -> None:
        """What was not sent yet belongs to partitions that are given away; Postgres has it."""
        self._behind.clear()
        if self._commits is not None:
            self._commits.cancel()
            await asyncio.wait([self._commits], timeout=STOP_TIMEOUT)

    def lag(self) -> dict[Partition, int]:
        """Records of each assigned partition that were not yet applied, skipped or kept; empty while in trouble."""
        consumer = self._consumer()
        if consumer is None or self.trouble:
            return {}
        ends = self._ends(consumer)
        return {self._place(tp): max(ends[tp] - next, 0) for tp, next in self._nexts.items() if tp in ends}


async def _stop(broker: KafkaBroker, consumer: AIOKafkaConsumer | None) -> None:
    """Bounded. A part of the client that died ends a stop there and then: a second one stops the rest."""
    stop = asyncio.ensure_future(broker.stop())
    await asyncio.wait([stop], timeout=STOP_TIMEOUT)
    if stop.done() and not stop.cancelled() and stop.exception():
        ends = [broker.stop(), consumer._client.close()] if consumer else [broker.stop()]  # pyright: ignore
        await asyncio.wait([asyncio.ensure_future(end) for end in ends], timeout=STOP_TIMEOUT)


class _Forget(ConsumerRebalanceListener):
    """Forgets what was sought: whoever is assigned a partition seeks it anew."""

    def __init__(self, forget: Callable[[], None]) -> None:
        self._forget = forget

    def on_partitions_revoked(self, revoked: Iterable[TopicPartition]) -> None:
        self._forget()

    def on_partitions_assigned(self, assigned: Iterable[TopicPartition]) -> None:
        self._forget()
