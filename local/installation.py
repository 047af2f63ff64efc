"""Finds the installation to use: named by the environment, or running as `entente up` on the state folder."""

import json
import os
import secrets
from dataclasses import asdict, dataclass, field
from pathlib import Path
from urllib.parse import quote, urlsplit

from local.errors import CommandError
from local.state_folder import holder_of, is_held, replace_text
from shared.database.migrations import KINDS
from shared.service.settings import DEVELOPMENT_ISSUER, Settings

ROOT = Path(__file__).parents[1]
DATABASE = "entente"
SAID_BY_ENVIRONMENT = ("ENTENTE_DATABASE", "ENTENTE_KAFKA", "ENTENTE_ISSUER")


def state_folder() -> Path:
    """Return the folder for all data of the embedded installation: ENTENTE_STATE, else `.entente` in the checkout."""
    return Path(os.environ.get("ENTENTE_STATE") or ROOT / ".entente").absolute()


@dataclass(frozen=True)
class Addresses:
    """The addresses of a running `entente up`, as kept in `addresses.json` in its state folder.

    Attributes:
        pid: the process id of `entente up`.
        services: base URL of each service, by name.
        issuer: base URL of the development issuer.
        mailbox: base URL of the development mailbox.
        smtp: host:port that accepts mail.
        kafka: host:port.
        postgres: host:port.
    """

    pid: int
    issuer: str
    mailbox: str
    smtp: str
    kafka: str
    postgres: str
    services: dict[str, str] = field(default_factory=dict[str, str])

    def environment(self) -> dict[str, str]:
        """The environment variables that every service gets, without passwords."""
        return {
            "ENTENTE_DATABASE": f"{self.postgres}/{DATABASE}",
            "ENTENTE_KAFKA": self.kafka,
            "ENTENTE_ISSUER": DEVELOPMENT_ISSUER,
            "ENTENTE_ISSUER_ADDRESS": self.issuer,
            "ENTENTE_DEVELOPMENT": "1",
            "ENTENTE_SMTP": self.smtp,
        }

    def keep(self, state: Path) -> None:
        """Write them to the state folder, where other commands find them."""
        replace_text(_file(state), json.dumps(asdict(self), indent=1))


def forget_addresses(state: Path) -> None:
    """Delete the addresses, because nothing runs there any more."""
    _file(state).unlink(missing_ok=True)


def running_addresses(state: Path) -> Addresses | None:
    """Return the addresses of the `entente up` on this state folder; None if none is running."""
    try:
        found = Addresses(**json.loads(_file(state).read_text()))
        # A killed run leaves its files behind, and another process may get its pid. Only the lock proves that it runs.
        return found if holder_of(state) == str(found.pid) and is_held(state) else None
    except (OSError, ValueError, TypeError):
        return None


def _file(state: Path) -> Path:
    return state / "addresses.json"


def kept_passwords(state: Path, services: list[str]) -> dict[str, str]:
    """Return the passwords of the services' database roles. Create missing ones in a file only its owner can read."""
    file = state / "passwords.json"
    known: dict[str, str] = json.loads(file.read_text()) if file.exists() else {}
    wanted = {f"{service}_{kind}" for service in services for kind in KINDS}
    if missing := sorted(wanted - known.keys()):
        known |= {role: secrets.token_urlsafe(24) for role in missing}
        replace_text(file, json.dumps(known, indent=1))
    return known


def password_variables(passwords: dict[str, str]) -> dict[str, str]:
    """Return these passwords as environment variables."""
    return {f"ENTENTE_PASSWORD_{role}".upper(): password for role, password in passwords.items()}


def dsn(postgres: str, role: str, password: str, database: str = DATABASE) -> str:
    """Return the connection string for a role at host:port."""
    return f"postgresql://{role}:{quote(password, safe='')}@{postgres}/{database}"


def adopt_running() -> Addresses | None:
    """Point this process at the running `entente up`, unless the environment names an installation."""
    if any(name in os.environ for name in SAID_BY_ENVIRONMENT):
        return None
    state = state_folder()
    addresses = running_addresses(state)
    if addresses is not None:
        passwords = kept_passwords(state, list(addresses.services))
        for name, value in {**addresses.environment(), **password_variables(passwords)}.items():
            os.environ.setdefault(name, value)
    return addresses


def find_settings() -> Settings:
    """Return settings for a command that is not a service.

    Raises CommandError if the environment names no installation and none is running.
    """
    named = any(name in os.environ for name in SAID_BY_ENVIRONMENT)
    if adopt_running() is None and not named:
        raise CommandError(
            f"no installation is running on {state_folder()}: run `entente up`, "
            "or set ENTENTE_DATABASE and ENTENTE_KAFKA to use another one"
        )
    # Only a service needs to know which issuer to trust.
    return Settings(development=True)


def host_port(dsn: str) -> str:
    """Return host:port from a connection string."""
    parts = urlsplit(dsn)
    return f"{parts.hostname}:{parts.port}"
