"""Runs use cases with all they need: transaction, retry, idempotency, events, timers, trace, metrics."""

import asyncio
import hashlib
import json
import random
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import asyncpg
from pydantic import TypeAdapter

from shared.contracts.event import Envelope, Event
from shared.domain.actor import Actor
from shared.domain.aggregate import Aggregate
from shared.domain.command import Command, Due
from shared.domain.refused import Refused, Unavailable
from shared.messaging.envelope import new_id
from shared.messaging.outbox import Connection, Pool
from shared.messaging.reactions import Consumer, Policy, by_projection
from shared.messaging.timer import DueTimer, Fire
from shared.service.importing import Draft, Tell, imported, try_lines
from shared.service.rows import Change, Imports, Service, Timer
from shared.service.work import Changed, Repository, UnitOfWork, adapter
from shared.telemetry.metrics import Metrics
from shared.telemetry.traces import span

TRIES = 5
"""A transaction that fails by a deadlock is tried this often."""
PAUSE = 0.02
"""Seconds at most before the second try, and as much more before each later one."""

CLAIM = """insert into idempotency (actor, key, request, status, headers, body) values ($1, $2, $3, 0, '{}', '')
    on conflict do nothing returning true"""
FORGET = "delete from idempotency where at < now() - interval '1 day'"
REMEMBER = "update idempotency set status = $3, headers = $4, body = $5 where actor = $1 and key = $2"
RECALL = "select request, status, headers, body from idempotency where actor = $1 and key = $2"

Clock = Callable[[], datetime]


class IdempotencyKeyReused(Refused):
    """This Idempotency-Key was used for another request; use a new key for a new request.

    For a day a key belongs to one request, with its route and body. Use a new key, such as a random UUID, for each new
    request, and an old one only to repeat the same request unchanged.
    """

    status = 422


@dataclass(frozen=True, slots=True)
class Answer:
    """What a command answers: status, headers, and the document as JSON."""

    status: int
    headers: dict[str, str]
    body: str


