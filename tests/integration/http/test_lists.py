"""Lists: filters, orders, pages, visibility, and their use of indexes in Postgres."""

import json
from collections.abc import AsyncGenerator, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import asyncpg
import pytest

from shared.database.pool import SETTINGS
from shared.domain.actor import Actor, Role
from shared.http.documents import FEW, Asked, Documents, Order, cursor_after, lookup
from shared.http.filters import PARTNER, WORDS
from shared.http.history import AS_OF, STEPS
from shared.service.rows import Lists
from tests.harness.asked import ALL
from tests.harness.filled import LATELY, OFTEN, RARELY, SOMETIMES, asked, fill, given, said, text, who
from tests.harness.installation import Installation, copy_database
from tests.harness.parts import PASSWORD, Addresses
from tests.harness.story import draft, two_sides

LISTS = [pytest.param(name, row, id=f"{name}-{row.kind.noun()}") for name, s in ALL.items() for row in s.lists]
SERVICES = [pytest.param(name, id=name) for name in ALL]
WHO = [who(OFTEN), who(LATELY), who(SOMETIMES), who(RARELY), who(OFTEN, Role.OPERATOR)]
MANY, SOME = 3_000, 200


class Database:
    """A database whose tables the tests fill."""

    def __init__(self, address: str) -> None:
        self._address, self._open = address, dict[str, asyncpg.Connection]()

    async def of(self, service: str, role: str = "service") -> asyncpg.Connection:
        """A connection in one of the service's roles."""
        name = f"{service}_{role}"
        if name not in self._open:
            self._open[name] = await asyncpg.connect(
                f"postgresql://{name}:{PASSWORD}@{self._address}", server_settings=SETTINGS
            )
        return self._open[name]

    async def close(self) -> None:
        """Closes all connections."""
        for connection in self._open.values():
            await connection.close()


@pytest.fixture(scope="module")
async def database(addresses: Addresses) -> AsyncGenerator[Database]:
    """A database that no service runs on."""
    made = Database(f"{addresses.postgres_address}/{await copy_database(addresses)}")
    yield made
    await made.close()


@pytest.mark.parametrize(("service", "row"), LISTS)
async def test_no_page_reads_a_whole_table(database: Database, service: str, row: Lists) -> None:
    """Each filter and order finds its page by an index among many documents, even far from the beginning."""
    await fill(await database.of(service, "owner"), row, MANY)
    db, documents = await database.of(service), Documents(row)
    middle = await db.fetchrow(f"select id, body from {row.kind.noun()} order by id offset {MANY // 2} limit 1")
    assert middle is not None
    body = json.loads(middle["body"])

    whole: list[str] = []
    for names, sort in asked(row):
        order = sort or row.order or ""
        deep = (text(body.get(order.lstrip("-"))), middle["id"])
        for actor in WHO:
            conditions = documents.conditions(actor, _given(documents, names, body), order)
            queries = [lookup(one.ids) for one in conditions if one.ids]
            queries += [
                documents.query(actor, conditions, ids, Order(order, after, 50))
                for after in (None, deep)
                for ids in (None, [middle["id"]])
            ]
            whole += [f"{names} {order}: {node}" for query in queries for node in await _read_whole(db, *query)]

    assert whole == []


@pytest.mark.parametrize("service", SERVICES)
async def test_no_history_reads_a_whole_table(database: Database, service: str) -> None:
    """The history of one aggregate is found by an index among many steps."""
    db = await database.of(service, "owner")
    await db.execute(
        "insert into history (kind, aggregate_id, version, actor, use_case, at, events)"
        f" select 'some', gen_random_uuid(), 1, 'somebody', 'do', now(), '[]' from generate_series(1, {MANY})"
    )
    await db.execute("analyze history")

    steps = await _read_whole(db, STEPS, [UUID(int=1), "some", 0, 50])
    then = await _read_whole(db, AS_OF.format(seen="true"), [UUID(int=1), "some", datetime.now(UTC)])

    assert (steps, then) == ([], [])


