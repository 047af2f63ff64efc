"""What awaits the caller, and what falls due for their organisation: the same two queries in every service."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime, time
from typing import Annotated, Any, NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Depends, FastAPI, Query, Request
from pydantic import BaseModel, ConfigDict

from shared.contracts.values import Day, Text
from shared.domain.actor import Actor, Role
from shared.domain.aggregate import Act, Aggregate, OfEach
from shared.domain.refused import Invalid, Refused
from shared.http.bodies import require_plain
from shared.http.documents import MOST, Documents, Order, cursor_after, read_cursor
from shared.http.identity.caller import Identified, allow
from shared.http.openapi import OpenApi
from shared.messaging.outbox import Connection, Pool
from shared.service.commands import CommandRunner
from shared.service.rows import Change, Service
from shared.service.work import adapter

READERS = frozenset({Role.READER})
WITH_TASKS = READERS | {Role.PARTICIPANT}
LOOKED_AT = 500
"""How many aggregates one request for tasks looks at."""
# Since the newest step that was not the act itself by another side.
SINCE = """select (select max(at) from history h
        where h.aggregate_id = w.id and h.kind = w.kind and h.use_case <> w.use_case) as since
    from unnest($1::uuid[], $2::text[], $3::text[]) with ordinality w(id, kind, use_case, n) order by n"""
DUE = """select distinct t.due, t.kind, t.aggregate_id, l.kind as aggregate
    from timer t join listing l on l.id = t.aggregate_id
    where (l.kind, l.sort) in (select * from unnest($1::text[], $2::text[])) and l.scope = any($3::text[])
        and t.due < coalesce($4, 'infinity'::timestamptz)
        and (t.due, t.kind, t.aggregate_id) > (coalesce($5, '-infinity'::timestamptz), $6::text, $7::uuid)
    order by t.due, t.kind, t.aggregate_id limit $8"""
LIMIT = Query(ge=1, le=MOST, description="How many aggregates at most.")
CURSOR = Query(min_length=1, max_length=2000, description="The `next` of the page before.")


class _OfAggregate(BaseModel):
    model_config = ConfigDict(use_attribute_docstrings=True)

    aggregate: str
    """Its kind, such as `agreement`."""
    id: UUID
    title: Text | None


class Task(_OfAggregate):
    """An act that waits for you."""

    what: str
    """The act, such as `approve`."""
    number: int | None
    """Which part of the aggregate it is about, such as the number of a milestone; null for the whole."""
    since: datetime


class TaskPage(BaseModel):
    """One page of your tasks."""

    model_config = ConfigDict(use_attribute_docstrings=True)

    items: list[Task]
    next: str | None
    """Send this as `cursor` to get the following page, which may be empty; null on the last page."""


class DueItem(_OfAggregate):
    """Something that falls due on a day."""

    kind: str
    """The kind of timer or commitment, such as `end`."""
    at: datetime


class DuePage(BaseModel):
    """One page of what falls due, the earliest first."""

    model_config = ConfigDict(use_attribute_docstrings=True)

    items: list[DueItem]
    next: str | None
    """Send this as `cursor` to get the following page; null on the last page."""


class Waiting(NamedTuple):
    """An act that waits, on an aggregate or on its part of a number."""

    documents: Documents
    row: Any
    act: Change
    number: int | None


class Agenda:
    """The two queries, over the lists of a service whose aggregates have sides."""

    def __init__(self, service: Service, runner: CommandRunner) -> None:
        self._runner = runner
        self._kinds = {
            d.row.kind.noun(): d for d in map(Documents, service.lists) if d.has_sides and not d.row.kind.personal
        }
        self._acts = {(row.gives, row.act): row for row in service.commands}

    async def tasks(self, db: Connection, actor: Actor, limit: int, cursor: str | None) -> dict[str, Any]:
        """The acts that wait for `actor`, the aggregates of each kind in their order; raises Invalid."""
        states = {name: self._states(documents.row.kind, actor) for name, documents in self._kinds.items()}
        kinds = [name for name in states if states[name]]
        begin, after = _after(cursor, "tasks") or ("", None)
        found: list[Waiting] = []
        looked = 0
        for name in kinds[kinds.index(begin) if begin in kinds else 0 :]:
            documents = self._kinds[name]
            place = ("", after) if name == begin and after else None
            for row in await self._waiting(db, documents, actor, states[name], Order("", place, LOOKED_AT - looked)):
                looked += 1
                acts = self._awaiting(documents.row.kind, row["body"], actor)
                found += [Waiting(documents, row, act, number) for act, number in acts]
                if len(found) >= limit or looked == LOOKED_AT:
                    return {"items": await _tasks(db, found), "next": cursor_after("tasks", "", name, row["id"])}
        return {"items": await _tasks(db, found), "next": None}

    async def due(
        self, db: Connection, actor: Actor, before: date | None, limit: int, cursor: str | None
    ) -> dict[str, Any]:
        """What falls due before a day begins in UTC, of what `actor` sees; raises Invalid."""
        # Only these have timers; an aggregate that has the id of another one, such as a learning agreement, has none.
        kinds = {name: one for name, one in self._kinds.items() if one.row.kind.due is not Aggregate.due}
        sorts = [documents.listed[1][0] for documents in kinds.values()]
        scopes = [""] if Role.OPERATOR in actor.roles else list(map(str, actor.lineage))
        end = datetime.combine(before, time.min, ZoneInfo("UTC")) if before else None
        place = _due_after(cursor)
        rows = await db.fetch(DUE, list(kinds), sorts, scopes, end, *place, limit + 1)
        titles = await self._titles(db, rows[:limit])
        items = [
            {"aggregate": row["aggregate"], "id": row["aggregate_id"], "title": titles[row["aggregate_id"]],
             "kind": row["kind"], "at": row["due"]}
            for row in rows[:limit]
        ]  # fmt: skip
        return {"items": items, "next": _due_cursor(rows[limit - 1]) if len(rows) > limit else None}

    def _states(self, kind: type[Aggregate], actor: Actor) -> list[str]:
        """The states in which an act of the actor's roles may wait."""
        return [
            str(status) for status, acts in kind.awaits.items() if any(self._may(kind, what, actor) for what in acts)
        ]

    def _may(self, kind: type[Aggregate], what: str, actor: Actor) -> bool:
        return any(actor.may(role) for role in self._acts[kind, what].may)

    async def _waiting(
        self, db: Connection, documents: Documents, actor: Actor, states: list[str], order: Order
    ) -> list[Any]:
        """Aggregates of the actor's organisation in one of these states."""
        office = replace(actor, roles=actor.roles - {Role.OPERATOR})
        conditions = documents.conditions(office, {"status": states}, "")
        ids = await documents.named(db, actor) if actor.is_participant else None
        sql, parameters = documents.query(office, conditions, ids, order)
        return await db.fetch(sql, *parameters)

    def _awaiting(self, kind: type[Aggregate], body: str, actor: Actor) -> Iterator[tuple[Change, int | None]]:
        """The acts that the actor could carry out now on this aggregate, or on its part of a number.

        Each is tried, so that its own rules decide.
        """
        aggregate = adapter(kind).validate_json(body)
        for what, act in kind.awaits[aggregate.status].items():
            if self._may(kind, what, actor):
                for one, number in _each(act, aggregate):
                    try:
                        one(adapter(kind).validate_json(body), actor, self._runner.clock())
                    except Refused:
                        continue
                    yield self._acts[kind, what], number

    async def _titles(self, db: Connection, rows: Sequence[Any]) -> dict[UUID, Any]:
        titles: dict[UUID, Any] = {}
        for name, documents in self._kinds.items():
            ids = [row["aggregate_id"] for row in rows if row["aggregate"] == name]
            sql = f"select id, body->'{documents.title}' as title from {name} where id = any($1::uuid[])"
            titles |= {row["id"]: json.loads(row["title"]) for row in await db.fetch(sql, ids)} if ids else {}
        return titles


