"""Which migrations a service has, and whether its database's schema is as this version expects."""

from shared.database.migrations import ROOT, Folders, SchemaState, compare_schema, migrate, schema_state
from shared.messaging.outbox import Pool

KIT = (ROOT / "shared" / "messaging" / "migrations", "kit_migrations")
DIRECTORY = (ROOT / "shared" / "directory" / "migrations", "directory_migrations")


def folders_of(service: str) -> Folders:
    """The kit's, the directory's and the service's own migrations, with the tables of what was applied."""
    return [KIT, DIRECTORY, (ROOT / "services" / service / "migrations", "migrations")]


async def schema_trouble(pool: Pool, service: str) -> str | None:
    """What is wrong with the schema, in a sentence; None when it is as expected or newer."""
    async with pool.acquire() as db:
        missing = (await compare_schema(db, folders_of(service))).missing
    if not missing:
        return None
    return f"the schema of {service} is older than this version: run `entente migrate` (missing {', '.join(missing)})"


async def migrate_schema(owner: str, name: str) -> SchemaState:
    """Migrates a service's schema by its owner's DSN and returns how it stood before.

    Raises MigrationFailed, StillMigrating, or what asyncpg raises when the database does not answer.
    """
    before = await schema_state(owner, folders_of(name))
    if before.missing:
        await migrate(owner, name, folders_of(name))
    return before
