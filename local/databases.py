"""Prepares the database of any installation as a superuser: the database itself, roles and schemas."""

from collections.abc import Sequence
from urllib.parse import quote, urlsplit, urlunsplit

from local.installation import DATABASE
from shared.database.migrations import KINDS, prepare_database
from shared.service.settings import Settings, SettingsError, password_of

ADMIN = (
    "A superuser's DSN. Leave the password out, because others can read the command line. It is taken from "
    "ENTENTE_PASSWORD_{ROLE}, or from the file entente_password_{role} in ENTENTE_SECRETS_DIR."
)


async def prepare_services(settings: Settings, admin: str, services: Sequence[str]) -> None:
    """Create or update the database named in the settings for these services.

    Raises SettingsError if a role's password is missing, StillMigrating, and asyncpg's exceptions.
    """
    passwords = {f"{name}_{kind}": password_of(f"{name}_{kind}") for name in services for kind in KINDS}
    await prepare_database(_with_password(admin), services, passwords, settings.database.partition("/")[2] or DATABASE)
    print("the database, its roles and its schemas are ready")


def _with_password(dsn: str) -> str:
    parts = urlsplit(dsn)
    if parts.password is not None or not parts.username:
        return dsn
    try:
        password = password_of(parts.username)
    except SettingsError:
        return dsn  # it may need none, or be in ~/.pgpass
    place = parts.netloc.rpartition("@")[2]
    return urlunsplit(parts._replace(netloc=f"{parts.username}:{quote(password, safe='')}@{place}"))
