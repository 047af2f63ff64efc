"""The database of an installation: made with its roles and schemas by a superuser, wherever the installation is."""

from collections.abc import Sequence
from urllib.parse import quote, urlsplit, urlunsplit

from local.installation import DATABASE
from shared.database.migrations import KINDS, prepare_database
from shared.service.settings import Settings, SettingsError, password_of

ADMIN = (
    "A superuser's DSN, best without a password, which others would read on the command line: that of "
    "ENTENTE_PASSWORD_{ROLE}, or of the file entente_password_{role} in ENTENTE_SECRETS_DIR, is taken."
)


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
