"""`entente prepare`: creates the database, its roles and its schemas as a superuser."""

import asyncio
from typing import Annotated

import typer

from local.databases import ADMIN, prepare_services
from local.installation import find_settings
from local.terminal.stopping import quieten
from services import SERVICES


def prepare(
    admin: Annotated[str, typer.Option(envvar="ENTENTE_ADMIN_DATABASE", help=ADMIN)],
) -> None:
    """Create the database, and each service's schema and three roles. Safe to run again; it then sets all passwords.

    The example's folder .secrets has a password file for postgres and for each role, as written by `make secrets`.

    Example: export ENTENTE_DATABASE=localhost:5432/entente ENTENTE_SECRETS_DIR=.secrets
    entente prepare --admin postgresql://postgres@localhost:5432/postgres
    """
    quieten()
    asyncio.run(prepare_services(find_settings(), admin, list(SERVICES)))
