"""Queries of documents: the list and one document, as the rows in main.py describe them."""

import base64
import json
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from shared.domain.actor import Actor, Role
from shared.domain.refused import Invalid, NotFound
from shared.http.bodies import NotJson, read_json
from shared.http.filters import PARTNER, WORDS, Condition, Filter, Sql, found_by, within
from shared.http.schemas import Named
from shared.messaging.outbox import Connection, Pool
from shared.service.rows import Lists
from shared.service.work import adapter

MOST = 200
"""The most documents on a page."""
FEW = 1000
"""Up to this many documents are looked up one by one; more are found soon enough by scanning the list."""
DAYS = ("date", "date-time")
Asked = Mapping[str, Sequence[str]]
"""The values of each parameter of a list."""


@dataclass(frozen=True, slots=True)
class Page:
    """A page of documents; `next` is the cursor of the following page, None on the last."""

    items: list[dict[str, Any]]
    next: str | None


class Documents:
    """The queries of one kind of aggregate. The SQL names fields as literals, as the indexes do."""

    def __init__(self, row: Lists) -> None:
        self.row, self._table = row, row.kind.noun()
        schema = adapter(row.kind).json_schema(mode="serialization", schema_generator=Named)
        self._fields: dict[str, Any] = schema["properties"]
        self._definitions: dict[str, Any] = schema.get("$defs", {})
        self.has_sides = "sides" in self._fields
        self.filters = {name: self._filter(name) for name in row.filters}
        self._orders = {*row.sorts, (row.order or "").lstrip("-")}
        self.days = sorted(filter(self._is_day, self._orders))
        """The orders that are days or instants: a list can be limited to a range of each."""

    @property
    def parameters(self) -> list[str]:
        """The parameters of a page, except its order."""
        ranges = [f"{day}_{end}" for day in self.days for end in ("from", "to")]
        return [*self.filters, *ranges, *([PARTNER] if self.has_sides else []), *([WORDS] if self.row.search else [])]

    @property
    def listed(self) -> tuple[str, list[str], list[str]]:
        """The fields of a document kept in `listing`: who sees it, orders, filters with few values, days.

        The trigger on the table, made by a migration, has the same arguments; a test holds it to this.
        """
        sides = "person_id" if self.row.own else "sides" if self.has_sides else ""
        said = {one.field for one in self.filters.values() if one.few}.union(self.days)
        return sides, sorted(self._orders), sorted(said)

    @property
    def title(self) -> str:
        """The field that names a document for people."""
        return self.row.search[0]

    def _is_day(self, field: str) -> bool:
        schema = self._fields.get(field, {})
        return any(one.get("format") in DAYS for one in (schema, *schema.get("anyOf", ())))

    def _filter(self, name: str) -> Filter:
        for field in (name, f"{name}_keys", f"{name}s"):  # `identifiers` are objects, their keys are not
            if schema := self._fields.get(field):
                is_list = schema.get("type") == "array"
                one = schema["items"] if is_list else schema
                component = one.get("$ref", "").rpartition("/")[2] or None
                return Filter(field, self._definitions[component] if component else one, component, is_list)
        raise TypeError(f"{self._table} has no field to filter by {name}")

    async def page(
        self, db: Connection, actor: Actor, asked: Asked, sort: str | None, cursor: str | None, limit: int
    ) -> Page:
        """A page, ordered by `sort` (a field, `-` before it for descending) and id; raises Invalid for a bad cursor."""
        sort = sort or self.row.order or ""
        after = read_cursor(cursor, self._table, sort) if cursor else None
        conditions = self.conditions(actor, asked, sort)
        ids = await self.named(db, actor) if actor.is_participant else await _few(db, conditions)
        sql, parameters = self.query(actor, conditions, ids, Order(sort, after, limit + 1))
        rows = await db.fetch(sql, *parameters)
        more = (
            cursor_after(self._table, sort, rows[limit - 1]["sort"], rows[limit - 1]["id"])
            if len(rows) > limit
            else None
        )
        return Page([_document(row) for row in rows[:limit]], more)

    async def pages(
        self, pool: Pool, actor: Actor, asked: Asked, sort: str | None
    ) -> AsyncIterator[list[dict[str, Any]]]:
        """The documents of all pages, one page after the other, each on a connection that is then free."""
        cursor: str | None = None
        while True:
            async with pool.acquire() as db:
                page = await self.page(db, actor, asked, sort, cursor, MOST)
            yield page.items
            if (cursor := page.next) is None:
                return

    def conditions(self, actor: Actor, asked: Asked, sort: str) -> list[Condition]:
        """The conditions on the documents, besides being visible to the actor."""
        scopes = self._scopes(actor)
        found = [self.filters[name].condition(self._table, asked[name]) for name in self.filters if name in asked]
        for day in self.days:
            first, last = (next(iter(asked.get(f"{day}_{end}", ())), None) for end in ("from", "to"))
            if first or last:
                found.append(within(self._table, day, first, last, sort=sort.lstrip("-"), scopes=scopes))
        if words := {PARTNER, WORDS} & asked.keys():
            said = asked[WORDS][0] if WORDS in words else None
            sides = scopes if self.has_sides else []
            found.append(found_by(self._table, said, asked.get(PARTNER, ()), sides))
        return found

    def query(
        self, actor: Actor, conditions: Iterable[Condition], ids: Sequence[UUID] | None, order: "Order"
    ) -> tuple[str, list[object]]:
        """The SQL of a page, with its parameters: cut from `listing`, or from those `ids` alone.

        `listing` is read as a range of its index for each organisation of the actor.
        """
        parameters: list[object] = [self._scopes(actor)]
        tests = [f"l.kind = '{self._table}'", f"l.sort = '{order.field}'"]
        tests += [one.test.numbered(parameters) for one in conditions]
        tests += order.beyond(parameters)
        cut = f"order by value{order.way}, id{order.way} limit {order.limit}"
        if ids is None:
            inner = f"""select value, id from listing l where l.scope = s.scope and {" and ".join(tests)} {cut}"""
            found = f"unnest($1::text[]) s(scope) cross join lateral ({inner}) l"
        else:
            parameters.append(ids)
            tests += ["l.scope = any($1::text[])", f"l.id = any(${len(parameters)}::uuid[])"]
            found = f"listing l where {' and '.join(tests)}"
        return (
            f"""with p as materialized (select distinct l.value, l.id from {found} {cut})
            select d.id, d.version, d.body, p.value as sort from p join {self._table} d on d.id = p.id
            order by p.value{order.way}, p.id{order.way}""",
            parameters,
        )

    async def one(self, db: Connection, actor: Actor, id: UUID) -> dict[str, Any]:
        """One document with its version; raises NotFound if it is missing or hidden from the actor."""
        parameters: list[object] = [id]
        tests = " and ".join(["id = $1", *self.seen(actor, parameters)])
        row = await db.fetchrow(f"select id, version, body from {self._table} where {tests}", *parameters)
        if row is None:
            raise NotFound(what=self._table.replace("_", " "), id=id)
        return _document(row)

    async def named(self, db: Connection, participant: Actor) -> list[UUID]:
        """The documents that name this participant: they see no others."""
        sql = f"select id from {self._table} where {self._naming.format('$1')}"
        return [row["id"] for row in await db.fetch(sql, str(participant.person))]

    @property
    def _naming(self) -> str:
        """The condition on `body` that a document names a participant."""
        if "participant_ids" in self._fields:
            return "body->'participant_ids' ? {}"
        return "coalesce(body->>'participant_id', '') = {}"

    def _shown_to_operator(self, actor: Actor) -> bool:
        return Role.OPERATOR in actor.roles and not self.row.kind.personal

    def _scopes(self, actor: Actor) -> list[str]:
        if self.row.own:
            return [str(actor.person)]
        if not self.has_sides or actor.is_participant or self._shown_to_operator(actor):
            return [""]
        return list(map(str, actor.lineage))

    def seen(self, actor: Actor, parameters: list[object]) -> list[str]:
        """The conditions on `body` under which `actor` sees a document; their values are added to the parameters."""
        if self.row.own:
            parameters.append(str(actor.person))
            return [f"coalesce(body->>'person_id', '') = ${len(parameters)}"]
        if actor.is_participant:
            parameters.append(str(actor.person))
            return [self._naming.format(f"${len(parameters)}")]
        if not self.has_sides or self._shown_to_operator(actor):
            return []
        parameters.append(list(map(str, actor.lineage)))
        return [f"body->'sides' ?| ${len(parameters)}::text[]"]


