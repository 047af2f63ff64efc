"""Measures the import of a file: `.venv/bin/python -m bench.imports [LINES]`.

Runs `partners` on the embedded Kafka and Postgres, imports organisations from CSV and from a workbook, tries the same
number of lines that are all refused, and exports the list. Prints seconds and lines per second of each.
"""

import asyncio
import io
import sys
import time
import uuid
from collections.abc import Awaitable, Callable, Sequence

from rich.console import Console
from rich.table import Table

from shared.sheets.csv_text import write_csv
from shared.sheets.reading import CSV, EXCEL
from shared.sheets.workbook import write_workbook
from tests.harness.installation import Installation, installed
from tests.harness.parts import Addresses, RunningParts

HEADER = ["kind", "name.en", "name.zh", "country", "city.en", "identifiers.1.scheme", "identifiers.1.value"]
GOAL = 60.0
"""Longest acceptable time for one file, in seconds: proxies commonly wait that long for an answer."""


def rows(number: int, country: str = "GB") -> list[list[str]]:
    """The header and this many lines, with new identifiers."""
    lines = (["university", f"School {n}", "学院", country, "Leeds", "bench", str(uuid.uuid4())] for n in range(number))
    return [HEADER, *lines]


async def measured(addresses: Addresses, number: int) -> float:
    """Print a table and return the longest time, in seconds."""
    table, times = Table("what", "seconds", "lines per second", title=f"{number:,} lines"), list[float]()
    text, taken, book = io.BytesIO(), io.BytesIO(), io.BytesIO()
    write_csv(first := rows(number), text)
    write_csv([HEADER, *([*cells[:1], f"{cells[1]} again", *cells[2:]] for cells in first[1:])], taken)
    write_workbook(rows(number), book)
    async with installed(addresses, only=["partners"]) as entente:

        async def timed(what: str, step: Callable[[], Awaitable[int]]) -> None:
            began = time.perf_counter()
            count = await step()
            times.append(time.perf_counter() - began)
            table.add_row(what, f"{times[-1]:.1f}", f"{count / times[-1]:,.0f}")

        await timed("a dry run of CSV", lambda: _imported(entente, text.getvalue(), CSV, number, "?dry_run=true"))
        await timed("CSV", lambda: _imported(entente, text.getvalue(), CSV, number))
        await timed("a workbook", lambda: _imported(entente, book.getvalue(), EXCEL, number))
        await timed("CSV, all refused", lambda: _imported(entente, taken.getvalue(), CSV, 0))
        await timed("export as CSV", lambda: _exported(entente, CSV, 2 * number))
        await timed("export as a workbook", lambda: _exported(entente, EXCEL, 2 * number))
    Console(width=110).print(table)
    return max(times)


async def _imported(entente: Installation, data: bytes, media: str, accepted: int, query: str = "") -> int:
    answer = await entente.operator.post("partners", f"/organisations/imports{query}", data, Content_Type=media)
    assert answer.json()["accepted"] == accepted, answer.text[:1000]
    return answer.json()["lines"]


async def _exported(entente: Installation, media: str, least: int) -> int:
    answer = await entente.operator.get("partners", "/organisations", Accept=media)
    assert answer.status_code == 200, answer.text[:1000]
    return least


def main(words: Sequence[str]) -> int:
    """Measure, and return 1 if a file takes longer than the goal, else 0."""
    parts = RunningParts()
    try:
        slowest = asyncio.run(measured(parts.start(), int(words[0]) if words else 10_000))
    finally:
        parts.stop()
    print(f"longest: {slowest:.1f} s (goal: {GOAL:.0f} s)")
    return int(slowest > GOAL)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
