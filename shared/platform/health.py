"""Health: whether a service can do its work now, and why not, in sentences."""

from typing import Any, Protocol

from shared.messaging.outbox import Pool
from shared.messaging.topics import TopicDifference


class Trouble(Protocol):
    """A part of the worker that says why it does not get on."""

    trouble: str | None


class Health:
    """Looks at the database, the schema, the topics and the worker's parts."""

    def __init__(self, pool: Pool, schema: str | None, parts: dict[str, Trouble]) -> None:
        """`schema` says what is wrong with the schema, in a sentence; None when it is as expected."""
        self._pool, self._schema, self._parts = pool, schema, parts
        self.differences: list[TopicDifference] = []
        """Topics that are known to differ from what they should be; empty while Kafka has not answered."""

    async def look(self) -> dict[str, Any]:
        """`ready`, `degraded` (it serves, but Kafka or a part of the worker is in trouble) or `unready`, and why."""
        unready = [self._schema] if self._schema else []
        unready += [one.sentence for one in self.differences]
        try:
            await self._pool.fetchval("select 1", timeout=2)
        except Exception as problem:
            unready.append(f"the database does not answer ({type(problem).__name__})")
        degraded = [f"{name}: {part.trouble}" for name, part in self._parts.items() if part.trouble]
        status = "unready" if unready else "degraded" if degraded else "ready"
        return {"status": status, "reasons": unready + degraded}
