"""The whole installation on this machine: Kafka, Postgres, issuer, mailbox, services."""

import os
from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from local import Report, Supervised, embedded_parts
from local.installation import DATABASE, Addresses, dsn, forget_addresses, host_port, kept_passwords, password_variables
from local.restarts import Keeper
from local.service_processes import Children, Output, together, until_ready
from services import SERVICES
from shared.database.migrations import prepare_database
from shared.database.schema import migrate_schema
from shared.http.identity.keys import DISCOVERY_PATH
from shared.messaging.topics import Topics
from shared.service.settings import SettingsError

FURTHEST = 10_000
"""With it every port is still below those that the kernel hands out to clients."""


def shift() -> int:
    """Added to every port, so that two installations on one machine never take each other's at a restart.

    Raises SettingsError where ENTENTE_PORTS_SHIFT is none that can be added.
    """
    said = os.environ.get("ENTENTE_PORTS_SHIFT") or "0"
    if not (said.isascii() and said.isdigit()) or int(said) > FURTHEST:
        raise SettingsError(f"ENTENTE_PORTS_SHIFT: write a number from 0 to {FURTHEST}, and not {said!r}")
    return int(said)


SHIFT = shift()
FIRST_PORT, ISSUER_PORT, MAILBOX_PORT, SMTP_PORT = 8081 + SHIFT, 8090 + SHIFT, 8091 + SHIFT, 2525 + SHIFT
KAFKA_PORT, POSTGRES_PORT = 19092 + SHIFT, 15432 + SHIFT
PORTS = (
    *range(FIRST_PORT, FIRST_PORT + len(SERVICES)),
    ISSUER_PORT,
    MAILBOX_PORT,
    SMTP_PORT,
    KAFKA_PORT,
    POSTGRES_PORT,
)
"""Those that are wanted, in the order in which they are told."""
STEPS = 2 + 2 + 2 + 2 * len(SERVICES)
"""What is reported as done: two parts, database and topics, issuer and mailbox, each service answering and ready."""


@dataclass(frozen=True)
class Everything:
    """A running installation.

    Attributes:
        services: base URL of each service, by name.
        issuer: base URL of the development issuer; the people of `people.yaml` in `state` can sign in.
        mailbox: base URL of the development mailbox.
        kafka: host:port.
        postgres: the superuser's DSN.
        state: the folder that keeps all of it.
        processes: issuer, mailbox and each service, to stop, kill, pause and start again on its own.
    """

    services: dict[str, str]
    issuer: str
    mailbox: str
    kafka: str
    postgres: str
    state: Path
    processes: dict[str, Supervised]


@asynccontextmanager
async def everything(state: Path, *, report: Report, output: Output | None = None) -> AsyncGenerator[Everything]:
    """Runs the whole installation until the block ends; what ends meanwhile is started again.

    Enter it from the main thread. `output` is called with a service and a line that it said; without it these go to
    `state`/NAME/NAME.log.

    Raises:
        StateHeld: another run holds the state folder.
        Trouble, Failed, NotReady, JarUnavailable, WrongSum, MigrationFailed: something did not start.
    """
    keeper = Keeper(report)
    async with embedded_parts(
        state, kafka_port=KAFKA_PORT, postgres_port=POSTGRES_PORT, report=report, exited=keeper.part_ended
    ) as parts:
        children = Children(parts.registry, keeper, report, output)
        start = _Start(parts.registry.state, children, report, parts.kafka, parts.postgres)
        try:
            addresses = await start.all()
            yield Everything(
                addresses.services, addresses.issuer, addresses.mailbox, parts.kafka, parts.postgres,
                parts.registry.state, children.processes,
            )  # fmt: skip
        finally:
            forget_addresses(parts.registry.state)
            await keeper.close()
            await children.stop(list(SERVICES))
            await children.stop(["issuer", "mailbox"])


class _Start:
    """Brings up, beside Kafka and Postgres, what is needed, each as early as it can be."""

    def __init__(self, state: Path, children: Children, report: Report, kafka: str, postgres: str) -> None:
        self._state, self._children, self._report, self._postgres = state, children, report, postgres
        self._passwords = kept_passwords(state, list(SERVICES))
        self._addresses = Addresses(os.getpid(), "", "", "", kafka, host_port(postgres))

    async def all(self) -> Addresses:
        work = [self._database(), self._topics(), self._issuer(), self._mailbox()]
        _, _, issuer, (mailbox, smtp) = await together(*work)
        self._addresses = replace(self._addresses, issuer=issuer, mailbox=mailbox, smtp=smtp)
        found = await together(*(self._service(name, number) for number, name in enumerate(SERVICES)))
        self._addresses = replace(self._addresses, services=dict(zip(SERVICES, found, strict=True)))
        self._addresses.keep(self._state)
        await together(*(self._ready(*service) for service in self._addresses.services.items()))
        return self._addresses

    async def _database(self) -> None:
        await prepare_database(self._postgres, list(SERVICES), self._passwords, DATABASE)
        await together(*(migrate_schema(self._owner(name), name) for name in SERVICES))
        self._report("the database is migrated", 1.0)

    def _owner(self, name: str) -> str:
        return dsn(self._addresses.postgres, f"{name}_owner", self._passwords[f"{name}_owner"])

    async def _topics(self) -> None:
        await Topics(self._addresses.kafka, os.environ.get("ENTENTE_TOPIC_PREFIX", "")).make()
        self._report("the topics are there", 1.0)

    async def _issuer(self) -> str:
        ports = await self._children.start("issuer", {"http": ISSUER_PORT}, _issuer_variables, DISCOVERY_PATH)
        return f"http://127.0.0.1:{ports['http']}"

    async def _mailbox(self) -> tuple[str, str]:
        wanted = {"http": MAILBOX_PORT, "smtp": SMTP_PORT}
        ports = await self._children.start("mailbox", wanted, _mailbox_variables, "/mails")
        return f"http://127.0.0.1:{ports['http']}", f"127.0.0.1:{ports['smtp']}"

    async def _service(self, name: str, number: int) -> str:
        variables = partial(self._service_variables, name)
        ports = await self._children.start(name, {"http": FIRST_PORT + number}, variables, "/health/live")
        return f"http://127.0.0.1:{ports['http']}"

    def _service_variables(self, name: str, ports: Mapping[str, int]) -> dict[str, str]:
        # Its own password and no other: a service cannot enter another's schema.
        own = {f"{name}_service": self._passwords[f"{name}_service"]}
        return {**self._addresses.environment(), **password_variables(own), **_http(ports)}

    async def _ready(self, name: str, address: str) -> None:
        reasons = await until_ready(address)
        self._report(f"{name} is not ready: {'; '.join(reasons)}" if reasons else f"{name} is ready", 1.0)


def _http(ports: Mapping[str, int]) -> dict[str, str]:
    return {"ENTENTE_HTTP": f"127.0.0.1:{ports['http']}"}


def _issuer_variables(ports: Mapping[str, int]) -> dict[str, str]:
    return _development() | _http(ports) | {"ENTENTE_ISSUER_ADDRESS": f"http://127.0.0.1:{ports['http']}"}


def _mailbox_variables(ports: Mapping[str, int]) -> dict[str, str]:
    return _development() | _http(ports) | {"ENTENTE_SMTP": f"127.0.0.1:{ports['smtp']}"}


def _development() -> dict[str, str]:
    variables = Addresses(0, "", "", "", "127.0.0.1:0", "127.0.0.1:0").environment()
    return {name: variables[name] for name in ("ENTENTE_ISSUER", "ENTENTE_DEVELOPMENT")}
