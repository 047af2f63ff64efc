"""Relay: a lane for each topic sends the outbox's rows to Kafka in the order of their commits, and deletes them."""

import asyncio
import time
from collections import defaultdict
from collections.abc import Sequence
from contextlib import suppress
from typing import Any, Protocol

import structlog

from shared.contracts.event import Envelope
from shared.messaging.envelope import to_headers
from shared.messaging.lease import Lease
from shared.messaging.outbox import Pool
from shared.messaging.producer import AWAY, REFUSED_FOR_GOOD, STOP_TIMEOUT, OutboundRecord, Producer
from shared.messaging.shutdown import let_finish

IDLE = 1.0
"""Seconds between reads of the outbox when nothing wakes the lane."""
STANDBY = 0.5
"""Seconds between looks at a lease that another process has."""
SENDER_TURNS = 3
"""Turns of the event loop after which Kafka's client has sent a batch: Kafka writes it while the next one is built."""
READ_ROWS = 2500
READ_BYTES = 4 * 1024 * 1024
"""A round takes at most so many rows, and stops at the row that brings its bodies to so many bytes: it is what a lane
holds in memory, however long the outbox is."""

# Always from the lowest id: ids are assigned before the commit, so starting at a remembered id would miss a late one.
READ = """select id, key, event_id, type, sequence, time, traceparent, value from (
        select id, key, event_id, type, sequence, time, traceparent, value,
            sum(octet_length(value)) over (order by id rows between unbounded preceding and 1 preceding) as before
        from outbox o
        where topic = $1 and not exists (select from stuck s where s.topic = o.topic and s.key = o.key)
        order by id limit $2) first
    where coalesce(before, 0) < $3 order by id"""
DELETE = "delete from outbox where id = any($1)"
MARK_STUCK = """insert into stuck (topic, key, outbox_id, reason) values ($1, $2, $3, $4) on conflict do nothing"""

log = structlog.get_logger()


class Observer(Protocol):
    """Counts what a lane does."""

    def relayed(self, topic: str, records: int) -> None:
        """One batch of `records` was acknowledged."""
        ...

    def relay_failed(self, topic: str, reason: str) -> None:
        """The lane restarts; `reason` is the class of the error."""
        ...


class Silent:
    """Counts nothing."""

    def relayed(self, topic: str, records: int) -> None:
        """Nothing."""

    def relay_failed(self, topic: str, reason: str) -> None:
        """Nothing."""


