"""Settings: a process reads them from its environment or from secret files, and checks them once."""

import os
from pathlib import Path
from typing import Annotated, Literal, Self
from urllib.parse import quote

from pydantic import AfterValidator, BeforeValidator, Field, SecretStr, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

DEVELOPMENT_ISSUER = "http://issuer.entente.localhost"
"""The `iss` of the development issuer's tokens, wherever it listens."""
LAST_PORT = 65535


class SettingsError(Exception):
    """A setting is missing or invalid; the message says which, and what to do."""


def _address(value: str) -> str:
    host, _, port = value.rpartition(":")
    if not host or not (port.isascii() and port.isdigit()):
        raise ValueError("write it as host:port")
    if int(port) > LAST_PORT:
        raise ValueError(f"there is no port {port}: the last is {LAST_PORT}")
    return value


def _address_of_database(value: str) -> str:
    address, _, _ = value.partition("/")
    return _address(address) + value.removeprefix(address)


HostPort = Annotated[str, AfterValidator(_address)]
HostPortDatabase = Annotated[str, AfterValidator(_address_of_database)]
LogLevel = Annotated[Literal["debug", "info", "warning", "error", "critical"], BeforeValidator(str.lower)]


class Settings(BaseSettings):
    """A variable is called `ENTENTE_` and the field's name; a file of that name in `ENTENTE_SECRETS_DIR` serves too."""

    model_config = SettingsConfigDict(
        env_prefix="ENTENTE_", env_ignore_empty=True, extra="ignore", secrets_dir=os.environ.get("ENTENTE_SECRETS_DIR")
    )

    installation: str = Field(default="entente", pattern=r"^[a-z0-9-]{1,40}$")
    """The name of this installation, the first part of every event's source."""
    areas: Path = Path(__file__).parents[2] / "deploy" / "areas.yaml"
    """A YAML file of the areas of cooperation: code and name in both languages."""
    database: HostPortDatabase = "127.0.0.1:15432/entente"
    """host:port/database of Postgres."""
    kafka: HostPort = "127.0.0.1:19092"
    """host:port of a Kafka broker."""
    kafka_replicas: int = Field(default=1, ge=1, le=9)
    """How many brokers keep each topic: 3 in production."""
    topic_prefix: str = ""
    """The prefix of every topic and group, for several installations on one Kafka and for tests."""
    http: HostPort = "127.0.0.1:0"
    """host:port to serve HTTP on."""
    issuer: str = DEVELOPMENT_ISSUER
    """The `iss` of the tokens to accept."""
    issuer_address: str | None = None
    """Where the issuer's discovery document is found; the issuer itself when not given."""
    audience: str = "entente"
    """The `aud` that tokens must name."""
    development: bool = False
    """Accept the development issuer; never where untrusted people can reach the services."""
    smtp: HostPort = "127.0.0.1:1025"
    """host:port of the mail server (notifications, and exchanges to participants)."""
    smtp_from: str = "entente@localhost"
    """The sender's address of mails."""
    smtp_user: str | None = None
    smtp_password: SecretStr | None = None
    smtp_tls: bool = False
    """STARTTLS with certificate check."""
    participant_page: str | None = None
    """The page that a participant's one-time link leads to, which exchanges the code after `#` for a session; without
    one, the mail has the code alone."""
    workers: int | None = Field(default=None, ge=1)
    """How many workers docker compose runs of each service; none: API and worker are one process. Only checked here."""
    log_level: LogLevel = "info"
    log_json: bool = True

    @model_validator(mode="after")
    def _development_only_where_said(self) -> Self:
        if self.issuer == DEVELOPMENT_ISSUER and not self.development:
            raise ValueError(
                "ENTENTE_ISSUER names no identity provider; give its issuer, or set ENTENTE_DEVELOPMENT=1 to accept"
                " the development issuer on this machine only"
            )
        return self

    def database_url(self, service: str, role: str = "service") -> str:
        """The connection string of `{service}_{role}`; role is service, owner or operator."""
        name = f"{service}_{role}"
        address, _, database = self.database.partition("/")
        return f"postgresql://{name}:{quote(password_of(name), safe='')}@{address}/{database or 'entente'}"


def password_of(role: str) -> str:
    """The password of a database role, from `ENTENTE_PASSWORD_{ROLE}` or a secret file; raises SettingsError."""
    name = f"entente_password_{role}"
    if value := os.environ.get(name.upper()):
        return value
    folder = os.environ.get("ENTENTE_SECRETS_DIR")
    if folder and (file := Path(folder) / name).is_file():
        return file.read_text().strip()
    raise SettingsError(f"the password of {role} is not given: set {name.upper()} or put it in a file {name}")
