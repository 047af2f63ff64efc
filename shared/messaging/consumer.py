"""Consumer: applies polls. Effects and positions share a transaction, so each event takes effect once."""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import suppress
from functools import partial
from uuid import UUID

import asyncpg
import structlog
from pydantic import ValidationError

from shared.contracts.event import Event
from shared.messaging.dead_letter import (
    Place,
    Record,
    delete_dead_letters,
    delete_dead_letters_of,
    read_dead_letters,
    write_dead_letters,
)
from shared.messaging.outbox import Connection, Pool
from shared.messaging.plan import Plan, Planner, Verdict, read
from shared.messaging.position import advance_offsets, lock_offsets, read_positions, write_positions
from shared.messaging.reactions import Consumer, run_reactions

ATTEMPTS = 10
"""Times that an event is tried before it is parked as exhausted."""
PAUSE = 0.05
"""The first pause between attempts, in seconds; it doubles up to `LONGEST_PAUSE`."""
LONGEST_PAUSE = 2.0
POLICY_CHUNK = 50
"""Events in a policy's transaction, which holds the locks of all it touches. Measured beside API writers: 400 gave
deadlocks and an API p99 of 3 s; 20 to 50 gave none."""

DATABASE_TROUBLE = (
    asyncpg.PostgresConnectionError,
    asyncpg.AdminShutdownError,
    asyncpg.CrashShutdownError,
    asyncpg.CannotConnectNowError,
    asyncpg.IdleInTransactionSessionTimeoutError,
    asyncpg.InsufficientResourcesError,
)
"""The database is in trouble, not the event: wait, and count no attempt. Anything else, a timeout included, counts as
the event's failure while the database answers: an event that always causes it must not stop all others."""

React = Callable[[Connection, Sequence[Event]], Awaitable[None]]
"""Runs a consumer's reactions on events, in the connection's transaction."""

Observe = Callable[[str, Counter[tuple[str, str]]], None]
"""Called after each transaction with the consumer, and how many records of a topic had which outcome."""

log = structlog.get_logger()


