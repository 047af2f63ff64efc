"""Worker: what a service does in the background: relay lanes, consumers, timers and outgoing work."""

import asyncio
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Collection
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta

import asyncpg
import structlog

from shared.contracts import load_all
from shared.domain.refused import Changed, Refused, Unavailable
from shared.kafka_admin.readiness import Readiness
from shared.kafka_admin.topics import Topics
from shared.messaging.consumer import ConsumerRunner
from shared.messaging.kafka import Subscription
from shared.messaging.outbox import CHANNEL, Pool
from shared.messaging.producer import AWAY, Producer
from shared.messaging.reactions import Consumer
from shared.messaging.relay import Lane
from shared.messaging.timer import fire_next
from shared.service.commands import Clock, CommandRunner
from shared.service.health import Health, Trouble
from shared.service.outgoing import OutgoingRunner
from shared.service.rows import Service
from shared.telemetry.metrics import Metrics

TICK = 0.25
"""Seconds between checks for due timers."""

STOP_PATIENCE = 15.0
"""Seconds that a part has to stop before it is cancelled again."""
HEALTHY = 60.0
"""Seconds that a part must run before its next restart is as quick as the first."""
CHECK = 10.0
"""Seconds between checks of Kafka's topics while all is well."""

log = structlog.get_logger()

OUTBOX = """select topic, count(*) as rows, now() - min(time) as oldest,
    count(*) filter (where exists (select from stuck s where s.topic = o.topic and s.key = o.key)) as stuck
    from outbox o group by topic"""
KEPT = """select consumer, count(distinct (topic, key)) filter (where state = 'waiting') as waiting,
    count(distinct (topic, key)) filter (where state <> 'waiting') as parked from dead_letter group by consumer"""
TIMERS = "select kind, count(*) filter (where due <= $1) as due from timer group by kind"
OUTGOING = """select kind, count(*) filter (where due < 'infinity') as pending,
    count(*) filter (where due = 'infinity') as failed from outgoing group by kind"""


@dataclass(frozen=True)
class Pools:
    """Connections to the service's schema, apart: none of the three waits for requests or events of another."""

    api: Pool
    """Also for timers, outgoing work and metrics."""
    relay: Pool
    consumers: Pool


