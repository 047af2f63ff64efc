"""Starts the whole installation on this machine: Kafka, Postgres, issuer, mailbox, services."""

import os
from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from local import Report, Supervised, embedded_servers
from local.installation import DATABASE, Addresses, dsn, forget_addresses, host_port, kept_passwords, password_variables
from local.restarts import Restarter
from local.service_processes import Output, ServiceProcesses, gather_or_cancel, until_ready
from local.wanted_ports import FIRST_PORT, ISSUER_PORT, KAFKA_PORT, MAILBOX_PORT, POSTGRES_PORT, SMTP_PORT
from services import SERVICES, migrations_of
from shared.contracts import load_all
from shared.database.migrations import prepare_database
from shared.database.schema import migrate_schema
from shared.http.identity.keys import DISCOVERY_PATH
from shared.kafka_admin.topics import Topics

STEPS = 2 + 2 + 2 + 2 * len(SERVICES)
"""Progress steps: Kafka, Postgres; database, topics; issuer, mailbox; and two per service, answering and ready."""


@dataclass(frozen=True)
class RunningInstallation:
    """A running installation.

    Attributes:
        services: base URL of each service, by name.
        issuer: base URL of the development issuer; the people in `people.yaml` in `state` can sign in.
        mailbox: base URL of the development mailbox.
        kafka: host:port.
        postgres: the superuser's DSN.
        state: the folder with all its data.
        processes: issuer, mailbox and services by name, so that tests can stop, kill, pause and restart them.
    """

    services: dict[str, str]
    issuer: str
    mailbox: str
    kafka: str
    postgres: str
    state: Path
    processes: dict[str, Supervised]


@asynccontextmanager
async def running_installation(
    state: Path, *, report: Report, output: Output | None = None
) -> AsyncGenerator[RunningInstallation]:
    """Run the whole installation until the block ends, and restart processes that end in between.

    Enter it from the main thread. `output` gets each service's name and lines of output; without it they go to
    `state`/NAME/NAME.log.

    Raises:
        StateHeld: another run holds the state folder.
        CommandError, Failed, NotReady, JarUnavailable, WrongSum, MigrationFailed: something failed to start.
    """
    restarter = Restarter(report)
    async with embedded_servers(
        state, kafka_port=KAFKA_PORT, postgres_port=POSTGRES_PORT, report=report, exited=restarter.server_ended
    ) as parts:
        children = ServiceProcesses(parts.registry, restarter, report, output)
        start = _Start(parts.registry.state, children, report, parts.kafka, parts.postgres)
        try:
            addresses = await start.all()
            yield RunningInstallation(
                addresses.services, addresses.issuer, addresses.mailbox, parts.kafka, parts.postgres,
                parts.registry.state, children.processes,
            )  # fmt: skip
        finally:
            forget_addresses(parts.registry.state)
            await restarter.close()
            await children.stop(list(SERVICES))
            await children.stop(["issuer", "mailbox"])


class _Start:
    """Once Kafka and Postgres run, starts everything else, each as early as possible."""

    def __init__(self, state: Path, children: ServiceProcesses, report: Report, kafka: str, postgres: str) -> None:
        self._state, self._children, self._report, self._postgres = state, children, report, postgres
        self._passwords = kept_passwords(state, list(SERVICES))
        self._addresses = Addresses(os.getpid(), "", "", "", kafka, host_port(postgres))

    async def all(self) -> Addresses:
        work = [self._database(), self._topics(), self._issuer(), self._mailbox()]
        _, _, issuer, (mailbox, smtp) = await gather_or_cancel(*work)
        self._addresses = replace(self._addresses, issuer=issuer, mailbox=mailbox, smtp=smtp)
        found = await gather_or_cancel(*(self._service(name, number) for number, name in enumerate(SERVICES)))
        self._addresses = replace(self._addresses, services=dict(zip(SERVICES, found, strict=True)))
        self._addresses.keep(self._state)
        await gather_or_cancel(*(self._ready(*service) for service in self._addresses.services.items()))
        return self._addresses

    async def _database(self) -> None:
        await prepare_database(self._postgres, list(SERVICES), self._passwords, DATABASE)
        await gather_or_cancel(*(migrate_schema(self._owner(name), name, migrations_of(name)) for name in SERVICES))
        self._report("the database is migrated", 1.0)

    def _owner(self, name: str) -> str:
        return dsn(self._addresses.postgres, f"{name}_owner", self._passwords[f"{name}_owner"])

    async def _topics(self) -> None:
        await Topics(self._addresses.kafka, load_all().values(), os.environ.get("ENTENTE_TOPIC_PREFIX", "")).make()
        self._report("the topics exist", 1.0)

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
        # Its own password only, so that a service cannot read another's schema.
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
