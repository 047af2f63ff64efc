"""The doctor distinguishes a database that refuses from one that does not answer."""

from collections.abc import AsyncIterator

import asyncpg
import pytest

from local.checks import Finding
from local.checks.installation import roles_can_enter
from shared.service.settings import Settings
from tests.harness.installation import copy_database
from tests.harness.parts import PASSWORDS, Addresses


@pytest.fixture
async def database(addresses: Addresses, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[str]:
    """A database of all services, with their passwords in the environment."""
    for role, password in PASSWORDS.items():
        monkeypatch.setenv(f"ENTENTE_PASSWORD_{role}".upper(), password)
    name = await copy_database(addresses)
    yield name
    await of_superuser(addresses, f"drop database {name} with (force)")


async def of_superuser(addresses: Addresses, statement: str) -> None:
    """Runs a statement as the superuser."""
    db = await asyncpg.connect(addresses.postgres)
    try:
        await db.execute(statement)
    finally:
        await db.close()


async def found(addresses: Addresses, database: str) -> dict[str, Finding]:
    """The finding for each role, by the role's name."""
    settings = Settings(database=f"{addresses.postgres_address}/{database}", development=True)
    roles = await roles_can_enter(settings)
    return dict(zip(PASSWORDS, roles, strict=True))


async def test_each_role_can_log_in(addresses: Addresses, database: str) -> None:
    """This holds on a healthy database."""
    assert {finding.level for finding in (await found(addresses, database)).values()} == {"ok"}


@pytest.mark.parametrize(
    ("statement", "hint"),
    [
        ("revoke connect on database {} from partners_service", "to set its rights"),
        ("alter database {} connection limit 0", "max_connections"),
        ("alter database {} allow_connections false", "see the database's log"),
    ],
)
async def test_a_database_that_refuses_is_reported_as_answering(
    statement: str, hint: str, addresses: Addresses, database: str
) -> None:
    """The finding hints at permissions or limits."""
    await of_superuser(addresses, statement.format(database))
    finding = (await found(addresses, database))["partners_service"]
    assert finding.level == "wrong"
    assert f"{database} answers but refuses partners_service" in finding.sentence
    assert hint in finding.sentence


async def test_a_server_that_is_down_is_reported_as_not_answering(
    addresses: Addresses, database: str, unused_tcp_port: int
) -> None:
    """Nothing listens on its port."""
    away = Addresses(addresses.kafka, f"postgresql://postgres:x@127.0.0.1:{unused_tcp_port}/postgres")
    assert "does not answer" in (await found(away, database))["partners_service"].sentence
