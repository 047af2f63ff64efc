"""Relay: a lane for each topic sends the outbox's rows to Kafka, in the order they were committed, and deletes them."""

import asyncio
import time
from collections import defaultdict
from collections.abc import Sequence
from contextlib import suppress
from typing import Any, Protocol

import structlog

from shared.contracts.event import Envelope
from shared.messaging.envelope import new_id, to_headers
from shared.messaging.outbox import Pool
from shared.messaging.producer import AWAY, REFUSED_FOR_GOOD, STOP_TIMEOUT, OutboundRecord, Producer
from shared.messaging.shutdown import let_end

LEASE = 10.0
"""Seconds that a lane is held; renewed after a third of it."""
MARGIN = 2.0
"""Seconds before the lease's end at which its owner stops sending by it."""
IDLE = 0.2
"""Seconds between looks at the outbox when nothing wakes the lane."""
READ_ROWS = 1000

HOLD = """insert into lane (topic, owner, until) values ($1, $2, now() + make_interval(secs => $3))
    on conflict (topic) do update set owner = excluded.owner, until = excluded.until
    where lane.owner = excluded.owner or lane.until < now() returning owner"""
LET_GO = "delete from lane where topic = $1 and owner = $2"
# Always from the lowest id: ids are given before commit, so reading on from a remembered id would overtake a late one.
READ = """select id, key, event_id, type, sequence, time, traceparent, value from outbox o
    where topic = $1 and not exists (select from stuck s where s.topic = o.topic and s.key = o.key)
    order by id limit $2"""
DELETE = "delete from outbox where id = any($1)"
STICK = """insert into stuck (topic, key, outbox_id, reason) values ($1, $2, $3, $4) on conflict do nothing"""

log = structlog.get_logger()


class Observer(Protocol):
    """Told what a lane does."""

    def relayed(self, topic: str, records: int) -> None:
        """One batch of `records` was acknowledged."""
        ...

    def relay_failed(self, topic: str, reason: str) -> None:
        """The lane begins again; `reason` is an error's class."""
        ...


class Lane:
    """One topic's way from the outbox to Kafka. Any number of processes may run it: one holds it at a time."""

    def __init__(self, topic: str, pool: Pool, producer: Producer, source: str, observer: Observer) -> None:
        """`source` is the CloudEvents source, `/{installation}/{service}`."""
        self.topic, self._pool, self._producer, self._source, self._observer = topic, pool, producer, source, observer
        self._owner = new_id()
        self._until = 0.0
        self._wake = asyncio.Event()
        self.trouble: str | None = None
        """Why it does not send at the moment, in a sentence; None when it does or has nothing to send."""

    def nudge(self) -> None:
        """Says that there are new rows."""
        self._wake.set()

    async def run(self) -> None:
        """Sends until cancelled; ends cleanly, the lane let go for the next owner."""
        pause = 0.1
        try:
            while True:
                try:
                    if not await self._whole_round():
                        await self._rest()
                    pause, self.trouble = 0.1, None
                except Exception as problem:
                    await self._start_over(problem)
                    await asyncio.sleep(pause)
                    pause = min(pause * 2, 5.0)
        finally:
            await self._producer.stop()
            with suppress(Exception):
                async with asyncio.timeout(2):
                    await self._pool.execute(LET_GO, self.topic, self._owner)

    async def _rest(self) -> None:
        # Not wait_for: before Python 3.12 it swallows a cancellation that comes together with the result.
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

    async def _whole_round(self) -> int:
        """A stop lets the round end: what Kafka acknowledges is deleted, and not sent again by the next owner."""
        return await let_end(self._round(), STOP_TIMEOUT)

    async def _round(self) -> int:
        """Reads from the lowest id, sends, deletes what was acknowledged; answers how many rows it found."""
        if not await self._held():
            return 0
        rows = await self._pool.fetch(READ, self.topic, READ_ROWS)
        if not rows:
            return 0
        if await self._producer.start():
            return len(rows)  # that may have taken longer than the lease: look at it, and at the rows, once more
        acknowledged: list[int] = []
        try:
            await self._send(rows, acknowledged)
        except REFUSED_FOR_GOOD as refusal:
            await self._find_refused(rows, acknowledged, refusal)
        finally:
            if acknowledged:
                await self._pool.execute(DELETE, acknowledged)
        return len(rows)

    async def _held(self) -> bool:
        now = time.monotonic()
        if now < self._until - LEASE * 2 / 3:
            return True
        owner = await self._pool.fetchval(HOLD, self.topic, self._owner, LEASE)
        self._until = now + LEASE if owner else 0.0
        return owner is not None

    async def _send(self, rows: Sequence[Any], acknowledged: list[int]) -> None:
        by_partition: dict[int, list[Any]] = defaultdict(list)
        for row in rows:
            by_partition[self._producer.partition(row["key"])].append(row)
        sends = [self._send_partition(number, mine, acknowledged) for number, mine in by_partition.items()]
        # All are awaited, also after a failure: what was acknowledged is to be deleted, and nothing stays in flight.
        results = await asyncio.gather(*sends, return_exceptions=True)
        for result in results:
            if isinstance(result, BaseException):
                raise result

    async def _send_partition(self, number: int, rows: Sequence[Any], acknowledged: list[int]) -> None:
        """One batch in flight: a refused one of several would let later ones overtake it."""
        batches = self._producer.batches([self._record(row) for row in rows])
        done = 0
        for batch in batches:
            count = batch.record_count()
            if time.monotonic() > self._until - MARGIN:
                raise TimeoutError("the lease of the lane ran out")
            await self._producer.send(number, batch)
            acknowledged.extend(row["id"] for row in rows[done : done + count])
            done += count
            self._observer.relayed(self.topic, count)

    def _record(self, row: Any) -> OutboundRecord:
        envelope = Envelope(
            row["event_id"], row["type"], row["key"], row["sequence"], row["time"], self._source, row["traceparent"]
        )
        # Kafka refuses what is dated over an hour ahead (message.timestamp.after.max.ms). ce_time keeps the moment.
        ms = int(min(row["time"].timestamp(), time.time()) * 1000)
        return row["key"], row["value"], to_headers(envelope), ms

    async def _find_refused(self, rows: Sequence[Any], acknowledged: list[int], refusal: Exception) -> None:
        """After a refusal rows go one by one until the refused one is found; it makes its key stuck, and only that."""
        await self._producer.cut_off()
        log.warning("a batch was refused, sending row by row", topic=self.topic, problem=str(refusal)[:300])
        done = set(acknowledged)
        for row in rows:
            if row["id"] not in done:
                await self._send_alone(row, acknowledged)

    async def _send_alone(self, row: Any, acknowledged: list[int]) -> None:
        if await self._pool.fetchval("select true from stuck where topic = $1 and key = $2", self.topic, row["key"]):
            return
        if await self._producer.start() and not await self._held():
            raise TimeoutError("the lane went to another while Kafka was connected")
        try:
            await self._send_partition(self._producer.partition(row["key"]), [row], acknowledged)
        except REFUSED_FOR_GOOD as refusal:
            await self._producer.cut_off()
            await self._stick(row, refusal)

    async def _stick(self, row: Any, refusal: Exception) -> None:
        reason = f"{type(refusal).__name__}: {refusal}"[:500]
        await self._pool.execute(STICK, self.topic, row["key"], row["id"], reason)
        log.error("outbox row is stuck", topic=self.topic, key=row["key"], event_id=str(row["event_id"]), reason=reason)
