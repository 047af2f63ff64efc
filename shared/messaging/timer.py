"""Timer: a row, written with its cause, that fires once when it is due, even if the service was down at that time."""

from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

import structlog

from shared.messaging.outbox import Connection, Pool

LONGEST = 300
"""The longest pause between attempts, in seconds."""

NEXT = """select kind, aggregate_id, due from timer
    where kind = any($1) and due <= $2 and coalesce(retry_at, due) <= $2 order by due limit 1 for update skip locked"""
OF = "select kind, due from timer where aggregate_id = $1"
SET = """insert into timer (kind, aggregate_id, due) values ($1, $2, $3)
    on conflict (kind, aggregate_id) do update set due = excluded.due, attempts = 0, problem = null, retry_at = null"""
DROP = "delete from timer where kind = $1 and aggregate_id = $2"
# Only if it is still due at the time that fired: the effect, or another transaction, may have moved it.
FIRED = f"{DROP} and due = $3"
PUT_OFF = f"""update timer set attempts = attempts + 1, problem = $4,
        retry_at = $5::timestamptz + make_interval(secs => least(2 ^ least(attempts, 10), {LONGEST}))
    where kind = $1 and aggregate_id = $2 and due = $3"""


class DueTimer(NamedTuple):
    """A timer that is due."""

    aggregate_id: UUID
    kind: str
    at: datetime


Fire = Callable[[DueTimer, Connection], Awaitable[None]]
"""Carries out the timer's effect in the connection's transaction."""

log = structlog.get_logger()


async def keep_timers(db: Connection, id: UUID, due: Mapping[str, datetime]) -> None:
    """Sets, moves and drops an aggregate's timers so that they equal `due`, by kind; it locks only what changes."""
    existing = {row["kind"]: row["due"] for row in await db.fetch(OF, id)}
    for kind in existing.keys() - due.keys():
        await db.execute(DROP, kind, id)
    for kind, moment in due.items():
        if existing.get(kind) != moment:
            await db.execute(SET, kind, id, moment)


async def fire_next(pool: Pool, kinds: Mapping[str, Fire], now: datetime) -> bool:
    """Fires the timer that has been due longest, or returns False. One that fails is retried with back-off.

    One transaction locks the row, carries out the effect and deletes the row, so a timer fires once however many
    processes look, and is not lost if a process dies.
    """
    try:
        async with pool.acquire() as db, db.transaction():
            row = await db.fetchrow(NEXT, list(kinds), now)
            if row is None:
                return False
            due = DueTimer(row["aggregate_id"], row["kind"], row["due"])
            try:
                await kinds[due.kind](due, db)
            except Exception as problem:
                raise _Failed(due) from problem
            await db.execute(FIRED, due.kind, due.aggregate_id, due.at)
    except _Failed as failed:
        await _put_off(pool, failed.due, failed.__cause__, now)
    return True


class _Failed(Exception):
    def __init__(self, due: DueTimer) -> None:
        self.due = due


async def _put_off(pool: Pool, due: DueTimer, problem: BaseException | None, now: datetime) -> None:
    """Sets when to retry; `due` stays, so that people see how late it is."""
    name = type(problem).__name__
    await pool.execute(PUT_OFF, due.kind, due.aggregate_id, due.at, f"{name}: {problem}"[:500], now)
    log.warning("a timer failed and will be retried", kind=due.kind, aggregate_id=str(due.aggregate_id), problem=name)
