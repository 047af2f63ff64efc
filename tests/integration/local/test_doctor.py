"""The doctor tells a database that refuses from one that does not answer."""

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


async def test_each_role_enters(addresses: Addresses, database: str) -> None:
    """On a healthy database every role can log in."""
    assert {finding.level for finding in (await found(addresses, database)).values()} == {"ok"}


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        ("revoke connect on database {} from partners_service", "to set its rights"),
        ("alter database {} connection limit 0", "max_connections"),
        ("alter database {} allow_connections false", "see the database's log"),
    ],
)
async def test_a_database_that_refuses_is_said_to_answer(
    statement: str, said: str, addresses: Addresses, database: str
) -> None:
    """A database that refuses a role is reported as answering, with a hint at rights or limits."""
    await of_superuser(addresses, statement.format(database))
    finding = (await found(addresses, database))["partners_service"]
    assert finding.level == "wrong"
    assert f"{database} answers but refuses partners_service" in finding.sentence
    assert said in finding.sentence


async def test_a_server_that_is_away_is_said_not_to_answer(
    addresses: Addresses, database: str, unused_tcp_port: int
) -> None:
    """A server that is down is reported as not answering."""
    away = Addresses(addresses.kafka, f"postgresql://postgres:x@127.0.0.1:{unused_tcp_port}/postgres")
    assert "does not answer" in (await found(away, database))["partners_service"].sentence
