"""The table of a kind of aggregate, made and later extended by one call in a migration."""

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
    """A schema in which migrations are run by hand."""

    def __init__(self, db: asyncpg.Connection) -> None:
        self.db = db

    async def save(self, id: UUID, **body: object) -> None:
        """Saves a visit of the two organisations."""
        text = json.dumps({"sides": [str(OURS), str(THEIRS)], **body})
        await self.db.execute(
            "insert into visit values ($1, 1, 1, $2, now()) on conflict (id) do update set body = excluded.body",
            id, text,
        )  # fmt: skip

    async def listed(self, id: UUID) -> list[tuple[UUID | None, str, str, dict[str, object]]]:
        """The rows of `listing` that a visit has."""
        rows = await self.db.fetch(LISTED, id)
        return [(UUID(r["scope"]) if r["scope"] else None, r["sort"], r["value"], json.loads(r["said"])) for r in rows]

    async def arguments(self) -> list[str]:
        """Sides, sorts and filters that the trigger has."""
        return (await self.db.fetchval(ARGUMENTS)).decode().split("\0")[:3]

    async def indexed(self) -> list[str]:
        """What the indexes are on."""
        return [row["indexdef"].partition(" USING ")[2] for row in await self.db.fetch(INDEXES)]


@pytest.fixture
async def owner(addresses: Addresses) -> AsyncGenerator[Owner]:
    """The schema of `exchanges`, by its owner's role, in a database of its own."""
    database = await copy_database(addresses)
    db = await asyncpg.connect(f"postgresql://exchanges_owner:{PASSWORD}@{addresses.postgres_address}/{database}")
    yield Owner(db)
    await db.close()


async def test_one_call_makes_table_indexes_and_listing(owner: Owner) -> None:
    """Each side has a row for each order, everybody's is under no organisation, and lookups have their indexes."""
    await owner.db.execute(
        """select make_aggregate_table('visit', sides => 'sides', sorts => '{starts_on,""}', filters => '{status}',
            lookups => '{agreement_id}', list_lookups => '{guests}')"""
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
        "gin (((body -> 'sides'::text)))",
    ]


async def test_a_later_call_adds_to_what_is_there(owner: Owner) -> None:
    """Saved documents get the new order and filter, as those saved afterwards; what lists had before they keep."""
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


async def test_an_index_that_was_made_beforehand_stays(owner: Owner) -> None:
    """A large table's index is made concurrently first; the call that adds the lookup finds it by its name."""
    await owner.db.execute("select make_aggregate_table('visit')")
    await owner.db.execute("create index concurrently visit_city on visit ((coalesce(body->>'city', '')), id)")

    await owner.db.execute("select extend_aggregate_table('visit', lookups => '{city}')")

    assert await owner.indexed() == [
        "btree (COALESCE((body ->> 'city'::text), ''::text), id)",
        "btree (id)",
    ]


async def test_what_has_no_list_has_no_rows_in_the_listing(owner: Owner) -> None:
    """Without an order there is nothing to page through, and a save costs nothing more."""
    await owner.db.execute("select make_aggregate_table('visit', sides => 'person_id', sorts => '{}')")
    await owner.save(FIRST, person_id=str(OURS))

    assert await owner.listed(FIRST) == []
    assert await owner.indexed() == [
        "btree (COALESCE((body ->> 'person_id'::text), ''::text), id)",
        "btree (id)",
    ]


async def test_a_list_is_not_extended_before_it_is_made(owner: Owner) -> None:
    """Nobody has said who would see it: the refusal names the call that says so, which lists what is there."""
    await owner.db.execute("select make_aggregate_table('visit', sides => 'person_id', sorts => '{}')")
    await owner.save(FIRST, person_id=str(OURS), status="planned")

    with pytest.raises(asyncpg.RaiseError, match="visit has no list yet"):
        await owner.db.execute("select extend_aggregate_table('visit', filters => '{status}')")
    await owner.db.execute("select list_aggregates('visit', 'person_id', '{\"\"}', '{status}')")

    assert await owner.listed(FIRST) == [(OURS, "", "", {"status": "planned"})]
