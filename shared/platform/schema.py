"""Which migrations a service has, and whether its database's schema is as this version expects."""

from pathlib import Path

from shared.messaging.outbox import Pool
from shared.platform.migrations import ROOT, Folders

KIT = (ROOT / "shared" / "messaging" / "migrations", "kit_migrations")
DIRECTORY = (ROOT / "shared" / "directory" / "migrations", "directory_migrations")


def folders_of(service: str) -> Folders:
    """The kit's, the directory's and the service's own migrations, with the tables of what was applied."""
    return [KIT, DIRECTORY, (ROOT / "services" / service / "migrations", "migrations")]


async def schema_trouble(pool: Pool, service: str) -> str | None:
    """What is wrong with the schema, in a sentence; None when it is as expected or newer."""
    missing = [
        version for folder, table in folders_of(service) for version in versions(folder) - await _applied(pool, table)
    ]
    if not missing:
        return None
    return f"the schema of {service} is older than this version: run `entente migrate` (missing {', '.join(missing)})"


def versions(folder: Path) -> set[str]:
    """The versions of a folder's migrations."""
    return {path.name.partition("_")[0] for path in folder.glob("*.sql")}


async def _applied(pool: Pool, table: str) -> set[str]:
    there = await pool.fetchval("select to_regclass($1) is not null", table)
    return {row["version"] for row in await pool.fetch(f"select version from {table}")} if there else set()