@dataclass(frozen=True, slots=True)
class Order:
    """The order of a page (a field, `-` before it), the last document of the page before, and how many to read."""

    sort: str
    after: tuple[str, UUID] | None
    limit: int

    @property
    def field(self) -> str:
        return self.sort.lstrip("-")

    @property
    def way(self) -> str:
        return " desc" if self.sort.startswith("-") else ""

    def beyond(self, parameters: list[object]) -> list[str]:
        """The condition that a document follows the last page."""
        if self.after is None:
            return []
        than = "<" if self.way else ">"
        return [Sql(f"(l.value, l.id) {than} ({{0}}, {{1}})", self.after).numbered(parameters)]


async def _few(db: Connection, conditions: Iterable[Condition]) -> list[UUID] | None:
    """The ids that one of the conditions leaves, if that is few; None if each leaves many."""
    for condition in conditions:
        if condition.ids is not None:
            sql, parameters = lookup(condition.ids)
            ids = await db.fetchval(sql, *parameters) or []
            if len(ids) <= FEW:
                return ids
    return None


def lookup(ids: Sql) -> tuple[str, list[object]]:
    """The SQL of up to one more than `FEW` of these ids, with its parameters."""
    parameters: list[object] = []
    # Materialised, it is planned for all rows: for a few, Postgres would rather scan the table and hope to meet them.
    found = f"with f as materialized ({ids.numbered(parameters)})"
    return f"{found} select array_agg(id) from (select id from f limit {FEW + 1}) f", parameters


def _document(row: Any) -> dict[str, Any]:
    return json.loads(row["body"]) | {"version": row["version"]}


def cursor_after(table: str, sort: str, value: str, id: UUID) -> str:
    """The cursor that continues after a document, which has this value in the order `sort`."""
    return base64.urlsafe_b64encode(json.dumps([table, sort, value, str(id)]).encode()).decode()


def read_cursor(cursor: str, table: str, sort: str) -> tuple[str, UUID]:
    """The end of the last page; raises Invalid for a bad cursor, or one of another list or order."""
    try:
        *of, value, id = read_json(base64.b64decode(cursor.encode(), b"-_", validate=True))
        if of != [table, sort] or not isinstance(value, str) or "\x00" in value:
            raise ValueError
        return value, UUID(id)
    except (ValueError, TypeError, AttributeError, NotJson):
        reason = "the cursor is not one that a page of this list in this order gave; begin again without it"
        raise Invalid(reason=reason) from None
