"""Timer: what falls due is a row, written with its cause, and fired once, also when nobody ran on the day."""

from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime, timedelta
from uuid import UUID

from shared.domain.command import Due
from shared.messaging.outbox import Connection, Pool

NEXT = """select kind, aggregate_id, due from timer where kind = any($1) and due <= $2
    order by due limit 1 for update skip locked"""
AGAIN = """update timer set attempts = attempts + 1, problem = $3, due = $4
    where kind = $1 and aggregate_id = $2"""
SET = """insert into timer (kind, aggregate_id, due) values ($1, $2, $3)
    on conflict (kind, aggregate_id) do update set due = excluded.due, attempts = 0, problem = null"""
ATTEMPTS = "select attempts from timer where kind = $1 and aggregate_id = $2"
DROP = "delete from timer where kind = $1 and aggregate_id = $2"

Fire = Callable[[Due, Connection], Awaitable[None]]
"""Does what falls due, in the transaction of the given connection."""


async def move_timers(db: Connection, id: UUID, before: Mapping[str, datetime], after: Mapping[str, datetime]) -> None:
    """Sets, moves and drops an aggregate's timers by the difference of what was and what is due."""
    for kind in before.keys() - after.keys():
        await db.execute(DROP, kind, id)
    for kind, due in after.items():
        if before.get(kind) != due:
            await db.execute(SET, kind, id, due)


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
            due = Due(aggregate_id=row["aggregate_id"], kind=row["kind"], at=row["due"])
            # Deleted before the effect: what the effect itself makes due again under this kind must stay.
            await db.execute(DROP, due.kind, due.aggregate_id)
            try:
                await kinds[due.kind](due, db)
            except Exception as problem:
                raise _Failed(due) from problem
    except _Failed as failed:
        await _put_off(pool, failed.due, failed.__cause__, now)
    return True


class _Failed(Exception):
    def __init__(self, due: Due) -> None:
        self.due = due


async def _put_off(pool: Pool, due: Due, problem: BaseException | None, now: datetime) -> None:
    attempts = await pool.fetchval(
        "select attempts from timer where kind = $1 and aggregate_id = $2", due.kind, due.aggregate_id
    )
    later = now + timedelta(seconds=min(2 ** (attempts or 0), 300))
    await pool.execute(AGAIN, due.kind, due.aggregate_id, f"{type(problem).__name__}: {problem}"[:500], later)
