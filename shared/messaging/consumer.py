"""Consumer: applies polls. Effects and positions share a transaction, so each event takes effect once."""

import asyncio
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import suppress
from functools import partial

import structlog
from pydantic import ValidationError

from shared.messaging.applying import POLICY_CHUNK, Applying, Observe, Overtaken, React, verdict_for
from shared.messaging.dead_letter import DeadLetter, Record, claim_due, postpone, read_due
from shared.messaging.environment import Environment, ReactionCut, cause_of, describe
from shared.messaging.outbox import Pool
from shared.messaging.plan import Plan, Verdict
from shared.messaging.position import Partition, Place, begin_trial, seek_offsets
from shared.messaging.producer import PARTITIONS, STOP_TIMEOUT
from shared.messaging.reactions import Consumer, run_reactions
from shared.messaging.shutdown import let_finish

ATTEMPTS = 10
"""Times that an event is tried before it is parked as exhausted."""
PAUSE = 0.25
"""The first pause between attempts, in seconds; it doubles up to `LONGEST_PAUSE`: ten attempts take two minutes."""
LONGEST_PAUSE = 60.0
DEATHS = 3
"""Times that the process died on an event before it is parked as crashed: with its batch, then with it alone."""
LOOK = 5.0
"""Seconds between looks for events that are due, and between attempts that do not count."""
REACTION_TIMEOUT = 60.0
"""Seconds that the reactions to a batch have before they are cut off."""
SHARE = 6
"""A part of a failed batch has its share of that time, but at least a sixth: one hanging reaction is found soon."""
WAIT = 0.5
"""Seconds between probes of a database that takes no writes."""

log = structlog.get_logger()


