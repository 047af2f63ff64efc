"""Outgoing work (mails): done after the transaction that caused it, and retried with back-off."""

import asyncio
import json
from typing import Any
from uuid import UUID

import structlog
from pydantic import BaseModel, TypeAdapter

from shared.messaging.envelope import traceparent
from shared.messaging.outbox import Connection, Pool
from shared.messaging.shutdown import let_finish
from shared.service.rows import Outgoing
from shared.service.settings import Settings
from shared.telemetry.traces import span

LEASE = 60
"""Seconds after which another process takes over unfinished work: a kill repeats at most one piece."""
LONGEST = 900
"""The longest pause between attempts, in seconds."""
IDLE = 0.5
GIVEN_UP = 5
"""Days after which work that failed `LEAST` times is no longer retried, as with mail servers; its row stays."""
LEAST = 5
PATIENCE = 5.0
"""Seconds that work in progress has to finish on shutdown: a mail that was accepted is not sent twice."""

PUT = (
    """insert into outgoing (id, kind, body, due, traceparent) values ($1, $2, $3, now(), $4) on conflict do nothing"""
)
TAKE = f"""update outgoing set due = now() + interval '{LEASE} s', attempts = attempts + 1 where id = (
    select id from outgoing where kind = $1 and due <= now() order by due limit 1 for update skip locked)
    returning id, body, attempts, due, traceparent"""
# Only under the lease it was taken with: if it has changed in the meantime, such as its address, it is repeated.
DONE = "delete from outgoing where id = $1 and due = $2"
RETRY = f"""update outgoing set problem = $4, due = case
        when at < now() - interval '{GIVEN_UP} days' and attempts >= {LEAST} then 'infinity'
        else now() + make_interval(secs => $3) end
    where id = $1 and due = $2"""
NEVER = "update outgoing set problem = $3, due = 'infinity' where id = $1 and due = $2"

log = structlog.get_logger()


async def enqueue(db: Connection, id: UUID, kind: str, work: BaseModel) -> None:
    """Queues work in the transaction that causes it; ignored while work with this `id` is open."""
    await db.execute(PUT, id, kind, work.model_dump_json(), traceparent())


class NeverAccepted(Exception):
    """The recipient refused the work permanently, so it is not retried. Its cause names the problem."""


class OutgoingRunner:
    """Does one kind of outgoing work, one piece at a time, each at least once."""

    def __init__(self, row: Outgoing, settings: Settings, pool: Pool) -> None:
        self.row, self._settings, self._pool = row, settings, pool
        self._adapter: TypeAdapter[Any] = TypeAdapter(row.body)

    async def run(self) -> None:
        """Works until cancelled."""
        while True:
            if not await let_finish(self._next(), PATIENCE):
                await asyncio.sleep(IDLE)

    async def _next(self) -> bool:
        row = await self._pool.fetchrow(TAKE, self.row.kind)
        if row is None:
            return False
        try:
            with span(f"send {self.row.kind}", parent=row["traceparent"]):
                work = await self._prepared(self._adapter.validate_python(json.loads(row["body"]), strict=False))
                if work is not None:
                    await self.row.run(work, self._settings)
        except NeverAccepted as refused:
            name = type(refused.__cause__ or refused).__name__
            await self._pool.execute(NEVER, row["id"], row["due"], name)
            log.warning("outgoing work refused for good", kind=self.row.kind, problem=name)
        except Exception as problem:
            # The class, not the text, which may name a person.
            wait, name = min(2.0 ** row["attempts"], LONGEST), type(problem).__name__
            await self._pool.execute(RETRY, row["id"], row["due"], wait, name)
            log.warning("outgoing work failed", kind=self.row.kind, attempts=row["attempts"], problem=name)
        else:
            await self._pool.execute(DONE, row["id"], row["due"])
        return True

    async def _prepared(self, work: Any) -> Any:
        if self.row.prepare is None:
            return work
        async with self._pool.acquire() as db, db.transaction():
            return await self.row.prepare(work, db, self._settings)
