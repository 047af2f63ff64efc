"""Health: whether a service can do its work now, and if not, why."""

import asyncio
from typing import Any, Protocol

import structlog

from shared.database.schema import schema_trouble
from shared.kafka_admin.topics import TopicDifference
from shared.messaging.outbox import Pool
from shared.service.rows import Service

log = structlog.get_logger()


class Trouble(Protocol):
    """A part of a process that reports why it cannot work."""

    @property
    def trouble(self) -> str | None:
        """In a sentence; None when it can."""
        ...


class Health:
    """Checks the database, the schema, the topics and the worker's parts."""

    def __init__(self, pool: Pool, service: Service, parts: dict[str, Trouble]) -> None:
        self._pool, self._service, self._parts = pool, service, parts
        self.schema: str | None = "the schema has not been checked yet"
        """Why this version cannot work with the database's schema, in a sentence; None when it can."""
        self.differences: list[TopicDifference] = []
        """Topics known to differ from what they should be; empty until Kafka has answered."""

    async def look_at_schema(self) -> bool:
        """Whether the schema is the one this version expects, or newer. It never migrates an older one."""
        try:
            self.schema = await schema_trouble(self._pool, self._service.name, self._service.migrations)
        except Exception as problem:
            self.schema = f"the database does not answer ({type(problem).__name__})"
        return self.schema is None

    async def until_schema(self) -> None:
        """Waits until the schema is as expected: the database may still be starting, or being migrated."""
        while not await self.look_at_schema():
            log.warning("not serving yet", reason=self.schema)
            await asyncio.sleep(1)

    async def look(self) -> dict[str, Any]:
        """`ready`, `degraded` (it serves, but Kafka or a part of the worker is in trouble) or `unready`, and why."""
        unready = [self.schema] if self.schema else []
        unready += [one.sentence for one in self.differences]
        try:
            async with asyncio.timeout(2):  # including the wait for a free connection
                await self._pool.fetchval("select 1")
        except Exception as problem:
            unready.append(f"the database does not answer ({type(problem).__name__})")
        degraded = [f"{name}: {part.trouble}" for name, part in self._parts.items() if part.trouble]
        status = "unready" if unready else "degraded" if degraded else "ready"
        return {"status": status, "reasons": list(dict.fromkeys(unready)) + degraded}
