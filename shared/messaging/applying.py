"""Applying: one transaction with the effects of events, the dead letters, the positions and the offsets."""

import asyncio
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from uuid import UUID

import structlog

from shared.contracts.event import Event
from shared.messaging.dead_letter import (
    DeadLetter,
    Record,
    continue_waiting,
    delete_dead_letters,
    leave_waiting,
    park_waiting,
    read_dead_letters,
    supersede_dead_letters,
    write_dead_letters,
)
from shared.messaging.environment import ReactionCut
from shared.messaging.outbox import Connection, Pool
from shared.messaging.plan import Plan, Planner, Received, Verdict, read
from shared.messaging.position import (
    Key,
    Place,
    Position,
    advance_offsets,
    end_trials,
    lock_offsets,
    read_positions,
    write_positions,
)
from shared.messaging.reactions import Consumer

POLICY_CHUNK = 50
"""Events in a policy's transaction, which holds the locks of all it touches. Measured beside API writers: 400 gave
deadlocks and an API p99 of 3 s; 20 to 50 gave none."""
PROJECTION_LETTERS = 500
"""Waiting events of a key that one transaction applies; the next ones follow in another."""
SLOW = 10.0
"""Seconds after which the health report says that a reaction runs."""

React = Callable[[Connection, Sequence[Event]], Awaitable[None]]
"""Runs a consumer's reactions on events, in the connection's transaction."""

Observe = Callable[[str, Counter[tuple[str, str]]], None]
"""Called after each transaction with the consumer, and how many records of a topic had which outcome."""

Verdicts = Mapping[UUID | None, Verdict]

log = structlog.get_logger()


class Overtaken(Exception):
    """Another transaction moved the key's position while a reaction ran; nothing of it is kept."""


class Applying:
    """Applies one consumer's records, a transaction at a time."""

    def __init__(self, pool: Pool, consumer: Consumer, react: React, observe: Observe, partitions: int) -> None:
        self._pool, self._consumer, self._react, self._observe = pool, consumer, react, observe
        self._partitions = partitions
        self._most = POLICY_CHUNK if consumer.policies else PROJECTION_LETTERS
        self._running: dict[object, tuple[float, Event]] = {}

    @property
    def slow(self) -> str | None:
        """Which reaction has run for long, in a sentence."""
        for began, event in self._running.values():
            if (took := time.monotonic() - began) > SLOW:
                return f"a reaction has run for {took:.0f} s, with {_name(event)}"
        return None

    async def poll(
        self, records: Sequence[Record], verdicts: Verdicts, *, release: bool, limit: float, tried: Sequence[Place] = ()
    ) -> Plan:
        """Applies or keeps records, and advances the offsets; `limit` is the seconds that the reactions have."""
        name = self._consumer.name
        async with self._pool.acquire() as db, db.transaction():
            nexts = await lock_offsets(db, name, list({(r.topic, r.partition) for r in records}))
            fresh = [r for r in records if r.offset >= nexts[r.topic, r.partition]]
            plan = await self._plan(db, fresh, verdicts, release=release)
            await self._react_in_time(db, plan.apply, limit)
            await self._write(db, plan)
            if tried:
                await end_trials(db, name, tried)
            await advance_offsets(db, name, {(r.topic, r.partition): r.offset + 1 for r in fresh})
        self._report(plan)
        return plan

    async def due(self, letter: DeadLetter, verdict: Verdict | None, *, limit: float) -> Plan:
        """Applies or parks a waiting event that this process has claimed; raises Overtaken if another applied it.

        While the reaction runs, the partition is free: only afterwards its offsets are locked, and the key's position
        is compared.
        """
        name, place = self._consumer.name, letter.record.place
        ((one,), _) = read([letter.record], self._partitions)
        async with self._pool.acquire() as db, db.transaction():
            planner, before = await self._planner(db, [one], {one.id: verdict} if verdict else {}, release=False)
            in_turn = planner.retry(one)
            plan = planner.plan
            await self._react_in_time(db, plan.apply, limit)
            await lock_offsets(db, name, [place[:2]])
            now, _ = await read_positions(db, name, [one.key])
            if now.get(one.key) != before:
                raise Overtaken
            await self._write(db, plan)
            if not in_turn:
                await leave_waiting(db, name, place)
        self._report(plan)
        return plan

    async def _plan(self, db: Connection, fresh: Sequence[Record], verdicts: Verdicts, *, release: bool) -> Plan:
        received, unreadable = read(fresh, self._partitions)
        planner, _ = await self._planner(db, received, verdicts, release=release)
        for letter in unreadable:
            planner.keep_unreadable(letter)
        for one in received:
            planner.take(one)
        return planner.plan

    async def _planner(
        self, db: Connection, received: Sequence[Received], verdicts: Verdicts, *, release: bool
    ) -> tuple[Planner, Position | None]:
        """A planner, and the position of the first key as it is now."""
        name, keys = self._consumer.name, list({one.key: None for one in received})
        positions, holding = await read_positions(db, name, keys)
        held: dict[Key, list[DeadLetter]] = {}
        if holding:
            sequences = {(one.key, one.sequence) for one in received if one.key in holding}
            free = {key: positions.get(key, Position()) for key in holding}
            after = {key: position.sequence for key, position in free.items() if not position.parked}
            held = await read_dead_letters(db, name, sequences, after, self._most)
        first = positions.get(keys[0]) if keys else None
        before = Position(first.sequence, first.event_id, first.parked) if first else None
        return Planner(self._consumer, positions, held, verdicts, release=release, most=self._most), before

    async def _react_in_time(self, db: Connection, events: Sequence[Event], limit: float) -> None:
        if not events:
            return
        running, time_out = object(), asyncio.timeout(limit)
        self._running[running] = time.monotonic(), events[0]
        try:
            async with time_out:
                await self._react(db, events)
        except TimeoutError as problem:
            if not time_out.expired():
                raise  # a statement's own
            raise ReactionCut(f"did not return within {limit:.0f} s, with {_name(events[0])}") from problem
        finally:
            del self._running[running]

    async def _write(self, db: Connection, plan: Plan) -> None:
        name = self._consumer.name
        # First: the dead letters that a newer state replaces are older than those kept now.
        await supersede_dead_letters(db, name, plan.superseded)
        await write_dead_letters(db, name, plan.letters.values())
        await park_waiting(db, name, plan.parked)
        await delete_dead_letters(db, name, plan.released)
        await continue_waiting(db, name, plan.follows)
        await write_positions(db, name, plan.positions.items())

    def _report(self, plan: Plan) -> None:
        outcomes: Counter[tuple[str, str]] = Counter((event.topic, "applied") for event in plan.apply)
        outcomes.update((letter.record.topic, letter.state) for letter in plan.letters.values())
        outcomes["", "skipped"] += plan.skipped
        self._observe(self._consumer.name, outcomes)
        for letter in plan.letters.values():
            topic, partition, offset = letter.record.place
            log.warning(
                f"event {letter.state}", consumer=self._consumer.name, topic=topic, partition=partition, offset=offset,
                event_id=letter.event_id, sequence=letter.sequence, reason=letter.reason,
            )  # fmt: skip


def verdict_for(records: Iterable[Record], verdict: Verdict, partitions: int) -> dict[UUID | None, Verdict]:
    """The verdict on each of these records that has an event's id."""
    received, _ = read(records, partitions)
    return {one.id: verdict for one in received if one.id}


def _name(event: Event) -> str:
    return f"{event.envelope.type} {event.envelope.subject} {event.envelope.sequence}"