async def _read_whole(db: asyncpg.Connection, sql: str, parameters: list[object]) -> list[str]:
    """The tables that a query scans from the first row to the last."""
    plan = json.loads(await db.fetchval(f"explain (format json) {sql}", *parameters))

    def nodes(node: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
        yield node
        for below in node.get("Plans", []):
            yield from nodes(below)

    return [node["Relation Name"] for node in nodes(plan[0]["Plan"]) if node["Node Type"] == "Seq Scan"]


@pytest.mark.parametrize(("service", "row"), LISTS)
async def test_pages_give_each_document_once_and_in_order(
    database: Database, service: str, row: Lists, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The pages of a list give each matching document that the actor may see, once and in order, and no other."""
    owner, table = await database.of(service, "owner"), row.kind.noun()
    await fill(owner, row, SOME)
    # Some documents are saved again with other sides and fields, and some deleted: lists must show the current state.
    await owner.execute(f"update {table} a set body = b.body || jsonb_build_object('id', a.id)"
                        f" from (select body from {table} order by id offset 100 limit 1) b where a.id in"
                        f" (select id from {table} order by id limit 20)")  # fmt: skip
    await owner.execute(f"delete from {table} where id in (select id from {table} order by id offset 20 limit 20)")
    db, documents = await database.of(service), Documents(row)
    stored = [(r["id"], json.loads(r["body"])) for r in await db.fetch(f"select id, body from {table}")]

    for few in (0, FEW):  # found by walking through the list, and by looking up what a condition leaves
        monkeypatch.setattr("shared.http.documents.FEW", few)
        for names, sort in asked(row):
            filters = _given(documents, names, stored[-1][1])
            for actor in WHO:
                found = await _all(db, documents, actor, filters, sort)
                assert found == _expected(stored, documents, actor, filters, sort or row.order or ""), (names, sort)


async def _all(
    db: asyncpg.Connection, documents: Documents, actor: Actor, filters: Asked, sort: str | None
) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    cursor: str | None = None
    while True:
        page = await documents.page(db, actor, filters, sort, cursor, 7)
        assert len(page.items) <= 7
        found += page.items
        if (cursor := page.next) is None:
            return found


def _expected(
    stored: list[tuple[UUID, dict[str, Any]]], documents: Documents, actor: Actor, filters: Asked, sort: str
) -> list[dict[str, Any]]:
    def matches(body: dict[str, Any]) -> bool:
        return all(_meets(documents, name, values, body) for name, values in filters.items())

    seen = [(id, body) for id, body in stored if _sees(actor, documents.row, body) and matches(body)]
    seen.sort(key=lambda one: (text(one[1].get(sort.lstrip("-"))), one[0]), reverse=sort.startswith("-"))
    return [body | {"version": 1} for _, body in seen]


def _sees(actor: Actor, row: Lists, body: dict[str, Any]) -> bool:
    if row.own:
        return body["person_id"] == str(actor.person)
    mine = {str(one) for one in (actor.organisation, *actor.within)}
    operator = Role.OPERATOR in actor.roles and not row.kind.personal
    return "sides" not in body or operator or not mine.isdisjoint(body["sides"])


def _meets(documents: Documents, name: str, values: Sequence[str], body: dict[str, Any]) -> bool:
    if by := documents.filters.get(name):
        held = body[by.field]
        return not set(values).isdisjoint(map(text, held if isinstance(held, list) else [held]))
    if name == PARTNER:
        return not set(values).isdisjoint(body["sides"])
    if name == WORDS:
        texts = [one.lower() for field in documents.row.search for one in said(body[field])]
        english, chinese = values[0].lower().split(", ")
        begun = any(word.startswith(english) for one in texts for word in one.split())
        return begun and any(chinese in one for one in texts)
    field, _, end = name.rpartition("_")
    return body[field][:10] >= values[0] if end == "from" else body[field][:10] <= values[0]


def _given(documents: Documents, names: Sequence[str], body: dict[str, Any]) -> dict[str, list[str]]:
    return {name: given(documents, name, body) for name in names}


@pytest.mark.parametrize(("service", "row"), LISTS)
async def test_the_database_lists_what_the_row_says(database: Database, service: str, row: Lists) -> None:
    """The trigger that fills `listing` has the sides, orders and filters of the list's row in main.py."""
    db = await database.of(service)
    given = await db.fetchval(
        "select tgargs from pg_trigger where tgname = 'listed' and tgrelid = $1::regclass", row.kind.noun()
    )
    sides, orders, filters = Documents(row).listed

    assert given is not None, f"no migration of {service} makes the trigger `listed` on {row.kind.noun()}"
    assert given.decode().split("\0")[:3] == [sides, _array(orders), _array(filters)]


@pytest.mark.parametrize(("service", "row"), LISTS)
async def test_the_database_finds_by_what_the_row_says(database: Database, service: str, row: Lists) -> None:
    """The column of words has the fields and the sides of the list's row in main.py."""
    db, documents = await database.of(service), Documents(row)
    made = await db.fetchval(
        "select pg_get_expr(d.adbin, d.adrelid) from pg_attrdef d join pg_attribute a on a.attrelid = d.adrelid"
        " and a.attnum = d.adnum where a.attname = 'words' and a.attrelid = $1::regclass", row.kind.noun()
    )  # fmt: skip
    search, sides = _array(sorted(row.search)), documents.listed[0]

    wanted = f"words_of(body, '{search}'::text[], '{sides}'::text)" if row.search or documents.has_sides else None
    assert made == wanted


def _array(names: list[str]) -> str:
    return "{" + ",".join(name or '""' for name in names) + "}"


async def test_two_sides_see_what_is_theirs(entente: Installation) -> None:
    """Both sides list, page, sort and filter their agreements and read each history over HTTP; a stranger sees none."""
    ours, theirs = await two_sides(entente)
    stranger = await entente.person(await entente.organisation(), Role.PARTNERSHIP_OFFICER)
    days = ["2031-03-01", "2031-01-01", "2031-02-01"]
    made = [await draft(ours, theirs, starts_on=day, ends_on="2035-01-01") for day in days]
    await ours.done("partners", f"/agreements/{made[0]['id']}/submission")

    up = await theirs.read("partners", "/agreements?sort=starts_on&limit=2")
    rest = await theirs.read("partners", f"/agreements?sort=starts_on&limit=2&cursor={up['next']}")
    down = await ours.read("partners", "/agreements?sort=-starts_on")
    drafts = await ours.read("partners", "/agreements?status=draft&area=talent")
    none = await stranger.read("partners", f"/agreements?cursor={_before_all()}")
    histories = [await ours.read("partners", f"/agreements/{one['id']}/history") for one in made]

    assert [one["starts_on"] for one in (*up["items"], *rest["items"])] == sorted(days)
    assert ([one["starts_on"] for one in down["items"]], rest["next"]) == (sorted(days, reverse=True), None)
    assert [one["id"] for one in drafts["items"]] == [made[1]["id"], made[2]["id"]]
    assert none == {"items": [], "next": None}
    assert [len(history["items"]) for history in histories] == [2, 1, 1]


def _before_all() -> str:
    return cursor_after("agreement", "", "", UUID(int=0))
