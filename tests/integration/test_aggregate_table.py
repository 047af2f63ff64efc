"""One call in a migration creates an aggregate's table, and a later one extends it."""

import json
from collections.abc import AsyncGenerator
from uuid import UUID

import asyncpg
import pytest

from tests.harness.installation import copy_database
from tests.harness.parts import PASSWORD, Addresses

OURS, THEIRS = UUID(int=1), UUID(int=2)
FIRST, SECOND = UUID(int=11), UUID(int=12)
ARGUMENTS = "select tgargs from pg_trigger where tgname = 'listed' and tgrelid = 'visit'::regclass"
LISTED = "select scope, sort, value, said from listing where kind = 'visit' and id = $1 order by scope, sort"
INDEXES = "select indexdef from pg_indexes where schemaname = current_schema and tablename = 'visit' order by indexname"


class Owner:
    """A schema in which the tests run migrations by hand."""

    def __init__(self, db: asyncpg.Connection) -> None:
        self.db = db

    async def save(self, id: UUID, **body: object) -> None:
        """Saves a visit between the two organisations."""
        text = json.dumps({"sides": [str(OURS), str(THEIRS)], **body})
        await self.db.execute(
            "insert into visit values ($1, 1, 1, $2, now()) on conflict (id) do update set body = excluded.body",
            id, text,
        )  # fmt: skip

    async def listed(self, id: UUID) -> list[tuple[UUID | None, str, str, dict[str, object]]]:
        """The visit's rows in `listing`."""
        rows = await self.db.fetch(LISTED, id)
        return [(UUID(r["scope"]) if r["scope"] else None, r["sort"], r["value"], json.loads(r["said"])) for r in rows]

    async def arguments(self) -> list[str]:
        """The sides, sorts and filters passed to the trigger."""
        return (await self.db.fetchval(ARGUMENTS)).decode().split("\0")[:3]

    async def indexed(self) -> list[str]:
        """The method and expressions of each index."""
        return [row["indexdef"].partition(" USING ")[2] for row in await self.db.fetch(INDEXES)]


@pytest.fixture
async def owner(addresses: Addresses) -> AsyncGenerator[Owner]:
    """The schema of `exchanges`, as its owner, in a separate database."""
    database = await copy_database(addresses)
    db = await asyncpg.connect(f"postgresql://exchanges_owner:{PASSWORD}@{addresses.postgres_address}/{database}")
    yield Owner(db)
    await db.close()


async def test_one_call_creates_table_indexes_and_listing(owner: Owner) -> None:
    """Each side has a row for each order, rows for operators have no organisation, and lookups have indexes."""
    await owner.db.execute(
        """select make_aggregate_table('visit', sides => 'sides', sorts => '{starts_on,""}', filters => '{status}',
            lookups => '{agreement_id}', list_lookups => '{guests}', search => '{title}')"""
    )
    await owner.save(FIRST, status="planned", starts_on="2027-01-01")

    assert await owner.arguments() == ["sides", '{"",starts_on}', "{status}"]
    assert await owner.listed(FIRST) == [
        (scope, sort, value, {"status": "planned"})
        for scope in (None, OURS, THEIRS)
        for sort, value in (("", ""), ("starts_on", "2027-01-01"))
    ]
    assert await owner.indexed() == [
        "btree (COALESCE((body ->> 'agreement_id'::text), ''::text), id)",
        "gin (((body -> 'guests'::text)))",
        "btree (id)",
        "gin (words)",
    ]


async def test_a_later_call_extends_the_table(owner: Owner) -> None:
    """Existing and new documents get the new order and filter, and keep the earlier ones."""
    await owner.db.execute("select make_aggregate_table('visit', sides => 'sides', filters => '{status}')")
    await owner.save(FIRST, status="planned", kind="visit", starts_on="2027-01-01")

    await owner.db.execute(
        """select extend_aggregate_table('visit', sorts => '{starts_on}', filters => '{kind,status}',
            lookups => '{agreement_id}')"""
    )
    await owner.save(SECOND, status="planned", kind="visit", starts_on="2027-01-01")

    assert await owner.arguments() == ["sides", '{"",starts_on}', "{kind,status}"]
    expected = [
        (scope, sort, value, {"kind": "visit", "status": "planned"})
        for scope in (None, OURS, THEIRS)
        for sort, value in (("", ""), ("starts_on", "2027-01-01"))
    ]
    assert [await owner.listed(id) for id in (FIRST, SECOND)] == [expected, expected]
    assert "btree (COALESCE((body ->> 'agreement_id'::text), ''::text), id)" in await owner.indexed()


