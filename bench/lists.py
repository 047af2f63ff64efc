"""Measures a page of each list with many documents: `.venv/bin/python -m bench.lists [NUMBER] [LIST…]`.

Fills a database of its own on the embedded Postgres. For every parameter and order of every list, and for all
parameters together, it prints the shortest, median and longest time for a page, in ms: for a large, a new, a small and
a rare partner and for an operator, at the beginning and in the middle of the list.
"""

import asyncio
import json
import statistics
import sys
import time
from collections.abc import Sequence

import asyncpg
from rich.console import Console
from rich.table import Table

from shared.database.pool import SETTINGS
from shared.domain.actor import Actor, Role
from shared.http.documents import Asked, Documents, cursor_after
from shared.service.rows import Lists
from tests.harness.asked import ALL
from tests.harness.filled import LATELY, OFTEN, RARELY, SOMETIMES, asked, fill, given, who
from tests.harness.installation import copy_database
from tests.harness.parts import PASSWORD, Addresses, RunningParts

GOAL = 50.0
"""Longest acceptable median for a page, in milliseconds."""
TIMES = 5
WHO = {"large": who(OFTEN), "new": who(LATELY), "small": who(SOMETIMES), "rare": who(RARELY)}


async def measured(addresses: Addresses, number: int, only: Sequence[str]) -> float:
    """Print a table for each list and return the longest median, in ms."""
    database, slowest = await copy_database(addresses), 0.0
    for name, service in ALL.items():
        owner = await asyncpg.connect(f"postgresql://{name}_owner:{PASSWORD}@{addresses.postgres_address}/{database}")
        db = await asyncpg.connect(
            f"postgresql://{name}_service:{PASSWORD}@{addresses.postgres_address}/{database}", server_settings=SETTINGS
        )
        for row in service.lists:
            if not only or row.path in only:
                await fill(owner, row, number)
                slowest = max(slowest, await _list(db, f"{name}{row.path}", row, number))
        await owner.close()
        await db.close()
    return slowest


async def _list(db: asyncpg.Connection, title: str, row: Lists, number: int) -> float:
    table, slowest = Table("filter", "order", *WHO, "operator", title=f"{title}, {number:,} documents"), 0.0
    documents = Documents(row)
    body = json.loads(await db.fetchval(f"select body from {row.kind.noun()} offset 7000 limit 1"))
    for names, sort in asked(row):
        cells: list[str] = []
        for actor in (*WHO.values(), who(OFTEN, Role.OPERATOR)):
            times = await _pages(db, documents, actor, {name: given(documents, name, body) for name in names}, sort)
            slowest = max(slowest, statistics.median(times))
            cells.append("/".join(f"{of(times):.1f}" for of in (min, statistics.median, max)))
        table.add_row(names[0] if len(names) == 1 else "all" if names else "", sort or "", *cells)
    Console(width=110).print(table)
    return slowest


async def _pages(
    db: asyncpg.Connection, documents: Documents, actor: Actor, filters: Asked, sort: str | None
) -> list[float]:
    """Return the times in ms of some pages from the beginning, and as many from the middle of the whole list."""
    times: list[float] = []
    for cursor in (None, await _middle(db, documents.row, sort)):
        for _ in range(TIMES):
            began = time.perf_counter()
            page = await documents.page(db, actor, filters, sort, cursor, 50)
            times.append((time.perf_counter() - began) * 1000)
            cursor = page.next or cursor
    return times


async def _middle(db: asyncpg.Connection, row: Lists, sort: str | None) -> str:
    sort = sort or row.order or ""
    table, value, way = row.kind.noun(), f"coalesce(body->>'{sort.lstrip('-')}', '')", "desc" if "-" in sort else ""
    found = await db.fetchrow(
        f"select {value} as value, id from {table} order by 1 {way}, 2 {way}"
        f" offset (select count(*) / 2 from {table}) limit 1"
    )
    assert found is not None
    return cursor_after(table, sort, found["value"], found["id"])


def main(words: Sequence[str]) -> int:
    """Measure, and return 1 if a median exceeds the goal, else 0."""
    number = int(words[0]) if words else 100_000
    parts = RunningParts()
    try:
        slowest = asyncio.run(measured(parts.start(), number, words[1:]))
    finally:
        parts.stop()
    print(f"longest median: {slowest:.1f} ms (goal: {GOAL:.0f} ms)")
    return int(slowest > GOAL)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
