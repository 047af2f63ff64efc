"""Documents: the list, the one and the history of aggregates, as their rows in main.py describe them."""

import base64
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import BaseModel

from shared.domain.actor import Actor, Role
from shared.domain.refused import Invalid, NotFound
from shared.messaging.outbox import Connection
from shared.messaging.work import adapter
from shared.platform.bodies import NotJson, read_json
from shared.platform.service import Lists

MOST = 200
"""Documents a page at most."""


@dataclass(frozen=True, slots=True)
class Page:
    """A page of documents; `next` is the cursor of the following one, None at the end."""

    items: list[dict[str, Any]]
    next: str | None


class StepEvent(BaseModel):
    """An event that a step gave."""

    id: UUID
    type: str
    sequence: int


class Step(BaseModel):
    """One entry of a history."""

    version: int
    actor: str
    """The person's opaque id, or the event or timer that a service acted on."""
    use_case: str
    at: datetime
    events: list[StepEvent]


@dataclass(frozen=True, slots=True)
class Filter:
    """How a list is filtered by one field."""

    sql: str
    """With one `{}` for the parameter: equality with a field, or membership in a list of that name."""
    schema: dict[str, Any]
    """JSON Schema of what is filtered by."""


class Documents:
    """The queries of one kind of aggregate. Field names stand in the SQL as literals: their indexes are on those."""

    def __init__(self, row: Lists) -> None:
        self.row, self._table = row, row.kind.kind()
        schema = adapter(row.kind).json_schema(mode="serialization")
        self._fields: dict[str, Any] = schema["properties"]
        self._definitions: dict[str, Any] = schema.get("$defs", {})
        self._has_sides = "sides" in self._fields
        self.filters = {name: self._filter(name) for name in row.filters}

    def _filter(self, name: str) -> Filter:
        for field in (name, f"{name}_keys", f"{name}s"):  # `identifiers` are objects, their keys are not
            if schema := self._fields.get(field):
                if schema.get("type") == "array":
                    return Filter(f"body->'{field}' ? {{}}", self._resolved(schema["items"]))
                return Filter(f"coalesce(body->>'{field}', '') = {{}}", self._resolved(schema))
        raise TypeError(f"{self._table} has no field to filter by {name}")

    def _resolved(self, schema: dict[str, Any]) -> dict[str, Any]:
        reference = schema.get("$ref", "")
        return self._definitions[reference.rsplit("/", 1)[-1]] if reference else schema

    async def page(
        self, db: Connection, actor: Actor, filters: Mapping[str, str], sort: str | None, cursor: str | None, limit: int
    ) -> Page:
        """A page, ordered by `sort` (a field, `-` before it for descending) and id; raises Invalid for a bad cursor."""
        parameters: list[object] = []
        tests = self._seen(actor, parameters)
        for name, value in filters.items():
            parameters.append(value)
            tests.append(self.filters[name].sql.format(f"${len(parameters)}"))
        sort = sort or self.row.order or ""
        field, descending = sort.lstrip("-"), sort.startswith("-")
        order = f"coalesce(body->>'{field}', '')" if field else "''::text"
        if cursor:
            parameters.extend(_read_cursor(cursor, self._table, sort))
            than = "<" if descending else ">"
            tests.append(f"({order}, id) {than} (${len(parameters) - 1}, ${len(parameters)})" if field
                         else f"id {than} ${len(parameters)} and ${len(parameters) - 1}::text is not null")  # fmt: skip
        way = " desc" if descending else ""
        ordered = f"{order}{way}, id{way}" if field else f"id{way}"
        where = " and ".join(tests) or "true"
        rows = await db.fetch(
            f"select id, version, body, {order} as sort from {self._table}"
            f" where {where} order by {ordered} limit {limit + 1}",
            *parameters,
        )
        more = _write_cursor(self._table, sort, rows[limit - 1]) if len(rows) > limit else None
        return Page([_document(row) for row in rows[:limit]], more)

    async def one(self, db: Connection, actor: Actor, id: UUID) -> dict[str, Any]:
        """One document with its version; raises NotFound, also for what one may not see."""
        parameters: list[object] = [id]
        tests = " and ".join(["id = $1", *self._seen(actor, parameters)])
        row = await db.fetchrow(f"select id, version, body from {self._table} where {tests}", *parameters)
        if row is None:
            raise NotFound(what=self._table.replace("_", " "), id=id)
        return _document(row)

    async def history(self, db: Connection, actor: Actor, id: UUID) -> list[dict[str, Any]]:
        """What was done to one, oldest first: version, actor, use case, when, and the events that came of it."""
        await self.one(db, actor, id)
        rows = await db.fetch(
            "select version, actor, use_case, at, events from history where aggregate_id = $1 order by version", id
        )
        return [dict(row) | {"events": json.loads(row["events"])} for row in rows]

    def _seen(self, actor: Actor, parameters: list[object]) -> list[str]:
        if self.row.own:
            parameters.append(str(actor.person))
            return [f"coalesce(body->>'person_id', '') = ${len(parameters)}"]
        if not self._has_sides or Role.OPERATOR in actor.roles:
            return []
        parameters.append([str(side) for side in (actor.organisation, *actor.within)])
        return [f"body->'sides' ?| ${len(parameters)}::text[]"]


def _document(row: Any) -> dict[str, Any]:
    return json.loads(row["body"]) | {"version": row["version"]}


def _write_cursor(table: str, sort: str, last: Any) -> str:
    return base64.urlsafe_b64encode(json.dumps([table, sort, last["sort"], str(last["id"])]).encode()).decode()


def _read_cursor(cursor: str, table: str, sort: str) -> tuple[str, UUID]:
    """Where the page before ended; raises Invalid, also for a cursor of another list or another order."""
    try:
        *of, value, id = read_json(base64.b64decode(cursor.encode(), b"-_", validate=True))
        if of != [table, sort] or not isinstance(value, str) or "\x00" in value:
            raise ValueError
        return value, UUID(id)
    except (ValueError, TypeError, AttributeError, NotJson):
        reason = "the cursor is not one that a page of this list in this order gave; begin again without it"
        raise Invalid(reason=reason) from None