class Lane:
    """Sends one topic's rows from the outbox to Kafka. Any number of processes may run it: one holds its lease."""

    def __init__(
        self, topic: str, pool: Pool, producer: Producer, source: str, observer: Observer | None = None
    ) -> None:
        """`source` is the CloudEvents source, such as `/{installation}/{service}`."""
        self.topic, self._pool, self._producer, self._source = topic, pool, producer, source
        self._observer = observer or Silent()
        self._lease = Lease(topic, pool)
        self._wake = asyncio.Event()
        self.trouble: str | None = None
        """Why it is not sending, in a sentence; None if it is, or has nothing to send."""

    def nudge(self) -> bool:
        """Wakes the lane, since there are new rows; False if another process has it and must be told."""
        self._wake.set()
        return self._lease.held

    async def run(self) -> None:
        """Sends until cancelled; then finishes its round and releases the lease for the next owner."""
        pause = 0.1
        try:
            while True:
                try:
                    # On shutdown the round finishes: rows that Kafka acknowledges are deleted, and not sent twice.
                    if not await let_finish(self._round(), STOP_TIMEOUT):
                        await self._wait_for_rows()
                    pause, self.trouble = 0.1, None
                except Exception as problem:
                    await self._start_over(problem)
                    await asyncio.sleep(pause)
                    pause = min(pause * 2, 5.0)
        finally:
            await self._producer.stop()
            with suppress(Exception):
                async with asyncio.timeout(2):
                    await self._lease.release()

    async def _wait_for_rows(self) -> None:
        if not self._lease.held:
            await asyncio.sleep(STANDBY)  # rows are its owner's
            return
        # Not wait_for: before Python 3.12 it swallows a cancellation that arrives with the result.
        with suppress(TimeoutError):
            async with asyncio.timeout(IDLE):
                await self._wake.wait()
        self._wake.clear()

    async def _start_over(self, problem: Exception) -> None:
        self.trouble = f"{type(problem).__name__}: {problem}"[:300]
        self._observer.relay_failed(self.topic, type(problem).__name__)
        known = isinstance(problem, AWAY)
        log.warning("relay starts over", topic=self.topic, problem=self.trouble, exc_info=None if known else problem)
        await self._producer.cut_off()

    async def _round(self) -> int:
        """Reads rows from the lowest id, sends them, deletes those acknowledged; returns how many it found."""
        if not await self._lease.hold():
            # A producer made before another process had the lane would not be fenced by that one's.
            await self._producer.stop()
            return 0
        rows = await self._pool.fetch(READ, self.topic, READ_ROWS, READ_BYTES)
        if not rows:
            return 0
        if await self._producer.start():
            return len(rows)  # connecting may have taken longer than the lease: check it, and the rows, again
        acknowledged: list[int] = []
        try:
            await self._send(rows, acknowledged)
        except REFUSED_FOR_GOOD as refusal:
            await self._find_refused(rows, acknowledged, refusal)
        finally:
            if acknowledged:
                await self._pool.execute(DELETE, acknowledged)
        return len(rows)

    async def _send(self, rows: Sequence[Any], acknowledged: list[int]) -> None:
        by_partition: dict[int, list[Any]] = defaultdict(list)
        for row in rows:
            by_partition[self._producer.partition(row["key"])].append(row)
        sends: list[asyncio.Task[None]] = []
        for number, mine in by_partition.items():
            sends.append(asyncio.create_task(self._send_partition(number, mine, acknowledged)))
            for _ in range(SENDER_TURNS):
                await asyncio.sleep(0)
        # Await all, even after a failure: delete acknowledged rows, and leave nothing in flight.
        results = await asyncio.gather(*sends, return_exceptions=True)
        for result in results:
            if isinstance(result, BaseException):
                raise result

    async def _send_partition(self, number: int, rows: Sequence[Any], acknowledged: list[int]) -> None:
        """Keeps one batch in flight: with several, later ones could overtake one that is refused."""
        batches = self._producer.batches([self._record(row) for row in rows])
        done = 0
        for batch in batches:
            count = batch.record_count()
            if not await self._lease.hold():
                raise TimeoutError("another process took the lane")
            await self._producer.send(number, batch, self._lease.left)
            acknowledged.extend(row["id"] for row in rows[done : done + count])
            done += count
            self._observer.relayed(self.topic, count)

    def _record(self, row: Any) -> OutboundRecord:
        envelope = Envelope(
            row["event_id"], row["type"], row["key"], row["sequence"], row["time"], self._source, row["traceparent"]
        )
        # Kafka refuses timestamps over an hour ahead (message.timestamp.after.max.ms). ce_time keeps the real one.
        ms = int(min(row["time"].timestamp(), time.time()) * 1000)
        return row["key"], row["value"], to_headers(envelope), ms

    async def _find_refused(self, rows: Sequence[Any], acknowledged: list[int], refusal: Exception) -> None:
        """Sends the rows one by one to find the one that Kafka refuses; its key becomes stuck, and no other."""
        await self._producer.cut_off()
        log.warning("a batch was refused, sending row by row", topic=self.topic, problem=str(refusal)[:300])
        done = set(acknowledged)
        for row in rows:
            if row["id"] not in done:
                await self._send_alone(row, acknowledged)

    async def _send_alone(self, row: Any, acknowledged: list[int]) -> None:
        if await self._pool.fetchval("select true from stuck where topic = $1 and key = $2", self.topic, row["key"]):
            return
        if await self._producer.start() and not await self._lease.hold():
            raise TimeoutError("another process took the lane while this one connected to Kafka")
        try:
            await self._send_partition(self._producer.partition(row["key"]), [row], acknowledged)
        except REFUSED_FOR_GOOD as refusal:
            await self._producer.cut_off()
            await self._mark_stuck(row, refusal)

    async def _mark_stuck(self, row: Any, refusal: Exception) -> None:
        reason = f"{type(refusal).__name__}: {refusal}"[:500]
        await self._pool.execute(MARK_STUCK, self.topic, row["key"], row["id"], reason)
        log.error("outbox row is stuck", topic=self.topic, key=row["key"], event_id=str(row["event_id"]), reason=reason)