class CommandRunner:
    """Runs a service's use cases, policies, projections and timers."""

    def __init__(self, service: Service, pool: Pool, clock: Clock, metrics: Metrics, nudge: Callable[[], None]) -> None:
        """`nudge` is called after each commit that gave events."""
        self._service, self._pool, self.clock, self._metrics, self._nudge = service, pool, clock, metrics, nudge
        self._since: datetime | None = None

    async def command(
        self, row: Change, ask: Command, actor: Actor, *, version: int | None = None, key: str | None = None
    ) -> Answer:
        """Runs a use case; raises Refused. `version` is If-Match's, `key` the Idempotency-Key."""
        return await self._measured(row, lambda: self._once(row, ask, actor, version, key))

    async def import_file(
        self, row: Imports, draft: Draft, actor: Actor, *, dry_run: bool, key: str | None = None,
        tell: Tell = lambda _: None,
    ) -> Answer:  # fmt: skip
        """Runs the use case for each line of a file, for all or for none; raises Refused."""
        return await self._measured(row, lambda: self._import(row, draft, actor, dry_run, key, tell))

    async def _measured(self, row: Change, step: Callable[[], Awaitable[tuple[Answer, int]]]) -> Answer:
        began, outcome = time.perf_counter(), "failed"
        try:
            with span(row.name):
                answer, events = await self._with_retry(step)
            outcome = "done"
        except Refused as refused:
            outcome = refused.slug()
            raise
        finally:
            self._metrics.command(row.name, outcome, time.perf_counter() - began)
        if events:
            self._nudge()
        return answer

    async def _once(
        self, row: Change, ask: Command, actor: Actor, version: int | None, key: str | None
    ) -> tuple[Answer, int]:
        async with self._pool.acquire() as db, db.transaction():
            request = _fingerprint(row, ask, actor)
            work = self._work(db, actor, row.name)
            if key and (before := await _claim(db, actor, key, request)):
                return await self._again(before, work), 0
            result = await (row.run(ask, actor, work) if version is None else _match(work, row, ask, actor, version))
            events = await work.save(row.emits)
            answer = self._answer(row, result, work)
            if key:
                kept = _without_people(row, answer.body)
                await db.execute(REMEMBER, str(actor), key, answer.status, json.dumps(answer.headers), kept)
            return answer, events

    async def _import(
        self, row: Imports, draft: Draft, actor: Actor, dry_run: bool, key: str | None, tell: Tell
    ) -> tuple[Answer, int]:
        id = new_id()

        def work() -> UnitOfWork:
            return self._work(db, actor, row.run.__name__, part_of=f"import {id}")

        async with self._pool.acquire() as db:
            transaction = db.transaction()
            await transaction.start()
            applied = False
            try:
                if key and (before := await _claim(db, actor, key, draft.fingerprint(row, actor))):
                    return before, 0
                tried = await try_lines(db, row, draft, actor, work, tell)
                said = imported(id, draft, tried.mistakes, dry_run=dry_run)
                answer, applied = Answer(200, {}, said.model_dump_json()), said.applied
                if key:
                    await db.execute(REMEMBER, str(actor), key, answer.status, json.dumps(answer.headers), answer.body)
            finally:
                # What was not applied is not remembered either: the same request may be tried again.
                await (transaction.commit() if applied else transaction.rollback())
            return answer, tried.events if applied else 0

    async def _again(self, before: Answer, work: UnitOfWork) -> Answer:
        """The earlier answer; a person as the directory has them now, since the answer keeps no copy of them."""
        kept = json.loads(before.body)
        if set(kept) != {"kind", "id"}:
            return before
        repository = next(r for r in work.repositories if r.table == kept["kind"])
        aggregate = await repository.get(UUID(kept["id"]))
        return Answer(before.status, before.headers, view(aggregate, work.stored(aggregate).version))

    async def forget_answers(self) -> None:
        """Deletes the answers to Idempotency-Keys that are older than a day."""
        await self._pool.execute(FORGET)

    async def _with_retry(self, step: Callable[[], Awaitable[tuple[Answer, int]]]) -> tuple[Answer, int]:
        for tries in range(1, TRIES + 1):
            try:
                return await step()
            except asyncpg.LockNotAvailableError:
                break  # it has already waited for `lock_timeout`, on a connection that others need
            except (asyncpg.DeadlockDetectedError, asyncpg.SerializationError):
                await asyncio.sleep(PAUSE * tries * random.random())  # noqa: S311 - the two do not meet again
        raise Unavailable(reason="Somebody else is changing the same", retry_after=1)

    def _work(
        self, db: Connection, actor: Actor, use_case: str, cause: Envelope | None = None, part_of: str | None = None
    ) -> UnitOfWork:
        return self._service.work(
            db, now=self.clock(), actor=actor, use_case=use_case, ports=dict(self._service.ports), cause=cause,
            part_of=part_of,
        )  # fmt: skip

    def _answer(self, row: Change, result: Any, work: UnitOfWork) -> Answer:
        if not isinstance(result, Aggregate):
            return Answer(200, {}, TypeAdapter(row.gives).dump_json(result).decode())
        version = work.stored(result).version
        headers = {"ETag": f'"{version}"'}
        if row.creates:
            path = next((q.path for q in self._service.lists if q.kind is type(result)), None)
            headers |= {"Location": f"{path}/{result.id}"} if path else {}
        return Answer(201 if row.creates else 200, headers, view(result, version))

    def fire(self, row: Timer) -> Fire:
        """What a due timer does, in the transaction that deletes it."""

        async def fire(due: DueTimer, db: Connection) -> None:
            with span(f"timer {row.kind}"):
                actor = Actor.service(f"timer {row.kind}")
                work = self._work(db, actor, row.run.__name__)
                await row.run(Due(**due._asdict()), actor, work)
                await work.save(row.emits)

        return fire

    def react(self, consumer: Consumer) -> Callable[[Connection, Sequence[Event]], Awaitable[None]]:
        """A consumer's reactions on events, in the transaction of its positions."""
        return self._project(consumer) if consumer.projections else self._decide(consumer)

    def _project(self, consumer: Consumer) -> Callable[[Connection, Sequence[Event]], Awaitable[None]]:
        async def project(db: Connection, events: Sequence[Event]) -> None:
            links = [e.envelope.traceparent for e in events[:20] if e.envelope.traceparent]
            with span(f"consume {consumer.name}", links=links):
                for row, mine in by_projection(consumer, events):
                    await row.run(mine, db)

        return project

    def _decide(self, consumer: Consumer) -> Callable[[Connection, Sequence[Event]], Awaitable[None]]:
        async def decide(db: Connection, events: Sequence[Event]) -> None:
            since = self._since = self._since or await db.fetchval("select since from installation")
            for event in events:
                # What happened before this service was first installed is history, not news.
                for row in consumer.policies if event.envelope.time >= since else ():
                    if type(event) in row.takes:
                        await self._apply(db, row, event)

        return decide

    async def _apply(self, db: Connection, row: Policy, event: Event) -> None:
        with span(row.name, parent=event.envelope.traceparent):
            work = self._work(db, Actor.service(f"event {event.envelope.id}"), row.name, event.envelope)
            await row.run(event, work)
            await work.save(row.emits)


