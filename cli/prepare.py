"""`entente prepare`: the database, its roles and schemas, by a superuser."""

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
    """Make the database, and each service's schema and three roles; safe to run again: it sets the passwords anew.

    The folder of the example has a file with the password of postgres and of each role, as `make secrets` writes them.

    Example: export ENTENTE_DATABASE=localhost:5432/entente ENTENTE_SECRETS_DIR=.secrets
    entente prepare --admin postgresql://postgres@localhost:5432/postgres
    """
    quieten()
    asyncio.run(prepare_services(find_settings(), admin, list(SERVICES)))
