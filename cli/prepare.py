"""`entente prepare`: the database, its roles and schemas, by a superuser."""

import asyncio
from collections.abc import Sequence
from typing import Annotated
from urllib.parse import quote, urlsplit, urlunsplit

import typer

from local.installation import DATABASE, find_settings
from local.terminal.stopping import quieten
from services import SERVICES
from shared.database.migrations import KINDS, prepare_database
from shared.service.settings import Settings, SettingsError, password_of

ADMIN = (
    "A superuser's DSN, best without a password, which others would read on the command line: that of "
    "ENTENTE_PASSWORD_{ROLE}, or of the file entente_password_{role} in ENTENTE_SECRETS_DIR, is taken."
)


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


async def prepare_services(settings: Settings, admin: str, services: Sequence[str]) -> None:
    """Prepares the database of the settings for these services.

    Raises SettingsError without a role's password, StillMigrating, and what asyncpg raises.
    """
    passwords = {f"{name}_{kind}": password_of(f"{name}_{kind}") for name in services for kind in KINDS}
    await prepare_database(_with_password(admin), services, passwords, settings.database.partition("/")[2] or DATABASE)
    print("the database, its roles and schemas are there")


def _with_password(dsn: str) -> str:
    parts = urlsplit(dsn)
    if parts.password is not None or not parts.username:
        return dsn
    try:
        password = password_of(parts.username)
    except SettingsError:
        return dsn  # perhaps it needs none, or ~/.pgpass has it
    place = parts.netloc.rpartition("@")[2]
    return urlunsplit(parts._replace(netloc=f"{parts.username}:{quote(password, safe='')}@{place}"))
