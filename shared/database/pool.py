"""The pool of a service's database connections."""

import asyncpg

from shared.messaging.outbox import Pool

SETTINGS = {
    # A stopped process cannot hold its successor, and nobody waits for ever.
    "idle_in_transaction_session_timeout": "5s",
    "lock_timeout": "5s",
    "statement_timeout": "30s",
    "jit": "off",
}


async def open_pool(url: str, *, application: str, most: int = 10) -> Pool:
    """A pool on `url`; connections are made as they are needed, so that it opens while the database is away."""
    return await asyncpg.create_pool(
        url,
        min_size=0,
        max_size=most,
        timeout=5,
        command_timeout=40,
        server_settings=SETTINGS | {"application_name": application},
    )