async def test_a_document_of_another_kind_with_the_same_id_keeps_its_rows(owner: Owner) -> None:
    """A change of a visit leaves the report on it in the listing, and so does its end."""
    for kind in ("visit", "report"):
        await owner.db.execute(f"select make_aggregate_table('{kind}', sides => 'sides', filters => '{{status}}')")
    await owner.save(FIRST, status="planned")
    await owner.db.execute("insert into report select id, version, sequence, body, updated from visit")
    reports = "select count(*) from listing where kind = 'report' and id = $1"
    counted = [await owner.db.fetchval(reports, FIRST)]

    await owner.save(FIRST, status="held")
    counted.append(await owner.db.fetchval(reports, FIRST))
    await owner.db.execute("delete from visit")
    counted.append(await owner.db.fetchval(reports, FIRST))

    assert (counted, await owner.listed(FIRST)) == ([3, 3, 3], [])


async def test_an_index_that_was_made_beforehand_stays(owner: Owner) -> None:
    """A new lookup reuses an index of its name that was created concurrently beforehand."""
    await owner.db.execute("select make_aggregate_table('visit')")
    await owner.db.execute("create index concurrently visit_city on visit ((coalesce(body->>'city', '')), id)")

    await owner.db.execute("select extend_aggregate_table('visit', lookups => '{city}')")

    assert await owner.indexed() == [
        "btree (COALESCE((body ->> 'city'::text), ''::text), id)",
        "btree (id)",
    ]


async def test_a_table_without_a_list_has_no_rows_in_the_listing(owner: Owner) -> None:
    """Saving a document of a table without orders adds no rows to `listing`."""
    await owner.db.execute("select make_aggregate_table('visit', sides => 'person_id', sorts => '{}')")
    await owner.save(FIRST, person_id=str(OURS))

    assert await owner.listed(FIRST) == []
    assert await owner.indexed() == [
        "btree (COALESCE((body ->> 'person_id'::text), ''::text), id)",
        "btree (id)",
    ]


async def test_a_list_cannot_be_extended_before_it_is_created(owner: Owner) -> None:
    """Extending a missing list is refused; the call that creates the list also lists existing documents."""
    await owner.db.execute("select make_aggregate_table('visit', sides => 'person_id', sorts => '{}')")
    await owner.save(FIRST, person_id=str(OURS), status="planned")

    with pytest.raises(asyncpg.RaiseError, match="visit has no list yet"):
        await owner.db.execute("select extend_aggregate_table('visit', filters => '{status}')")
    await owner.db.execute("select list_aggregates('visit', 'person_id', '{\"\"}', '{status}')")

    assert await owner.listed(FIRST) == [(OURS, "", "", {"status": "planned"})]


FOUND = [
    ("heritage", True), ("HERIT", True), ("eritage", False), ("cafe", True), ("café heritage", True),
    ("cafe talent", False), ("文化", True), ("化遗", True), ("遗产", True), ("产", True), ("文", True), ("文产", False),
    ("\uff23\uff21\uff26\uff25 遗产", True), ("meta", True), ("hidden", False), ("!", False), ("' | 'x", False),
]  # fmt: skip


@pytest.mark.parametrize(("asked", "found"), FOUND)
async def test_words_are_found_in_both_languages(owner: Owner, asked: str, found: bool) -> None:
    """A search finds beginnings of words, ignoring case and accents, and any part of Chinese text."""
    await owner.db.execute("select make_aggregate_table('visit', sides => 'sides', search => '{title,tags}')")
    await owner.save(FIRST, title={"en": "Café of Heritage", "zh": "南京文化遗产"}, tags=["metadata"], text="hidden")

    assert await owner.db.fetch("select id from visit where words @@ words_asked($1)", asked) == [(FIRST,)] * found


async def test_the_words_of_a_document_are_updated(owner: Owner) -> None:
    """A document that was saved again is found by its new words and sides only."""
    await owner.db.execute("select make_aggregate_table('visit', sides => 'sides', search => '{title}')")
    await owner.save(FIRST, title="Old name")
    await owner.save(FIRST, title="New name", sides=[str(THEIRS)])

    words = await owner.db.fetchval("select words::text from visit")

    assert words == f"'={THEIRS}' 'name' 'new'"
