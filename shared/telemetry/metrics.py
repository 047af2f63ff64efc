"""The metrics of a service for Prometheus: requests, commands, relay, consumers, and work that waits."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from datetime import timedelta
from typing import Literal

import structlog
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, ProcessCollector
from prometheus_client.exposition import generate_latest

log: structlog.stdlib.BoundLogger = structlog.get_logger(__name__)

Outcome = Literal["applied", "skipped", "parked", "waiting"]
"""What a consumer did with a record."""

Gathering = Callable[[], Awaitable[None]]
"""Sets gauges; called at each scrape."""

GATHERING_LIMIT = 2.0
"""Seconds that each gathering may take, so that a scrape is answered while the database is away."""

BUCKETS = (0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)


class Metrics:
    """The metrics of one service, in its own `registry`; all times are in seconds."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self.registry = registry
        self._gatherings: list[Gathering] = []
        ProcessCollector(registry=registry)
        self._failed = Counter("entente_scrape_failures", "Scrapes that could not read a part.", registry=registry)
        self._make_work(registry)
        self._make_relay(registry)
        self._make_consumers(registry)
        self._make_pending(registry)

    def gather_with(self, gathering: Gathering) -> None:
        """Calls `gathering` before each answer to a scrape."""
        self._gatherings.append(gathering)

    async def exposition(self) -> bytes:
        """The text that Prometheus reads, after all gatherings; counts one that fails and goes on with the others."""
        await asyncio.gather(*map(self._gather, self._gatherings))
        return generate_latest(self.registry)

    async def _gather(self, gathering: Gathering) -> None:
        try:
            async with asyncio.timeout(GATHERING_LIMIT):
                await gathering()
        except Exception as error:  # one part that cannot be read must not fail the scrape
            self._failed.inc()
            log.warning("part of the metrics not read", reason=type(error).__name__)

    def _make_work(self, registry: CollectorRegistry) -> None:
        self._requests = Histogram(
            "entente_http_request_duration_seconds",
            "HTTP requests by route template.",
            ["method", "route", "status"],
            buckets=BUCKETS,
            registry=registry,
        )
        self._commands = Histogram(
            "entente_command_duration_seconds",
            "Commands by use case, with retries.",
            ["use_case", "outcome"],
            buckets=BUCKETS,
            registry=registry,
        )

    def request(self, method: str, route: str, status: int, seconds: float) -> None:
        """Records an answered request; `route` is the template, never the path."""
        self._requests.labels(method, route, str(status)).observe(seconds)

    def command(self, use_case: str, outcome: str, seconds: float) -> None:
        """Records a use case that ran; `outcome` is `done`, the slug of the refusal, or `failed`."""
        self._commands.labels(use_case, outcome).observe(seconds)

    def _make_relay(self, registry: CollectorRegistry) -> None:
        topic = ["topic"]
        self._relayed = Counter("entente_relay_records", "Records acknowledged by Kafka.", topic, registry=registry)
        self._batches = Counter("entente_relay_batches", "Batches acknowledged by Kafka.", topic, registry=registry)
        self._relay_errors = Counter(
            "entente_relay_errors", "Times the relay cut its producer off.", ["topic", "reason"], registry=registry
        )

    def relayed(self, topic: str, records: int) -> None:
        """Records that Kafka acknowledged a batch of `records`."""
        self._relayed.labels(topic).inc(records)
        self._batches.labels(topic).inc()

    def relay_failed(self, topic: str, reason: str) -> None:
        """Records that the relay of a topic begins again; `reason` is the class of the error."""
        self._relay_errors.labels(topic, reason).inc()

    def _make_consumers(self, registry: CollectorRegistry) -> None:
        self._consumed = Counter(
            "entente_consumer_records",
            "Records by what became of them.",
            ["consumer", "topic", "outcome"],
            registry=registry,
        )
        self._lag = Gauge(
            "entente_consumer_lag_records",
            "Records not yet applied, skipped or parked.",
            ["consumer", "topic", "partition"],
            registry=registry,
        )
        self._lagging: dict[str, set[tuple[str, int]]] = {}
        self._kept = Gauge(
            "entente_consumer_keys",
            "Keys with an event that waits for its predecessor (waiting) or an operator (parked).",
            ["consumer", "state"],
            registry=registry,
        )

    def consumed(self, consumer: str, topic: str, outcome: Outcome, records: int = 1) -> None:
        """Counts `records` with this outcome, in a transaction that committed."""
        self._consumed.labels(consumer, topic, outcome).inc(records)

    def lag(self, consumer: str, records: Mapping[tuple[str, int], int]) -> None:
        """Sets how many records of each topic and partition are still to come.

        Drops other partitions: another process reports them, or their lag is unknown while Kafka is down.
        """
        for topic, partition in self._lagging.get(consumer, set()) - records.keys():
            self._lag.remove(consumer, topic, str(partition))
        for (topic, partition), count in records.items():
            self._lag.labels(consumer, topic, str(partition)).set(count)
        self._lagging[consumer] = set(records)

    def kept_keys(self, consumer: str, *, waiting: int, parked: int) -> None:
        """Sets how many keys of a consumer wait for a predecessor, and how many for an operator."""
        self._kept.labels(consumer, "waiting").set(waiting)
        self._kept.labels(consumer, "parked").set(parked)

    def _make_pending(self, registry: CollectorRegistry) -> None:
        topic = ["topic"]
        self._outbox = Gauge("entente_outbox_rows", "Rows not yet acknowledged.", topic, registry=registry)
        self._oldest = Gauge("entente_outbox_oldest_age_seconds", "Age of the oldest.", topic, registry=registry)
        self._stuck = Gauge("entente_outbox_stuck_rows", "Rows refused for good.", topic, registry=registry)
        self._timers = Gauge("entente_timers_due", "Timers past their moment.", ["kind"], registry=registry)
        self._outgoing = Gauge("entente_outgoing_pending", "Work for the outside.", ["kind"], registry=registry)
        self._failed_work = Gauge("entente_outgoing_failed", "Such work given up.", ["kind"], registry=registry)

    def outbox(self, topic: str, *, rows: int, oldest: timedelta, stuck: int) -> None:
        """Sets how many rows of a topic are not sent yet, the age of the oldest, and how many are refused for good."""
        self._outbox.labels(topic).set(rows)
        self._oldest.labels(topic).set(oldest.total_seconds())
        self._stuck.labels(topic).set(stuck)

    def timers_due(self, kind: str, rows: int) -> None:
        """Sets how many timers of a kind should have fired."""
        self._timers.labels(kind).set(rows)

    def outgoing(self, kind: str, *, pending: int, failed: int) -> None:
        """Sets how many pieces of work for the outside, such as mails, are pending, and how many were given up."""
        self._outgoing.labels(kind).set(pending)
        self._failed_work.labels(kind).set(failed)
