"""Timer: what falls due is a row, written with its cause, and fired once, also when nobody ran on the day."""

from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

import structlog

from shared.messaging.outbox import Connection, Pool

LONGEST = 300
"""Seconds between attempts at most."""

NEXT = """select kind, aggregate_id, due from timer
    where kind = any($1) and due <= $2 and coalesce(retry_at, due) <= $2 order by due limit 1 for update skip locked"""
OF = "select kind, due from timer where aggregate_id = $1"
SET = """insert into timer (kind, aggregate_id, due) values ($1, $2, $3)
    on conflict (kind, aggregate_id) do update set due = excluded.due, attempts = 0, problem = null, retry_at = null"""
DROP = "delete from timer where kind = $1 and aggregate_id = $2"
# Only at the moment that fired: what the effect, or somebody meanwhile, made due at another one is another timer.
FIRED = f"{DROP} and due = $3"
AGAIN = f"""update timer set attempts = attempts + 1, problem = $4,
        retry_at = $5::timestamptz + make_interval(secs => least(2 ^ least(attempts, 10), {LONGEST}))
    where kind = $1 and aggregate_id = $2 and due = $3"""


class DueTimer(NamedTuple):
    """A timer that is due."""

    aggregate_id: UUID
    kind: str
    at: datetime


Fire = Callable[[DueTimer, Connection], Awaitable[None]]
"""Does what falls due, in the transaction of the given connection."""

log = structlog.get_logger()


async def keep_timers(db: Connection, id: UUID, due: Mapping[str, datetime]) -> None:
    """Makes an aggregate's timers those that are `due`, by kind; one that is so already is not even locked."""
    there = {row["kind"]: row["due"] for row in await db.fetch(OF, id)}
    for kind in there.keys() - due.keys():
        await db.execute(DROP, kind, id)
    for kind, moment in due.items():
        if there.get(kind) != moment:
            await db.execute(SET, kind, id, moment)


async def fire_next(pool: Pool, kinds: Mapping[str, Fire], now: datetime) -> bool:
    """Fires the timer that has been due longest; False when none is. One that fails is tried again with back-off.

    The row is locked, the effect done and the row deleted in one transaction, so it fires once however many processes
    look, and never is lost by one that dies.
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
    """Tries it again later; it is due all the same, for all to see."""
    name = type(problem).__name__
    await pool.execute(AGAIN, due.kind, due.aggregate_id, due.at, f"{name}: {problem}"[:500], now)
    log.warning("a timer failed and is tried again", kind=due.kind, aggregate_id=str(due.aggregate_id), problem=name)
