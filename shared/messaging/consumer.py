"""Consumer: carries out what a poll means, the effects and the positions in one transaction, each event once."""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import suppress
from uuid import UUID

import asyncpg
import structlog
from pydantic import ValidationError

from shared.contracts.event import Event
from shared.messaging.dead_letter import Place, Record, erase, held, keep, release
from shared.messaging.outbox import Connection, Pool
from shared.messaging.plan import Plan, Planner, Verdict, read
from shared.messaging.position import advance_offsets, lock_offsets, read_positions, write_positions
from shared.messaging.reactions import Consumer

ATTEMPTS = 10
"""An event that fails is tried this often before it is parked as exhausted."""
PAUSE = 0.05
"""The first pause between attempts, in seconds; it doubles up to `LONGEST_PAUSE`."""
LONGEST_PAUSE = 2.0
POLICY_CHUNK = 50
"""Events a transaction of policies, since it holds the locks of all it touched: measured, 400 beside API writers gave
deadlocks and an API p99 of 3 s; 20 to 50 none."""

ENVIRONMENT = (
    asyncpg.PostgresConnectionError,
    asyncpg.AdminShutdownError,
    asyncpg.CrashShutdownError,
    asyncpg.CannotConnectNowError,
    asyncpg.IdleInTransactionSessionTimeoutError,
    asyncpg.InsufficientResourcesError,
)
"""What tells that the database is in trouble and not the event: waited for, counted by nobody. Anything else, also a
timeout, counts when the database answers: an event that always brings it about must not stop all others."""

React = Callable[[Connection, Sequence[Event]], Awaitable[None]]
"""Runs a consumer's reactions on events, in the transaction of the connection."""

Observe = Callable[[str, Counter[tuple[str, str]]], None]
"""Told after each transaction: the consumer, and how many records of a topic had which outcome."""

log = structlog.get_logger()


