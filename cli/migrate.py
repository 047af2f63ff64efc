"""`entente migrate`: migrates the services' schemas to this version."""

import asyncio
from typing import Annotated

import typer

from local.databases import ADMIN, prepare_services
from local.installation import find_settings
from local.terminal.stopping import quieten
from services import SERVICES, migrations_of
from shared.database.schema import migrate_schema
from shared.service.settings import Settings


def migrate(
    services: Annotated[list[str] | None, typer.Argument(help="Only these services; by default all.")] = None,
    admin: Annotated[
        str | None,
        typer.Option(envvar="ENTENTE_ADMIN_DATABASE", help=f"First create the database, roles and schemas. {ADMIN}"),
    ] = None,
) -> None:
    """Migrate the services' schemas, each with its owner's role. Safe to run again, and several times at once.

    The example's folder .secrets has a password file for postgres and for each role, as written by `make secrets`.

    Example: export ENTENTE_DATABASE=localhost:5432/entente ENTENTE_SECRETS_DIR=.secrets
    entente migrate --admin postgresql://postgres@localhost:5432/postgres
    """
    quieten()
    if unknown := [name for name in services or () if name not in SERVICES]:
        raise typer.BadParameter(f"no service is called {unknown[0]!r}; choose from {', '.join(SERVICES)}")
    asyncio.run(_migrate(services or list(SERVICES), admin))


async def _migrate(services: list[str], admin: str | None) -> None:
    settings = find_settings()
    if admin:
        await prepare_services(settings, admin, services)
    for name in services:
        print(f"{name}: {await _migrate_one(settings, name)}")


async def _migrate_one(settings: Settings, name: str) -> str:
    owner = settings.database_url(name, "owner")
    before = await migrate_schema(owner, name, migrations_of(name))
    if before.newer:
        return f"newer than this version by {', '.join(before.unknown)}; left unchanged"
    return f"applied {', '.join(before.missing)}" if before.missing else "up to date"