def view(aggregate: Aggregate, version: int) -> str:
    """The document of an aggregate as people read it, with its version."""
    return json.dumps(json.loads(adapter(type(aggregate)).dump_json(aggregate)) | {"version": version})


def _fingerprint(row: Change, ask: Command, actor: Actor) -> str:
    # The same body for another organisation is another request.
    said = json.dumps(ask.model_dump(), sort_keys=True, default=_plain)
    return hashlib.sha256(f"{row.name} {actor.organisation_id} {said}".encode()).hexdigest()


def _plain(value: object) -> object:
    # The order of a set differs between processes, and a repeated request may reach another one.
    return sorted(map(str, value)) if isinstance(value, frozenset | set) else str(value)


def _without_people(row: Change, body: str) -> str:
    # What identifies a person is only in their document and on a compacted topic, where an erasure reaches it.
    personal = issubclass(row.gives, Aggregate) and row.gives.personal
    if not personal and not any(event.compacted for event in row.emits):
        return body
    return json.dumps({"kind": row.gives.noun(), "id": json.loads(body)["id"]})


async def _claim(db: Connection, actor: Actor, key: str, request: str) -> Answer | None:
    """Takes the key for this request, or answers what it was answered before; waits for one that runs now."""
    if await db.fetchval(CLAIM, str(actor), key, request):
        return None
    row = await db.fetchrow(RECALL, str(actor), key)
    if row is None or row["request"] != request:
        raise IdempotencyKeyReused
    return Answer(row["status"], json.loads(row["headers"]), row["body"])


async def _match(work: UnitOfWork, row: Change, ask: Command, actor: Actor, version: int) -> Any:
    """Runs a use case on this version of its aggregate only; raises Changed."""
    await _expect(work, row, ask, version)
    try:
        result = await row.run(ask, actor, work)
    except Refused:
        await _expect(work, row, ask, version)  # if somebody else was faster, that is the reason to tell
        raise
    if isinstance(result, Aggregate) and work.stored(result).version != version:
        raise Changed(what=result.noun().replace("_", " "))  # changed since, or found by another way than the path's id
    return result


async def _expect(work: UnitOfWork, row: Change, ask: Command, version: int) -> None:
    kind: Any = row.gives
    id: UUID | None = getattr(ask, f"{kind.noun()}_id", None) if issubclass(kind, Aggregate) else None
    repository: Repository[Any] | None = next((r for r in work.repositories if r.kind is kind), None)
    if id is not None and repository is not None:
        # Without a lock, since the use case may need another one first; the version is looked at again after it.
        _, current = await repository.peek(id)
        if current != version:
            raise Changed(what=kind.noun().replace("_", " "))
