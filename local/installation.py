"""Where an installation is: told by the environment, or found in the state folder of an `entente up` that runs."""

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
    """The folder of all that the embedded installation keeps: ENTENTE_STATE, else `.entente` of the checkout."""
    return Path(os.environ.get("ENTENTE_STATE") or ROOT / ".entente").absolute()


@dataclass(frozen=True)
class Addresses:
    """Where a running `entente up` has its parts, as its state folder's `addresses.json` says.

    Attributes:
        pid: the process of `entente up`.
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
        """What each service is told, without passwords."""
        return {
            "ENTENTE_DATABASE": f"{self.postgres}/{DATABASE}",
            "ENTENTE_KAFKA": self.kafka,
            "ENTENTE_ISSUER": DEVELOPMENT_ISSUER,
            "ENTENTE_ISSUER_ADDRESS": self.issuer,
            "ENTENTE_DEVELOPMENT": "1",
            "ENTENTE_SMTP": self.smtp,
        }

    def keep(self, state: Path) -> None:
        """Writes them down for the other commands."""
        replace_text(_file(state), json.dumps(asdict(self), indent=1))


def forget_addresses(state: Path) -> None:
    """Says that nothing runs there any more."""
    _file(state).unlink(missing_ok=True)


def running_addresses(state: Path) -> Addresses | None:
    """Where the `entente up` of this state folder has its parts; None when none runs."""
    try:
        found = Addresses(**json.loads(_file(state).read_text()))
        # A killed run leaves its files, and its number to any other process: only the hold tells that it is there.
        return found if holder_of(state) == str(found.pid) and is_held(state) else None
    except (OSError, ValueError, TypeError):
        return None


def _file(state: Path) -> Path:
    return state / "addresses.json"


def kept_passwords(state: Path, services: list[str]) -> dict[str, str]:
    """The passwords of the services' database roles, made once and readable by their owner only."""
    file = state / "passwords.json"
    known: dict[str, str] = json.loads(file.read_text()) if file.exists() else {}
    wanted = {f"{service}_{kind}" for service in services for kind in KINDS}
    if missing := sorted(wanted - known.keys()):
        known |= {role: secrets.token_urlsafe(24) for role in missing}
        replace_text(file, json.dumps(known, indent=1))
    return known


def password_variables(passwords: dict[str, str]) -> dict[str, str]:
    """The environment variables that say these passwords."""
    return {f"ENTENTE_PASSWORD_{role}".upper(): password for role, password in passwords.items()}


def dsn(postgres: str, role: str, password: str, database: str = DATABASE) -> str:
    """The connection string of a role at host:port."""
    return f"postgresql://{role}:{quote(password, safe='')}@{postgres}/{database}"


def adopt_running() -> Addresses | None:
    """Has this process use the running `entente up`, unless the environment names an installation."""
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
    """Settings for a command that serves nothing; raises CommandError if no installation is named and none runs."""
    named = any(name in os.environ for name in SAID_BY_ENVIRONMENT)
    if adopt_running() is None and not named:
        raise CommandError(
            f"no installation is named and none runs on {state_folder()}: start `entente up`, "
            "or say where it is by ENTENTE_DATABASE and ENTENTE_KAFKA"
        )
    # Which issuer is trusted matters to those who serve; a tool needs none.
    return Settings(development=True)


def host_port(dsn: str) -> str:
    """host:port of a connection string."""
    parts = urlsplit(dsn)
    return f"{parts.hostname}:{parts.port}"