class Worker:
    """Runs a service's background work."""

    def __init__(
        self, service: Service, pools: Pools, runner: CommandRunner, clock: Clock, metrics: Metrics,
        wake: Callable[[], None],
    ) -> None:  # fmt: skip
        """`wake` wakes the relay's lanes of all processes."""
        self._service, self._pool, self._runner, self._clock, self._metrics = service, pools.api, runner, clock, metrics
        self._consuming, self._wake = pools.consumers, wake
        settings = service.settings
        prefix, source = settings.topic_prefix, f"/{settings.installation}/{service.name}"
        self.lanes = [
            Lane(topic, pools.relay, Producer(settings.kafka, prefix + topic, f"{service.name}-relay"), source, metrics)
            for topic in service.topics
        ]
        self._topics = Topics(settings.kafka, load_all().values(), prefix)
        self.subscriptions = [self._subscription(consumer) for consumer in service.consumers]
        self._outgoing = [OutgoingRunner(row, settings, pools.api) for row in service.outgoing]
        self._kafka = _Kafka()
        self._consumers: list[asyncio.Task[None]] = []
        self._background: list[asyncio.Task[None]] = []
        self._relays: list[asyncio.Task[None]] = []
        # Separately: one that fails hides no other.
        of_database = [self._gather_outbox, self._gather_kept, self._gather_timers, self._gather_outgoing]
        for gathering in (self._gather_lag, *of_database):
            metrics.gather_with(gathering)

    def _subscription(self, consumer: Consumer) -> Subscription:
        kafka, prefix = self._service.settings.kafka, self._service.settings.topic_prefix
        react = self._runner.react(consumer)
        runner = ConsumerRunner(self._consuming, consumer, react, self._consumed, is_permanent)
        group = f"{prefix}{self._service.name}.{consumer.name}"
        check = Readiness(self._topics, consumer, self._consuming).check
        return Subscription(kafka, group, runner, prefix=prefix, check=check)

    @property
    def parts(self) -> dict[str, Trouble]:
        """The parts that report trouble, by name."""
        lanes: dict[str, Trouble] = {f"relay {lane.topic}": lane for lane in self.lanes}
        names = [consumer.name for consumer in self._service.consumers]
        kafka: dict[str, Trouble] = {"Kafka": self._kafka}
        return kafka | lanes | {f"consumer {name}": s for name, s in zip(names, self.subscriptions, strict=True)}

    def nudge(self) -> bool:
        """Wakes the relay's lanes here, since the outbox has new rows; False if another process has some of them."""
        return all([lane.nudge() for lane in self.lanes])

    def start(self, health: Health) -> None:
        """Starts everything; nothing needs Kafka to be up."""
        self._consumers = [self._supervise(f"consumer {s}", s.run) for s in self.subscriptions]
        self._background = [
            self._supervise("timers", self._fire_timers),
            self._supervise("topics", lambda: self._check_topics(health)),
            self._supervise("listener", self._listen),
            self._supervise("idempotency keys", self._forget_answers),
            *(self._supervise(f"outgoing {o.row.kind}", o.run) for o in self._outgoing),
        ]
        self._relays = [self._supervise(f"relay {lane.topic}", lane.run) for lane in self.lanes]

    async def stop(self) -> None:
        """Stops consumers and timers, then the relay; rows left in the outbox are sent by the next process."""
        await _stop([*self._consumers, *self._background])
        await _stop(self._relays)

    def _supervise(self, name: str, run: Callable[[], Awaitable[None]]) -> asyncio.Task[None]:
        return asyncio.create_task(_restarting(name, run), name=name)

    async def _fire_timers(self) -> None:
        kinds = {row.kind: self._runner.fire(row) for row in self._service.timers}
        while True:
            while kinds and await fire_next(self._pool, kinds, self._clock()):
                self._wake()
            await asyncio.sleep(TICK)

    async def _listen(self) -> None:
        """Wakes the relay when another process of this service writes rows."""
        async with self._pool.acquire() as db:
            channel = await db.fetchval(f"select current_schema || '.{CHANNEL}'")
            await db.add_listener(channel, self._heard)
            try:
                while True:
                    await asyncio.sleep(30)
                    await db.fetchval("select 1")
            finally:
                with suppress(asyncpg.InterfaceError):  # the connection was lost
                    await db.remove_listener(channel, self._heard)

    async def _forget_answers(self) -> None:
        while True:
            await self._runner.forget_answers()
            await asyncio.sleep(3600)

    def _heard(self, *_: object) -> None:
        self.nudge()

    async def _check_topics(self, health: Health) -> None:
        wanted = {*self._service.topics, *(topic for c in self._service.consumers for topic in c.topics)}
        while True:
            try:
                health.differences = await self._topics.differences(wanted)
                self._kafka.trouble = None
            except AWAY as problem:
                # An idle relay or consumer does not notice.
                self._kafka.trouble = f"it does not answer ({type(problem).__name__})"
            await asyncio.sleep(2 if health.differences or self._kafka.trouble else CHECK)

    def _consumed(self, consumer: str, outcomes: Counter[tuple[str, str]]) -> None:
        for (topic, outcome), count in outcomes.items():
            if count:
                self._metrics.consumed(consumer, topic, outcome, count)  # pyright: ignore[reportArgumentType]
        if self._service.topics:
            self._wake()

    async def _gather_outbox(self) -> None:
        seen = {row["topic"]: row for row in await self._pool.fetch(OUTBOX)}
        for topic in self._service.topics:
            row = seen.get(topic)
            oldest, stuck = (row["oldest"], row["stuck"]) if row else (timedelta(), 0)
            self._metrics.outbox(topic, rows=row["rows"] if row else 0, oldest=oldest, stuck=stuck)

    async def _gather_kept(self) -> None:
        kept = {row["consumer"]: row for row in await self._pool.fetch(KEPT)}
        for name in (consumer.name for consumer in self._service.consumers):
            row = kept.get(name)
            self._metrics.kept_keys(name, waiting=row["waiting"] if row else 0, parked=row["parked"] if row else 0)

    async def _gather_lag(self) -> None:
        for consumer, subscription in zip(self._service.consumers, self.subscriptions, strict=True):
            # A client that lost Kafka keeps reporting the last lag it knew.
            self._metrics.lag(consumer.name, {} if self._kafka.trouble else subscription.lag())

    async def _gather_timers(self) -> None:
        due = {row["kind"]: row["due"] for row in await self._pool.fetch(TIMERS, self._clock())}
        for row in self._service.timers:
            self._metrics.timers_due(row.kind, due.get(row.kind, 0))

    async def _gather_outgoing(self) -> None:
        found = {row["kind"]: row for row in await self._pool.fetch(OUTGOING)}
        for kind in (row.kind for row in self._service.outgoing):
            row = found.get(kind)
            self._metrics.outgoing(kind, pending=row["pending"] if row else 0, failed=row["failed"] if row else 0)


def is_permanent(problem: Exception) -> bool:
    """Whether no retry can help: a broken rule stays broken; only some refusals say that they may pass."""
    return isinstance(problem, Refused) and not isinstance(problem, (Changed, Unavailable))


class _Kafka:
    trouble: str | None = None


async def _restarting(name: str, run: Callable[[], Awaitable[None]]) -> None:
    pause = 0.5
    while True:
        began = time.monotonic()
        try:
            await run()
        except Exception:
            if (task := asyncio.current_task()) and task.cancelling():
                raise  # it was cancelled, and this failure came on the way out
            log.exception("a part of the worker failed and restarts", part=name)
        if time.monotonic() - began > HEALTHY:
            pause = 0.5
        await asyncio.sleep(pause)
        pause = min(pause * 2, 10.0)


async def _stop(tasks: Collection[asyncio.Task[None]]) -> None:
    # Repeatedly if need be: some libraries swallow a cancellation.
    while tasks:
        for task in tasks:
            task.cancel()
        _, tasks = await asyncio.wait(tasks, timeout=STOP_PATIENCE)