class ConsumerRunner:
    """Takes the polls of one consumer. Nothing of a poll is lost, and `take` raises nothing but cancellation."""

    def __init__(
        self, pool: Pool, consumer: Consumer, react: React, observe: Observe = lambda *_: None,
        is_permanent: Callable[[Exception], bool] = lambda _: False,
    ) -> None:  # fmt: skip
        """`is_permanent` says of what a reaction raised that no retry helps: such an event is parked at once."""
        self.consumer, self.pool, self._react, self._observe = consumer, pool, react, observe
        self._is_permanent = is_permanent

    async def take(self, records: Sequence[Record]) -> None:
        """Applies a poll; answers when every record of it was applied, skipped or kept."""
        for chunk in self._chunks(records):
            try:
                await self._transaction(chunk)
            except Exception as problem:
                log.warning(
                    "batch failed, taking it event by event", consumer=self.consumer.name, problem=_say(problem)
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
        """One transaction: `advance` the offsets, apply waiting events that follow as well.

        Records that `waited` are dead letters, which lie below the offsets.
        """
        name = self.consumer.name
        async with self.pool.acquire() as db, db.transaction():
            nexts = await lock_offsets(db, name, list({(r.topic, r.partition) for r in records}))
            fresh = [r for r in records if waited or r.offset >= nexts[r.topic, r.partition]]
            plan = await self._plan(db, fresh, verdicts or {}, release=release_waiting)
            if plan.apply:
                await self._react(db, plan.apply)
            # What a newer state makes void is older than all that is kept now.
            await erase(db, name, plan.void)
            await keep(db, name, plan.letters.values())
            await release(db, name, plan.released)
            await write_positions(db, name, plan.positions.items())
            if advance:
                await advance_offsets(db, name, {(r.topic, r.partition): r.offset + 1 for r in fresh})
        self._tell(plan)

    async def _plan(
        self, db: Connection, fresh: Sequence[Record], verdicts: dict[UUID, Verdict], *, release: bool
    ) -> Plan:
        received, unreadable = read(fresh)
        keys = list({one.key for one in received})
        positions = await read_positions(db, self.consumer.name, keys)
        letters = await held(db, self.consumer.name, keys)
        planner = Planner(self.consumer, positions, letters, verdicts, release=release)
        for letter in unreadable:
            planner.plan.keep(letter)
        for one in received:
            planner.take(one)
        return planner.plan

    async def _one_by_one(self, chunk: Sequence[Record]) -> None:
        """Finds the culprits: a transaction an event, other keys go on while one is tried again.

        The offsets move only at the end, when all was applied, judged or kept: until then the positions alone tell a
        repetition.
        """
        verdicts: dict[UUID, Verdict] = {}
        attempts: Counter[Place] = Counter()
        pending, tries = list(chunk), 0
        while pending:
            pending = await self._pass(pending, attempts, verdicts)
            if pending:
                await asyncio.sleep(min(PAUSE * 2 ** min(tries, 10), LONGEST_PAUSE))
                tries += 1
        await self._at_last(lambda: self._move_on(chunk))

    async def _move_on(self, chunk: Sequence[Record]) -> None:
        async with self.pool.acquire() as db, db.transaction():
            nexts = {(r.topic, r.partition): r.offset + 1 for r in chunk}
            await lock_offsets(db, self.consumer.name, list(nexts))
            await advance_offsets(db, self.consumer.name, nexts)

    async def _pass(
        self, pending: Sequence[Record], attempts: Counter[Place], verdicts: dict[UUID, Verdict]
    ) -> list[Record]:
        left: list[Record] = []
        blocked: set[tuple[str, bytes | None]] = set()
        for record in pending:
            if (record.topic, record.key) in blocked or not await self._try(record, attempts, verdicts):
                blocked.add((record.topic, record.key))
                left.append(_bare(record) if attempts[record.place] >= 2 * ATTEMPTS else record)
        return left

    async def _try(self, record: Record, attempts: Counter[Place], verdicts: dict[UUID, Verdict]) -> bool:
        """Applies one record and the waiting ones that follow it; False when it is to be tried again."""
        current = record
        try:
            await self._alone(record, verdicts)
            while following := await self._following(record):
                current = following
                await self._alone(following, verdicts, waited=True)
        except Exception as problem:
            if _of_environment(problem) or not await self._database_answers():
                await self._until_database_answers(problem)
            else:
                self._judge(current, problem, attempts, verdicts)
            return False
        return True

    async def _alone(self, record: Record, verdicts: dict[UUID, Verdict], *, waited: bool = False) -> None:
        await self._transaction([record], verdicts, advance=False, release_waiting=False, waited=waited)

    def _judge(
        self, record: Record, problem: Exception, attempts: Counter[Place], verdicts: dict[UUID, Verdict]
    ) -> None:
        attempts[record.place] += 1
        received, _ = read([record])
        if not received or received[0].envelope.id in verdicts:
            # No reaction ran: what failed is keeping it.
            log.error("a record could not be kept", consumer=self.consumer.name, problem=_say(problem))
        elif isinstance(problem, ValidationError) or self._is_permanent(problem):
            verdicts[received[0].envelope.id] = Verdict("parked", _say(problem))
        elif attempts[record.place] >= ATTEMPTS:
            reason = f"failed {ATTEMPTS} times, last: {_say(problem)}"
            verdicts[received[0].envelope.id] = Verdict("exhausted", reason)

    async def _following(self, record: Record) -> Record | None:
        """The waiting record that is next of this one's key, if its turn has come."""
        received, _ = read([record])
        if not received:
            return None
        key = received[0].key
        async with self.pool.acquire() as db:
            position = (await read_positions(db, self.consumer.name, [key])).get(key)
            letters = (await held(db, self.consumer.name, [key])).get(key, [])
        if position is None or position.parked:
            return None
        return next((d.record for d in letters if d.sequence == position.sequence + 1), None)

    async def _at_last(self, step: Callable[[], Awaitable[None]]) -> None:
        while True:
            try:
                return await step()
            except Exception as problem:
                await self._until_database_answers(problem)

    async def _until_database_answers(self, problem: Exception) -> None:
        log.warning("waiting for the database", consumer=self.consumer.name, problem=_say(problem))
        while True:
            await asyncio.sleep(0.5)
            if await self._database_answers():
                return

    async def _database_answers(self) -> bool:
        with suppress(Exception):
            return await self.pool.fetchval("select true", timeout=5)
        return False

    def _tell(self, plan: Plan) -> None:
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


def _bare(record: Record) -> Record:
    """What can be kept of a record that cannot be kept as it is: where it stands in Kafka."""
    return Record(record.topic, record.partition, record.offset, None, None, [])


def _of_environment(problem: BaseException) -> bool:
    # Leaving a transaction whose connection is lost raises another error on top of the one that says so.
    return isinstance(problem, ENVIRONMENT) or (
        problem.__context__ is not None and _of_environment(problem.__context__)
    )


def _say(problem: BaseException) -> str:
    if isinstance(problem, ValidationError):
        # Its own text repeats what was given, which may be a person's data.
        return "; ".join(f"{'.'.join(map(str, e['loc']))}: {e['msg']}" for e in problem.errors(include_input=False))
    return f"{type(problem).__name__}: {problem}"