class ConsumerRunner:
    """Takes one consumer's polls. It loses no record, and `take` raises nothing but cancellation."""

    def __init__(
        self, pool: Pool, consumer: Consumer, react: React | None = None, observe: Observe = lambda *_: None,
        is_permanent: Callable[[Exception], bool] = lambda _: False,
    ) -> None:  # fmt: skip
        """`is_permanent` recognises exceptions that no retry can help; their events are parked at once."""
        self.consumer, self.pool, self._observe, self._is_permanent = consumer, pool, observe, is_permanent
        self._react = react or partial(run_reactions, consumer)

    async def take(self, records: Sequence[Record]) -> None:
        """Returns when every record of the poll was applied, skipped or kept as a dead letter."""
        for chunk in self._chunks(records):
            try:
                await self._transaction(chunk)
            except Exception as problem:
                log.warning(
                    "batch failed, trying its events one by one",
                    consumer=self.consumer.name,
                    problem=_describe(problem),
                )
                await self._one_by_one(chunk)

    def _chunks(self, records: Sequence[Record]) -> Iterator[Sequence[Record]]:
        size = POLICY_CHUNK if self.consumer.policies else len(records)
        for start in range(0, len(records), max(size, 1)):
            yield records[start : start + size]

    async def _transaction(
        self, records: Sequence[Record], verdicts: dict[UUID, Verdict] | None = None, *,
        advance: bool = True, release_waiting: bool = True, waited: bool = False,
    ) -> None:  # fmt: skip
        """One transaction; it may also advance the offsets, and apply waiting events that follow.

        Records that `waited` come from the dead letters, and are below the offsets.
        """
        name = self.consumer.name
        async with self.pool.acquire() as db, db.transaction():
            nexts = await lock_offsets(db, name, list({(r.topic, r.partition) for r in records}))
            fresh = [r for r in records if waited or r.offset >= nexts[r.topic, r.partition]]
            plan = await self._plan(db, fresh, verdicts or {}, release=release_waiting)
            if plan.apply:
                await self._react(db, plan.apply)
            # First: the dead letters that a newer state replaces are older than those kept now.
            await delete_dead_letters_of(db, name, plan.superseded)
            await write_dead_letters(db, name, plan.letters.values())
            await delete_dead_letters(db, name, plan.released)
            await write_positions(db, name, plan.positions.items())
            if advance:
                await advance_offsets(db, name, {(r.topic, r.partition): r.offset + 1 for r in fresh})
        self._report(plan)

    async def _plan(
        self, db: Connection, fresh: Sequence[Record], verdicts: dict[UUID, Verdict], *, release: bool
    ) -> Plan:
        received, unreadable = read(fresh)
        keys = list({one.key for one in received})
        positions = await read_positions(db, self.consumer.name, keys)
        letters = await read_dead_letters(db, self.consumer.name, keys)
        planner = Planner(self.consumer, positions, letters, verdicts, release=release)
        for letter in unreadable:
            planner.plan.keep(letter)
        for one in received:
            planner.take(one)
        return planner.plan

    async def _one_by_one(self, chunk: Sequence[Record]) -> None:
        """Finds the events that fail: each has its own transaction, and other keys continue while one is retried.

        The offsets move only at the end, when every record was applied or kept. Until then only the positions detect a
        repetition.
        """
        verdicts: dict[UUID, Verdict] = {}
        attempts: Counter[Place] = Counter()
        pending, tries = list(chunk), 0
        while pending:
            pending = await self._try_each(pending, attempts, verdicts)
            if pending:
                await asyncio.sleep(min(PAUSE * 2 ** min(tries, 10), LONGEST_PAUSE))
                tries += 1
        await self._until_done(lambda: self._advance(chunk))

    async def _advance(self, chunk: Sequence[Record]) -> None:
        async with self.pool.acquire() as db, db.transaction():
            nexts = {(r.topic, r.partition): r.offset + 1 for r in chunk}
            await lock_offsets(db, self.consumer.name, list(nexts))
            await advance_offsets(db, self.consumer.name, nexts)

    async def _try_each(
        self, pending: Sequence[Record], attempts: Counter[Place], verdicts: dict[UUID, Verdict]
    ) -> list[Record]:
        left: list[Record] = []
        blocked: set[tuple[str, bytes | None]] = set()
        for record in pending:
            if (record.topic, record.key) in blocked or not await self._try(record, attempts, verdicts):
                blocked.add((record.topic, record.key))
                left.append(_without_content(record) if attempts[record.place] >= 2 * ATTEMPTS else record)
        return left

    async def _try(self, record: Record, attempts: Counter[Place], verdicts: dict[UUID, Verdict]) -> bool:
        """Applies one record and the waiting ones that follow it; False if it must be retried."""
        current = record
        try:
            await self._alone(record, verdicts)
            while following := await self._next_waiting(record):
                current = following
                await self._alone(following, verdicts, waited=True)
        except Exception as problem:
            if _is_database_trouble(problem) or not await self._database_answers():
                await self._until_database_answers(problem)
            else:
                self._count_failure(current, problem, attempts, verdicts)
            return False
        return True

    async def _alone(self, record: Record, verdicts: dict[UUID, Verdict], *, waited: bool = False) -> None:
        await self._transaction([record], verdicts, advance=False, release_waiting=False, waited=waited)

    def _count_failure(
        self, record: Record, problem: Exception, attempts: Counter[Place], verdicts: dict[UUID, Verdict]
    ) -> None:
        attempts[record.place] += 1
        received, _ = read([record])
        if not received or received[0].envelope.id in verdicts:
            # No reaction ran: writing the dead letter failed.
            log.error("a dead letter could not be written", consumer=self.consumer.name, problem=_describe(problem))
        elif isinstance(problem, ValidationError) or self._is_permanent(problem):
            verdicts[received[0].envelope.id] = Verdict("parked", _describe(problem))
        elif attempts[record.place] >= ATTEMPTS:
            reason = f"failed {ATTEMPTS} times, last: {_describe(problem)}"
            verdicts[received[0].envelope.id] = Verdict("exhausted", reason)

    async def _next_waiting(self, record: Record) -> Record | None:
        """The waiting record of this one's key that may be applied now, if there is one."""
        received, _ = read([record])
        if not received:
            return None
        key = received[0].key
        async with self.pool.acquire() as db:
            position = (await read_positions(db, self.consumer.name, [key])).get(key)
            letters = (await read_dead_letters(db, self.consumer.name, [key])).get(key, [])
        if position is None or position.parked:
            return None
        return next((d.record for d in letters if d.sequence == position.sequence + 1), None)

    async def _until_done(self, step: Callable[[], Awaitable[None]]) -> None:
        while True:
            try:
                return await step()
            except Exception as problem:
                await self._until_database_answers(problem)

    async def _until_database_answers(self, problem: Exception) -> None:
        log.warning("waiting for the database", consumer=self.consumer.name, problem=_describe(problem))
        while True:
            await asyncio.sleep(0.5)
            if await self._database_answers():
                return

    async def _database_answers(self) -> bool:
        with suppress(Exception):
            return await self.pool.fetchval("select true", timeout=5)
        return False

    def _report(self, plan: Plan) -> None:
        outcomes: Counter[tuple[str, str]] = Counter((event.topic, "applied") for event in plan.apply)
        outcomes.update((letter.record.topic, letter.state) for letter in plan.letters.values())
        outcomes["", "skipped"] += plan.skipped
        self._observe(self.consumer.name, outcomes)
        for letter in plan.letters.values():
            topic, partition, offset = letter.record.place
            log.warning(
                f"event {letter.state}", consumer=self.consumer.name, topic=topic, partition=partition, offset=offset,
                event_id=letter.event_id, sequence=letter.sequence, reason=letter.reason,
            )  # fmt: skip


def _without_content(record: Record) -> Record:
    """A record without content, which can always be kept: its place in Kafka."""
    return Record(record.topic, record.partition, record.offset, None, None, [])


def _is_database_trouble(problem: BaseException) -> bool:
    # Leaving the transaction of a lost connection raises a second error, which hides the first.
    return isinstance(problem, DATABASE_TROUBLE) or (
        problem.__context__ is not None and _is_database_trouble(problem.__context__)
    )


def _describe(problem: BaseException) -> str:
    if isinstance(problem, ValidationError):
        # Pydantic's own text repeats the input, which may be a person's data.
        return "; ".join(f"{'.'.join(map(str, e['loc']))}: {e['msg']}" for e in problem.errors(include_input=False))
    return f"{type(problem).__name__}: {problem}"
