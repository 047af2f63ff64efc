"""Which migrations make a service's schema, and whether its database is as this version expects."""

from collections.abc import Iterable

from shared.database.migrations import ROOT, Folders, SchemaState, compare_schema, migrate, schema_state
from shared.messaging.outbox import Pool

EVERY = ("messaging", "service")
"""The folders of `shared` whose tables every service has."""


def folders_of(service: str, copies: Iterable[str] = ()) -> Folders:
    """The migrations of every service, those of the `copies` it keeps (folders of `shared`), and its own.

    Each with the table of what was applied.
    """
    shared = [(ROOT / "shared" / name / "migrations", f"{name}_migrations") for name in (*EVERY, *copies)]
    return [*shared, (ROOT / "services" / service / "migrations", "migrations")]


async def schema_trouble(pool: Pool, service: str, folders: Folders) -> str | None:
    """Why the schema cannot be used, in a sentence; None if it is as expected or newer."""
    async with pool.acquire() as db:
        missing = (await compare_schema(db, folders)).missing
    if not missing:
        return None
    return f"the schema of {service} is older than this version: run `entente migrate` (missing {', '.join(missing)})"


async def migrate_schema(owner: str, service: str, folders: Folders) -> SchemaState:
    """Migrates a service's schema by its owner's DSN and returns how it stood before.

    Raises MigrationFailed, StillMigrating, or what asyncpg raises when the database does not answer.
    """
    before = await schema_state(owner, folders)
    if before.missing:
        await migrate(owner, service, folders)
    return before
