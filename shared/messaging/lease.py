"""Lease: the right to send a topic's rows. One process at a time has it; any number may wait for it."""

import asyncio
import time

from shared.messaging.envelope import new_id
from shared.messaging.outbox import Pool

LEASE = 10.0
"""Seconds that a lease lasts; its owner renews it after a third of that."""
MARGIN = 2.0
"""Seconds before the end of its lease at which the owner stops sending."""

CREATE = "insert into lane (topic, owner) values ($1, $2) on conflict do nothing returning true"
LOOK = "select owner, beat from lane where topic = $1"
TAKE_OVER = """update lane set owner = $2, beat = gen_random_uuid() where topic = $1 and owner = $3 and beat = $4
    returning true"""
# It need not wait for the disk: if a crash of Postgres loses it, the beat has still changed for those who wait.
RENEW = """update lane set beat = gen_random_uuid()
    where topic = $1 and owner = $2 and set_config('synchronous_commit', 'off', true) = 'off' returning true"""
RELEASE = "delete from lane where topic = $1 and owner = $2"


class Lease:
    """One process's claim to a topic's lane.

    Nobody compares clocks: an owner changes its `beat`, and who waits takes over when it saw the same beat for `LEASE`
    seconds by its own clock. So a clock that is set back or differs, the database's too, delays nothing.
    """

    def __init__(self, topic: str, pool: Pool) -> None:
        self._topic, self._pool, self._owner = topic, pool, new_id()
        self._asking = asyncio.Lock()
        self._until = 0.0
        self._seen: tuple[object, object] | None = None
        self._since = 0.0

    @property
    def held(self) -> bool:
        """Whether this process had it at the last look, and it has not expired since."""
        return time.monotonic() < self._until

    @property
    def left(self) -> float:
        """Seconds for which its owner may go on sending without renewing it; negative when they are over."""
        return self._until - MARGIN - time.monotonic()

    async def hold(self) -> bool:
        """Renews it if held, or takes it if free or expired; whether this process has it now.

        An owner that lost it is told False once, before it can have it again: what it began then is over.
        """
        async with self._asking:
            now = time.monotonic()
            if now < self._until - LEASE * 2 / 3:
                return True
            has = await (self._pool.fetchval(RENEW, self._topic, self._owner) if self._until else self._take())
            self._until = now + LEASE if has else 0.0
            return bool(has)

    async def _take(self) -> bool | None:
        row = await self._pool.fetchrow(LOOK, self._topic)
        if row is None:
            return await self._pool.fetchval(CREATE, self._topic, self._owner)
        owner, beat = row["owner"], row["beat"]
        if self._seen != (owner, beat):
            self._seen, self._since = (owner, beat), time.monotonic()
        if time.monotonic() - self._since < LEASE:
            return False
        return await self._pool.fetchval(TAKE_OVER, self._topic, self._owner, owner, beat)

    async def release(self) -> None:
        """Gives it up, so that another process need not wait."""
        self._until = 0.0
        await self._pool.execute(RELEASE, self._topic, self._owner)