def _each(act: Act | OfEach, aggregate: Aggregate) -> Iterator[tuple[Act, int | None]]:
    if isinstance(act, OfEach):
        yield from ((act.of(number), number) for number in act.numbers(aggregate))
    else:
        yield act, None


async def _tasks(db: Connection, found: Sequence[Waiting]) -> list[dict[str, Any]]:
    ids, use_cases = [one.row["id"] for one in found], [one.act.name for one in found]
    kinds = [one.documents.row.kind.noun() for one in found]
    since = await db.fetch(SINCE, ids, kinds, use_cases) if found else []
    return [
        {"aggregate": documents.row.kind.noun(), "id": row["id"], "title": json.loads(row["body"])[documents.title],
         "what": act.act, "number": number, "since": at["since"]}
        for (documents, row, act, number), at in zip(found, since, strict=True)
    ]  # fmt: skip


def _after(cursor: str | None, of: str) -> tuple[str, UUID] | None:
    return read_cursor(cursor, of, "") if cursor else None


def _due_cursor(row: Any) -> str:
    return cursor_after("due", "", f"{row['due'].isoformat()} {row['kind']}", row["aggregate_id"])


def _due_after(cursor: str | None) -> tuple[datetime | None, str, UUID]:
    if (place := _after(cursor, "due")) is None:
        return None, "", UUID(int=0)
    moment, _, kind = place[0].partition(" ")
    try:
        at = datetime.fromisoformat(moment)
        return at.astimezone(ZoneInfo("UTC")), kind, place[1]
    except (ValueError, OverflowError):
        raise Invalid(reason="`cursor` is not the `next` of an earlier page; begin again without it") from None


def add_agenda(
    app: FastAPI, service: Service, pool: Pool, runner: CommandRunner, identified: Identified, openapi: OpenApi
) -> None:
    """Adds `/tasks` and `/due`."""
    router, agenda = APIRouter(), Agenda(service, runner)
    who = Depends(identified)

    @router.get("/tasks", **openapi.operation("list_tasks", TaskPage))
    async def tasks(
        request: Request,
        actor: Annotated[Actor, who],
        limit: Annotated[int, LIMIT] = 50,
        cursor: Annotated[str | None, CURSOR] = None,
    ) -> dict[str, Any]:
        """What awaits you: each act that would be accepted from you now and that others wait for."""
        allow(actor, WITH_TASKS)
        require_plain(request, ["limit", "cursor"])
        async with pool.acquire() as db:
            return await agenda.tasks(db, actor, limit, cursor)

    @router.get("/due", **openapi.operation("list_due", DuePage))
    async def due(
        request: Request,
        actor: Annotated[Actor, who],
        before: Annotated[Day | None, Query(description="Only what falls due before this day begins in UTC.")] = None,
        limit: Annotated[int, LIMIT] = 50,
        cursor: Annotated[str | None, CURSOR] = None,
    ) -> dict[str, Any]:
        """What falls due for your organisation: what will happen, when, and to which aggregate."""
        allow(actor, READERS)
        require_plain(request, ["before", "limit", "cursor"])
        async with pool.acquire() as db:
            return await agenda.due(db, actor, before, limit, cursor)

    app.include_router(router)
