"""Queries of documents: the list, one document and its history, as the rows in main.py describe them."""

import base64
import json
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from shared.contracts.values import CODE
from shared.domain.actor import Actor, Role
from shared.domain.refused import Invalid, NotFound
from shared.http.bodies import NotJson, read_json
from shared.http.schemas import Named
from shared.messaging.outbox import Connection, Pool
from shared.service.rows import Lists
from shared.service.work import adapter

MOST = 200
"""The most documents on a page."""


@dataclass(frozen=True, slots=True)
class Page:
    """A page of documents; `next` is the cursor of the following page, None on the last."""

    items: list[dict[str, Any]]
    next: str | None


class HistoryEvent(BaseModel):
    """An event that a change published."""

    model_config = ConfigDict(use_attribute_docstrings=True)

    id: UUID
    type: str
    sequence: int
    """Counts the events of the aggregate, from 1 on."""


class HistoryEntry(BaseModel):
    """One change of an aggregate."""

    model_config = ConfigDict(use_attribute_docstrings=True)

    version: int
    """The version that the change made."""
    actor: str
    """The id of the person who made it, or the event or timer that a service acted on."""
    use_case: str
    """The operation by which it was made."""
    cause: str | None
    """What it was part of, such as `import` and its id; null for a change on its own."""
    at: datetime
    events: list[HistoryEvent]


@dataclass(frozen=True, slots=True)
class Filter:
    """How a list is filtered by one field: equality with it, or membership in a list of that name."""

    field: str
    schema: dict[str, Any]
    """JSON Schema of the values to filter by."""
    component: str | None
    """The component of that schema in the OpenAPI document, if it is one."""
    is_list: bool

    @property
    def few(self) -> bool:
        """Whether the field has few values, so that an index on it would find too many documents."""
        closed = "enum" in self.schema or self.schema.get("type") == "boolean"
        return closed or self.schema.get("pattern") == CODE

    def in_document(self, number: int) -> str:
        """SQL over the document's table, with the parameter of this number."""
        if self.is_list:
            return f"body->'{self.field}' ? ${number}"
        return f"coalesce(body->>'{self.field}', '') = ${number}"

    def in_listing(self, value: str) -> object:
        """What the field contains of `listing.said`, as a JSON value."""
        typed = value == "true" if self.schema.get("type") == "boolean" else value
        return [typed] if self.is_list else typed