class ConsumerRunner:
    """Takes one consumer's polls. It loses no record, and `take` raises nothing but cancellation.

    An event that fails is put aside with its key, and `retry` tries it again; all other keys go on.
    """

    def __init__(
        self, pool: Pool, consumer: Consumer, react: React | None = None, observe: Observe = lambda *_: None,
        is_permanent: Callable[[Exception], bool] = lambda _: False, *,
        reaction_timeout: float = REACTION_TIMEOUT, partitions: int = PARTITIONS,
    ) -> None:  # fmt: skip
        """`is_permanent` recognises exceptions that no retry can help; their events are parked at once."""
        self.consumer, self.pool, self._is_permanent = consumer, pool, is_permanent
        self._limit, self._partitions = reaction_timeout, partitions
        self._applying = Applying(pool, consumer, react or partial(run_reactions, consumer), observe, partitions)
        self._environment = Environment(pool)
        self._suspects: set[Partition] = set()
        self._cut: dict[Place, str] = {}
        self._waits_for: str | None = None
        self._due = asyncio.Event()

    @property
    def trouble(self) -> str | None:
        """Why it does not go on, or which reaction does not return, in a sentence; None if all is well."""
        return self._waits_for or self._applying.slow or next(iter(self._cut.values()), None)

    async def seek(self, partitions: Collection[Partition]) -> dict[Partition, int]:
        """The offsets to read the partitions from. Where a process may have died, the next poll goes event by event."""
        async with self.pool.acquire() as db, db.transaction():
            nexts, suspects = await seek_offsets(db, self.consumer.name, partitions)
        self._suspects |= suspects
        return nexts

    async def take(self, records: Sequence[Record]) -> None:
        """Returns when every record of the poll was applied, skipped or kept as a dead letter."""
        suspects = {(r.topic, r.partition) for r in records} & self._suspects
        for record in records:
            if (record.topic, record.partition) in suspects:
                await self._try_alone(record)
        self._suspects -= suspects
        for chunk in self._chunks([r for r in records if (r.topic, r.partition) not in suspects]):
            await self._take(chunk)

    async def retry(self) -> None:
        """Tries events again when they are due, until cancelled."""
        while True:
            self._due.clear()
            pause = LOOK
            try:
                pause = await self._retry_due()
            except Exception as problem:
                log.warning("cannot look for due events", consumer=self.consumer.name, problem=describe(problem))
            with suppress(TimeoutError):
                async with asyncio.timeout(pause):
                    await self._due.wait()

    def _chunks(self, records: Sequence[Record]) -> Iterator[Sequence[Record]]:
        size = POLICY_CHUNK if self.consumer.policies else len(records)
        for start in range(0, len(records), max(size, 1)):
            yield records[start : start + size]

    async def _take(self, chunk: Sequence[Record]) -> None:
        problem = await self._apply(chunk, limit=self._limit)
        if problem and self._environment.is_passing(problem):
            problem = await self._apply(chunk, limit=self._limit)  # a deadlock, a lost connection: most pass at once
        if problem:
            log.warning("batch failed, looking for the event", consumer=self.consumer.name, problem=describe(problem))
            await self._halve(chunk, len(chunk))

    async def _halve(self, records: Sequence[Record], whole: int) -> None:
        """Finds the events of a failed batch that fail; each part has a transaction, and its offsets move with it."""
        middle = len(records) // 2
        if middle == 0:
            await self._settle(records[0])
            return
        first, second = records[:middle], records[middle:]
        failed = await self._apply_part(first, whole)
        if failed:
            await self._halve(first, whole)
        # If nothing of the first half failed, something of the second will.
        if not failed or await self._apply_part(second, whole):
            await self._halve(second, whole)

    async def _apply_part(self, records: Sequence[Record], whole: int) -> Exception | None:
        return await self._apply(records, limit=self._limit * max(len(records) / whole, 1 / SHARE))

    async def _try_alone(self, record: Record) -> None:
        """Applies a record on which a process may have died; on its third death the record is parked."""
        while True:
            try:
                deaths = await begin_trial(self.pool, self.consumer.name, record.place)
                break
            except Exception as problem:
                await self._until_writes(problem)
        await self._settle(record, _crashed(deaths), tried=[record.place])

    async def _settle(self, record: Record, verdict: Verdict | None = None, tried: Sequence[Place] = ()) -> None:
        """Applies one record, or keeps it: one that failed is put aside, and `retry` tries it again."""
        failures, waited = 0, False
        limit = self._limit / SHARE
        while problem := await self._apply([record], verdict, limit=limit, alone=True, tried=tried):
            failures += 1
            if await self._until_writes(problem):
                continue
            if verdict is None:
                verdict = self._judge(record.place, problem, 0)
                if not waited and self._environment.lasts(problem):
                    # Not their events: wait with all of them, instead of putting each aside.
                    verdict, waited = None, True
                    await asyncio.sleep(LOOK)
            elif failures >= ATTEMPTS and not self._environment.is_passing(problem):
                log.error("a record cannot be kept", consumer=self.consumer.name, place=record.place)
                record = _without_content(record)
            else:
                await asyncio.sleep(WAIT)

    async def _apply(
        self, records: Sequence[Record], verdict: Verdict | None = None, *,
        limit: float, alone: bool = False, tried: Sequence[Place] = (),
    ) -> Exception | None:  # fmt: skip
        """One transaction; returns why it failed. If `alone`, what waits behind it has its own."""
        verdicts = verdict_for(records, verdict, self._partitions) if verdict else {}
        try:
            plan = await self._applying.poll(records, verdicts, release=not alone, limit=limit, tried=tried)
        except Exception as problem:
            return cause_of(problem)
        self._note(plan)
        return None

    def _note(self, plan: Plan) -> None:
        if plan.apply:
            self._environment.succeeded()
        if plan.follows or any(letter.pause is not None for letter in plan.letters.values()):
            self._due.set()

    def _judge(self, place: Place, problem: Exception, attempts: int) -> Verdict:
        """What becomes of an event that failed after so many attempts that count."""
        reason = describe(problem)
        if isinstance(problem, ReactionCut):
            self._cut[place] = reason
        if isinstance(problem, ValidationError) or self._is_permanent(problem):
            return Verdict("parked", reason)
        if self._environment.is_to_blame(problem, place):
            return Verdict("waiting", reason, attempts, LOOK)
        attempts += 1
        if attempts >= ATTEMPTS:
            return Verdict("exhausted", f"failed {ATTEMPTS} times, last: {reason}", attempts)
        return Verdict("waiting", reason, attempts, min(PAUSE * 2 ** (attempts - 1), LONGEST_PAUSE))

    async def _until_writes(self, problem: Exception) -> bool:
        """Waits while the database takes no writes; whether it had to."""
        if await self._environment.takes_writes():
            return False
        self._waits_for = f"the database takes no writes ({describe(problem)})"
        log.warning("waiting for the database", consumer=self.consumer.name, problem=describe(problem))
        try:
            while not await self._environment.takes_writes():  # noqa: ASYNC110
                await asyncio.sleep(WAIT)
        finally:
            self._waits_for = None
        return True

    async def _retry_due(self) -> float:
        """Tries the events that are due; returns the seconds until the next may be."""
        due = await read_due(self.pool, self.consumer.name)
        self._cut = {place: reason for place, reason in self._cut.items() if place in {place for place, _ in due}}
        for place, pause in due:
            if pause > 0:
                return min(pause, LOOK)
            claim = await claim_due(self.pool, self.consumer.name, place, 2 * self._limit)
            if claim:
                await let_finish(self._once_more(*claim), STOP_TIMEOUT)
        return 0 if due else LOOK

    async def _once_more(self, letter: DeadLetter, deaths: int) -> None:
        attempts, pause, reason = letter.attempts, 0.0, letter.reason
        try:
            again = await self._try_due(letter, _crashed(deaths))
            if again is None:
                return
            attempts, pause, reason = again.attempts, again.pause or 0, again.reason
        except Overtaken:
            pass
        except asyncio.CancelledError:
            await self._postpone(letter, attempts, pause, reason)
            raise
        await self._postpone(letter, attempts, pause, reason)

    async def _postpone(self, letter: DeadLetter, attempts: int, pause: float, reason: str) -> None:
        place = letter.record.place
        await postpone(self.pool, self.consumer.name, place, attempts=attempts, pause=pause, reason=reason)

    async def _try_due(self, letter: DeadLetter, verdict: Verdict | None) -> Verdict | None:
        """Applies or parks a claimed event; otherwise returns when and why it is to be tried again."""
        try:
            self._note(await self._applying.due(letter, verdict, limit=self._limit))
        except Overtaken:
            raise
        except Exception as failure:
            problem = cause_of(failure)
            if await self._until_writes(problem):
                return Verdict("waiting", letter.reason, letter.attempts, 0)
            again = self._judge(letter.record.place, problem, letter.attempts)
            if again.state == "waiting":
                return again
            self._note(await self._applying.due(letter, again, limit=self._limit))
        return None


def _crashed(deaths: int) -> Verdict | None:
    """The verdict on an event on which the process died so often while it was tried alone."""
    return Verdict("crashed", f"the process died on it {DEATHS} times") if deaths >= DEATHS - 1 else None


def _without_content(record: Record) -> Record:
    """A record without content, which can always be kept: its place in Kafka."""
    return Record(record.topic, record.partition, record.offset, None, None, [])
