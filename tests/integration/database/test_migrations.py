"""The database is created, closed to other roles, migrated once and checked against its files."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import asyncpg
import pytest

from local import Postgres, Registry, remove_state
from shared.database import migrations
from shared.database.migrations import MigrationFailed, SchemaState, changed_files, main, migrate, schema_state

SERVICES = ("apples", "pears")
PASSWORDS = {f"{service}_{kind}": f"of {service}'s {kind}" for service in SERVICES for kind in migrations.KINDS}
FIRST = "-- migrate:up\ncreate table fruit (id int generated always as identity, name text);\n-- migrate:down\n"
SECOND = "-- migrate:up transaction:false\ncreate index concurrently fruit_name on fruit (name);\n-- migrate:down\n"


class Database:
    """A database of two services, and the folder with the migrations of one."""

    def __init__(self, server: Postgres, name: str, folder: Path) -> None:
        self.server, self.name, self.folder = server, name, folder

    def dsn(self, role: str) -> str:
        secret = PASSWORDS[role].replace(" ", "%20").replace("'", "%27")
        return f"postgresql://{role}:{secret}@127.0.0.1:{self.server.port}/{self.name}"

    async def prepare(self) -> None:
        await migrations.prepare_database(self.server.address, SERVICES, PASSWORDS, self.name)

    async def migrate(self) -> None:
        await migrate(self.dsn("apples_owner"), "apples", [(self.folder, "migrations")])

    async def state(self) -> SchemaState:
        return await schema_state(self.dsn("apples_service"), [(self.folder, "migrations")])

    async def run(self, role: str, sql: str) -> object:
        connection = await asyncpg.connect(self.dsn(role))
        try:
            return await connection.fetchval(sql)
        finally:
            await connection.close()

    def write(self, name: str, sql: str) -> None:
        (self.folder / name).write_text(sql)


@pytest.fixture(scope="module")
async def server(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Postgres]:
    registry = Registry(tmp_path_factory.mktemp("state"))
    postgres = Postgres(registry, 25432, lambda text, share: None, durable=False)
    await postgres.start()
    yield postgres
    await postgres.stop()
    remove_state(registry.state)


@pytest.fixture
async def database(server: Postgres, tmp_path: Path, request: pytest.FixtureRequest) -> Database:
    made = Database(server, request.node.name, tmp_path)
    await made.prepare()
    made.write("20260101000000_first.sql", FIRST)
    return made


async def test_every_database_sorts_the_same_way(database: Database) -> None:
    """It sorts by the built-in C.UTF-8, whatever the locale of the server."""
    found = await database.run(
        "apples_service", "select datlocprovider::text || datlocale from pg_database where datname = current_database()"
    )

    assert found == "bC.UTF-8"


async def test_a_role_uses_its_own_schema(database: Database) -> None:
    """A service's roles use its tables by unqualified names, and cannot create or alter tables."""
    await database.migrate()
    await database.run("apples_service", "insert into fruit (name) values ('Cox')")

    assert await database.run("apples_operator", "delete from fruit returning name") == "Cox"
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await database.run("apples_service", "create table more (id int)")
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await database.run("apples_operator", "alter table fruit add column more int")


@pytest.mark.parametrize("role", ["pears_owner", "pears_service", "pears_operator"])
async def test_a_role_sees_no_other_schema(database: Database, role: str) -> None:
    """No role of another service can read this service's tables."""
    await database.migrate()

    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await database.run(role, "select count(*) from apples.fruit")


async def test_other_roles_cannot_connect(database: Database) -> None:
    """A role of no service is refused."""
    admin = await asyncpg.connect(database.server.address)
    await admin.execute("create role stranger login password 'x'")
    try:
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await asyncpg.connect(database.dsn("apples_owner"), user="stranger", password="x")
    finally:
        await admin.execute("drop role stranger")
        await admin.close()


async def test_preparing_again_changes_nothing(database: Database) -> None:
    """A second preparation keeps the rows, and two at the same time both succeed."""
    await database.migrate()
    await database.run("apples_service", "insert into fruit (name) values ('Cox')")

    await asyncio.gather(database.prepare(), database.prepare())

    assert await database.run("apples_service", "select name from fruit") == "Cox"


