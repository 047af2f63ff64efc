"""Measures what it costs that a history keeps each version: `.venv/bin/python -m bench.history [NUMBER]`.

Saves agreements with two pages of text again and again in a database of its own on the embedded Postgres, with and
without keeping the versions, and prints the time of a save and the bytes of its step in the history, indexes included.
"""

import asyncio
import json
import sys
import time
import uuid
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import asyncpg

from services.partners.domain.agreement import Agreement
from shared.messaging.outbox import Save
from tests.harness.asked import document
from tests.harness.filled import OFTEN, SOMETIMES
from tests.harness.installation import copy_database
from tests.harness.parts import PASSWORD, Addresses, RunningParts

PROSE = "The parties exchange students and teachers of hydrogen energy heritage and health every academic year"
VERSIONS = 10
"""How often each agreement is saved."""


async def measured(addresses: Addresses, number: int) -> None:
    """Print time and bytes of a save for both ways."""
    database = await copy_database(addresses)
    db = await asyncpg.connect(f"postgresql://partners_owner:{PASSWORD}@{addresses.postgres_address}/{database}")
    body = document(Agreement, OFTEN, SOMETIMES)
    for keeps in (False, True, False, True):
        await db.execute("truncate agreement, history, listing")
        began = time.perf_counter()
        for _ in range(number):
            await _saved(db, body | {"id": str(uuid.uuid4())}, keeps=keeps)
        took = (time.perf_counter() - began) * 1000 / number / VERSIONS
        size = await db.fetchval("select pg_total_relation_size('history')") / number / VERSIONS
        print(f"{'kept' if keeps else 'not kept'}: {took:.2f} ms a save, {size:,.0f} bytes a step")
    await db.close()


async def _saved(db: asyncpg.Connection, body: dict[str, Any], *, keeps: bool) -> None:
    text = " ".join(f"{PROSE} {uuid.uuid4().hex}" for _ in range(40))
    for version in range(VERSIONS):
        save = Save(
            "agreement", uuid.UUID(str(body["id"])), version, 0,
            json.dumps(body | {"text": {"en": text, "zh": None}, "title": {"en": f"Version {version}", "zh": None}}),
            datetime.now(UTC), (), "somebody", "revise_agreement", "[]", OFTEN, keeps,
        )  # fmt: skip
        assert await save.run(db)


def main(words: Sequence[str]) -> int:
    """Measure."""
    parts = RunningParts()
    try:
        asyncio.run(measured(parts.start(), int(words[0]) if words else 1000))
    finally:
        parts.stop()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
