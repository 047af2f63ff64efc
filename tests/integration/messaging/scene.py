"""A consumer for one test: takes records made by hand and shows the effects and dead letters."""

import itertools
from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from shared.contracts.event import Event
from shared.database.pool import open_pool
from shared.messaging.consumer import ConsumerRunner, React
from shared.messaging.dead_letter import Record
from shared.messaging.outbox import Connection, Pool
from shared.messaging.reactions import Consumer
from shared.service.worker import is_permanent
from tests.harness.installation import copy_database
from tests.harness.parts import PASSWORD, Addresses
from tests.unit.messaging import scene

EFFECTS = """create table effect (n bigint generated always as identity,
    consumer text, key text, sequence bigint, id uuid)"""
"""It has no unique key, so that an effect that happens twice is visible."""
EFFECT = "insert into effect (consumer, key, sequence, id) values ($1, $2, $3, $4)"
numbers = itertools.count()


@dataclass
class Bench:
    """One consumer with a unique name."""

    pool: Pool
    name: str = field(default_factory=lambda: f"bench-{next(numbers)}")
    before: Callable[[Event, Connection], Awaitable[None]] | None = None
    """Called before each event's effect, in its transaction, so that tests can make reactions fail."""
    calls: list[list[Event]] = field(default_factory=list[list[Event]])

    def runner(self, consumer: Consumer | None = None, react: React | None = None) -> ConsumerRunner:
        """Makes a runner for this consumer."""
        like = consumer or scene.consumer()
        named = Consumer(self.name, like.projections, like.policies, like.begins)
        return ConsumerRunner(self.pool, named, react or self.react, is_permanent=is_permanent)

    async def react(self, db: Connection, events: Sequence[Event]) -> None:
        """Writes an effect for each event."""
        self.calls.append(list(events))
        for event in events:
            if self.before:
                await self.before(event, db)
            envelope = event.envelope
            await db.execute(EFFECT, self.name, envelope.subject, envelope.sequence, envelope.id)

    async def take(self, *records: Record) -> None:
        """Processes one poll."""
        await self.runner().take(records)

    async def order(self) -> dict[UUID, list[int]]:
        """The applied sequences by key, in order."""
        found: dict[UUID, list[int]] = {}
        for row in await self._rows("select key, sequence from effect where consumer = $1 order by n"):
            found.setdefault(UUID(row["key"]), []).append(row["sequence"])
        return found

    async def kept(self) -> dict[int, str]:
        """The state of each dead letter, by offset."""
        rows = await self._rows('select "offset", state from dead_letter where consumer = $1 order by "offset"')
        return {row["offset"]: row["state"] for row in rows}

    async def reason(self, offset: int) -> str:
        """Why a record was kept."""
        rows = await self._rows('select "offset", reason from dead_letter where consumer = $1')
        return next(row["reason"] for row in rows if row["offset"] == offset)

    async def next(self, partition: int = 0) -> int | None:
        """The next offset in Postgres."""
        rows = await self._rows("select partition, next from offsets where consumer = $1")
        return next((row["next"] for row in rows if row["partition"] == partition), None)

    async def _rows(self, query: str) -> list[Any]:
        return await self.pool.fetch(query, self.name)


@asynccontextmanager
async def database(addresses: Addresses) -> AsyncGenerator[Pool]:
    """A pool on a fresh copy of a service's schema, as its owner, with a table of effects."""
    name = await copy_database(addresses)
    url = f"postgresql://exchanges_owner:{PASSWORD}@{addresses.postgres_address}/{name}"
    pool = await open_pool(url, application="tests")
    try:
        await pool.execute(EFFECTS)
        yield pool
    finally:
        await pool.close()