async def test_a_copy_of_a_template_is_prepared(database: Database, server: Postgres) -> None:
    """A copy of a migrated database has its tables, and its roles work once it is prepared."""
    await database.migrate()
    copy = Database(server, f"{database.name}_copy", database.folder)
    admin = await asyncpg.connect(server.address)
    await admin.execute(f"create database {copy.name} template {database.name}")
    await admin.close()

    await copy.prepare()

    assert await copy.run("apples_service", "select count(*) from fruit") == 0


async def test_concurrent_migrations_apply_each_file_once(database: Database) -> None:
    """Three of them finish and apply each file once, even a file with `create index concurrently`."""
    database.write("20260102000000_second.sql", SECOND)

    await asyncio.gather(*(database.migrate() for _ in range(3)))

    assert await database.run("apples_service", "select count(*) from migrations") == 2
    assert await database.state() == SchemaState((), ())


async def test_a_migration_retries_while_its_table_is_locked(database: Database) -> None:
    """It gives way after 3 s, retries, and finishes once the lock is released."""
    await database.migrate()
    database.write("20260102000000_second.sql", "-- migrate:up\nalter table fruit add weight int;\n-- migrate:down\n")
    reader = await asyncpg.connect(database.dsn("apples_service"))
    transaction = reader.transaction()
    await transaction.start()
    await reader.fetch("select * from fruit")

    migration = asyncio.create_task(database.migrate())
    await asyncio.sleep(4)
    waiting = not migration.done()
    await transaction.rollback()
    await migration
    await reader.close()

    assert waiting
    assert await database.state() == SchemaState((), ())


async def test_a_failing_migration_quotes_the_database(database: Database) -> None:
    """The file is not applied, and the error has the database's message."""
    database.write("20260102000000_second.sql", "-- migrate:up\nalter table nuts add x int;\n-- migrate:down\n")

    with pytest.raises(MigrationFailed, match='relation "nuts" does not exist'):
        await database.migrate()

    assert (await database.state()).missing == ("20260102000000",)


async def test_the_schema_is_older_equal_or_newer_than_its_files(database: Database) -> None:
    """It is older before migrating, equal afterwards, and newer if the code lacks an applied file."""
    before = await database.state()
    await database.migrate()
    equal = await database.state()
    (database.folder / "20260101000000_first.sql").unlink()
    after = await database.state()

    assert [(s.older, s.newer) for s in (before, equal, after)] == [(True, False), (False, False), (False, True)]


async def test_only_the_owner_may_record_applied_versions(database: Database) -> None:
    """The service role cannot write the table of applied versions."""
    await database.migrate()

    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await database.run("apples_service", "delete from migrations")


async def test_the_server_does_not_limit_idle_transactions(database: Database) -> None:
    """Consumers set their own limit."""
    assert await database.run("apples_service", "show idle_in_transaction_session_timeout") == "0"


def test_a_released_migration_must_not_change(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """An unreleased file may change; a released one that changed or is missing is named and blocks further releases."""
    first, second = tmp_path / "1_first.sql", tmp_path / "2_second.sql"
    for file in (first, second):
        file.write_text(FIRST)
    assert (main(["check", str(tmp_path)]), list(tmp_path.glob("*.sha256"))) == (0, [])

    assert main(["release", str(tmp_path)]) == 0
    assert capsys.readouterr().out == f"released {first}\nreleased {second}\n"
    third = tmp_path / "3_third.sql"
    third.write_text(FIRST)
    assert main(["check", str(tmp_path)]) == 0

    first.write_text(SECOND)
    second.unlink()
    assert [main([verb, str(tmp_path)]) for verb in ("check", "release")] == [1, 1]
    assert changed_files(tmp_path) == [
        f"{first} was released and has changed: put it back and write a new file.",
        f"{second} was released and is gone: put it back.",
    ]
    assert third.name not in (tmp_path / "migrations.sha256").read_text()
