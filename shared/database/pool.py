"""A service's database connections: its pool, or a single one by another role."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from urllib.parse import urlsplit

import asyncpg

from shared.messaging.outbox import Pool

SETTINGS = {
    # A stopped process cannot block its successor, and no wait is endless.
    "idle_in_transaction_session_timeout": "5s",
    "lock_timeout": "5s",
    "statement_timeout": "30s",
    "jit": "off",
    # Postgres takes conditions for independent, expects too much of several, and reads the whole table to find it.
    "enable_seqscan": "off",
}


async def open_pool(url: str, *, application: str, most: int = 10, resets: bool = True) -> Pool:
    """A pool on `url`; connections are made as they are needed, so that it opens while the database is away.

    Without `resets` a statement costs one round trip instead of two; its users then leave no state in a session.
    """
    return await asyncpg.create_pool(
        url,
        min_size=0,
        max_size=most,
        timeout=5,
        command_timeout=40,
        reset=None if resets else _keep,
        server_settings=SETTINGS | {"application_name": application},
    )


async def _keep(_: object) -> None:
    """Resets nothing."""


class DatabaseAway(Exception):
    """Postgres does not answer; the sentence says where."""


@asynccontextmanager
async def connected(url: str) -> AsyncGenerator[asyncpg.Connection]:
    """One connection, for a command; `url` as `Settings.database_url` gives it.

    Raises DatabaseAway when Postgres does not answer within 15 s, and what asyncpg raises when it refuses.
    """
    try:
        db = await asyncpg.connect(url, timeout=15)
    except (OSError, TimeoutError) as problem:
        place = urlsplit(url).netloc.rpartition("@")[2] + urlsplit(url).path
        raise DatabaseAway(f"Postgres at {place} does not answer: start it and ask again") from problem
    try:
        yield db
    finally:
        await db.close()