class Documents:
    """The queries of one kind of aggregate. The SQL names fields as literals, as the indexes do."""

    def __init__(self, row: Lists) -> None:
        self.row, self._table = row, row.kind.noun()
        schema = adapter(row.kind).json_schema(mode="serialization", schema_generator=Named)
        self._fields: dict[str, Any] = schema["properties"]
        self._definitions: dict[str, Any] = schema.get("$defs", {})
        self._has_sides = "sides" in self._fields
        self.filters = {name: self._filter(name) for name in row.filters}

    @property
    def listed(self) -> tuple[str, list[str], list[str]]:
        """What `listing` keeps of a document: the field of who sees it, the orders, the filters of few values.

        The trigger on the table, made by a migration, has the same arguments; a test holds it to this.
        """
        sides = "person_id" if self.row.own else "sides" if self._has_sides else ""
        orders = {*self.row.sorts, (self.row.order or "").lstrip("-")}
        return sides, sorted(orders), sorted(one.field for one in self.filters.values() if one.few)

    def _filter(self, name: str) -> Filter:
        for field in (name, f"{name}_keys", f"{name}s"):  # `identifiers` are objects, their keys are not
            if schema := self._fields.get(field):
                is_list = schema.get("type") == "array"
                one = schema["items"] if is_list else schema
                component = one.get("$ref", "").rpartition("/")[2] or None
                return Filter(field, self._definitions[component] if component else one, component, is_list)
        raise TypeError(f"{self._table} has no field to filter by {name}")

    async def page(
        self, db: Connection, actor: Actor, filters: Mapping[str, str], sort: str | None, cursor: str | None, limit: int
    ) -> Page:
        """A page, ordered by `sort` (a field, `-` before it for descending) and id; raises Invalid for a bad cursor."""
        sort = sort or self.row.order or ""
        sql, parameters = self.query(actor, filters, sort, cursor, limit)
        rows = await db.fetch(sql, *parameters)
        more = (
            cursor_after(self._table, sort, rows[limit - 1]["sort"], rows[limit - 1]["id"])
            if len(rows) > limit
            else None
        )
        return Page([_document(row) for row in rows[:limit]], more)

    async def pages(
        self, pool: Pool, actor: Actor, filters: Mapping[str, str], sort: str | None
    ) -> AsyncIterator[list[dict[str, Any]]]:
        """The documents of all pages, one page after the other, each on a connection that is then free."""
        cursor: str | None = None
        while True:
            async with pool.acquire() as db:
                page = await self.page(db, actor, filters, sort, cursor, MOST)
            yield page.items
            if (cursor := page.next) is None:
                return

    def query(
        self, actor: Actor, filters: Mapping[str, str], sort: str, cursor: str | None, limit: int
    ) -> tuple[str, list[object]]:
        """The SQL of a page and one document more, with its parameters; raises Invalid for a bad cursor."""
        after = _read_cursor(cursor, self._table, sort) if cursor else None
        ask = _Ask(sort.lstrip("-"), " desc" if sort.startswith("-") else "", after, limit + 1)
        selective = any(not self.filters[name].few for name in filters)
        return (self._found if selective else self._walked)(actor, filters, ask)

    def _walked(self, actor: Actor, filters: Mapping[str, str], ask: "_Ask") -> tuple[str, list[object]]:
        """A page read from `listing`: a range of its index for each organisation of the actor."""
        parameters: list[object] = [self._scopes(actor)]
        tests = [f"kind = '{self._table}' and scope = s.scope and sort = '{ask.field}'"]
        if filters:
            # Containment, since Postgres knows the frequent values of `said` and so how far it must scan for a page.
            said = {self.filters[name].field: self.filters[name].in_listing(value) for name, value in filters.items()}
            parameters.append(json.dumps(said))
            tests.append("said @> $2::jsonb")
        tests += ask.beyond("value", parameters)
        cut = f"order by value{ask.way}, id{ask.way} limit {ask.limit}"
        return (
            f"""select d.id, d.version, d.body, p.value as sort from (
                select distinct l.value, l.id from unnest($1::text[]) s(scope) cross join lateral (
                    select value, id from listing where {" and ".join(tests)} {cut}) l
                {cut}) p
            join {self._table} d on d.id = p.id order by p.value{ask.way}, p.id{ask.way}""",
            parameters,
        )

    def _found(self, actor: Actor, filters: Mapping[str, str], ask: "_Ask") -> tuple[str, list[object]]:
        """A page of the few documents that a filter leaves, found by that filter's index."""
        parameters: list[object] = []
        tests = self._seen(actor, parameters)
        for name, value in filters.items():
            parameters.append(value)
            tests.append(self.filters[name].in_document(len(parameters)))
        order = f"coalesce(body->>'{ask.field}', '')" if ask.field else "''::text"
        tests += ask.beyond(order if ask.field else "", parameters)
        ordered = f"{order}{ask.way}, id{ask.way}" if ask.field else f"id{ask.way}"
        return (
            f"""select id, version, body, {order} as sort from {self._table}
            where {" and ".join(tests)} order by {ordered} limit {ask.limit}""",
            parameters,
        )

    async def one(self, db: Connection, actor: Actor, id: UUID) -> dict[str, Any]:
        """One document with its version; raises NotFound, also if the actor may not see it."""
        parameters: list[object] = [id]
        tests = " and ".join(["id = $1", *self._seen(actor, parameters)])
        row = await db.fetchrow(f"select id, version, body from {self._table} where {tests}", *parameters)
        if row is None:
            raise NotFound(what=self._table.replace("_", " "), id=id)
        return _document(row)

    async def history(self, db: Connection, actor: Actor, id: UUID) -> list[dict[str, Any]]:
        """The changes of a document, oldest first: version, actor, use case, time and published events."""
        await self.one(db, actor, id)
        rows = await db.fetch(
            "select version, actor, use_case, cause, at, events from history where aggregate_id = $1 order by version",
            id,
        )
        return [dict(row) | {"events": json.loads(row["events"])} for row in rows]

    def _scopes(self, actor: Actor) -> list[str]:
        if self.row.own:
            return [str(actor.person)]
        if not self._has_sides or Role.OPERATOR in actor.roles:
            return [""]
        return list(map(str, actor.lineage))

    def _seen(self, actor: Actor, parameters: list[object]) -> list[str]:
        if self.row.own:
            parameters.append(str(actor.person))
            return [f"coalesce(body->>'person_id', '') = ${len(parameters)}"]
        if not self._has_sides or Role.OPERATOR in actor.roles:
            return []
        parameters.append(list(map(str, actor.lineage)))
        return [f"body->'sides' ?| ${len(parameters)}::text[]"]


@dataclass(frozen=True, slots=True)
class _Ask:
    """The order of a page (field and direction), the last document of the page before, and how many to read."""

    field: str
    way: str
    after: tuple[str, UUID] | None
    limit: int

    def beyond(self, order: str, parameters: list[object]) -> list[str]:
        """The condition that a document comes after the last page; sorted by `order`, if any, then by id."""
        if self.after is None:
            return []
        than, (value, id) = "<" if self.way else ">", self.after
        if not order:
            parameters.append(id)
            return [f"id {than} ${len(parameters)}"]
        parameters.extend([value, id])
        return [f"({order}, id) {than} (${len(parameters) - 1}, ${len(parameters)})"]


def _document(row: Any) -> dict[str, Any]:
    return json.loads(row["body"]) | {"version": row["version"]}


def cursor_after(table: str, sort: str, value: str, id: UUID) -> str:
    """The cursor that continues after a document, which has this value in the order `sort`."""
    return base64.urlsafe_b64encode(json.dumps([table, sort, value, str(id)]).encode()).decode()


def _read_cursor(cursor: str, table: str, sort: str) -> tuple[str, UUID]:
    """Where the last page ended; raises Invalid, also for a cursor of another list or another order."""
    try:
        *of, value, id = read_json(base64.b64decode(cursor.encode(), b"-_", validate=True))
        if of != [table, sort] or not isinstance(value, str) or "\x00" in value:
            raise ValueError
        return value, UUID(id)
    except (ValueError, TypeError, AttributeError, NotJson):
        reason = "the cursor is not one that a page of this list in this order gave; begin again without it"
        raise Invalid(reason=reason) from None
