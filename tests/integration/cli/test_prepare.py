"""`entente prepare` and `migrate --admin` work as their help shows, with the superuser's password in a file."""

import asyncio
import uuid
from collections.abc import AsyncIterator, Callable, Coroutine
from pathlib import Path
from typing import Any

import asyncpg
import pytest

from cli.main import run
from services import SERVICES
from tests.harness.parts import PASSWORDS, Addresses

Command = Callable[..., Coroutine[Any, Any, tuple[int, str]]]
"""Runs a command on its own database and returns its status and output."""


@pytest.fixture
async def command(
    addresses: Addresses, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> AsyncIterator[Command]:
    """The command, with the password folder and database set as in the help."""
    place, database = addresses.postgres_address, f"t{uuid.uuid4().hex[:12]}"
    superuser = addresses.postgres.split("://postgres:")[1].partition("@")[0]
    for role, password in {**PASSWORDS, "postgres": superuser}.items():
        (tmp_path / f"entente_password_{role}").write_text(f"{password}\n")
        monkeypatch.delenv(f"ENTENTE_PASSWORD_{role}".upper(), raising=False)
    monkeypatch.setenv("ENTENTE_SECRETS_DIR", str(tmp_path))
    monkeypatch.setenv("ENTENTE_DATABASE", f"{place}/{database}")

    async def ran(*words: str) -> tuple[int, str]:
        status = await asyncio.to_thread(run, [*words, "--admin", f"postgresql://postgres@{place}/postgres"])
        printed = capsys.readouterr()
        return status, printed.out + printed.err

    yield ran
    admin = await asyncpg.connect(addresses.postgres)
    await admin.execute(f"drop database if exists {database}")
    await admin.close()


async def test_the_examples_in_the_help_create_the_database(command: Command) -> None:
    """With the passwords in files both commands succeed without a password on the command line."""
    there = "the database, its roles and its schemas are ready\n"
    assert await command("prepare") == (0, there)
    status, output = await command("migrate")
    assert (status, output.startswith(there)) == (0, True)
    assert [line.partition(": applied ")[0] for line in output.splitlines()[1:]] == list(SERVICES)
