"""Starts Kafka and Postgres, embedded or as containers, once for all workers, with a template database."""

import asyncio
import contextlib
import os
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from local import EmbeddedServers, StateHeld, embedded_servers, remove_state
from services import SERVICES, migrations_of
from shared.database.migrations import KINDS, migrate, prepare_database
from tests.harness.containers import contained_parts

ROOT = Path(__file__).parents[2]
EMBEDDED = "embedded"
TEMPLATE = "entente_template"
PASSWORD = "only-for-tests"
PASSWORDS = {f"{service}_{kind}": PASSWORD for service in SERVICES for kind in KINDS}


@dataclass(frozen=True)
class Addresses:
    """The addresses of Kafka and Postgres in this run: `kafka` is host:port, `postgres` the superuser's DSN."""

    kafka: str
    postgres: str

    @property
    def postgres_address(self) -> str:
        """host:port of Postgres."""
        return self.postgres.split("@", 1)[1].split("/", 1)[0]

    def as_input(self) -> dict[str, str]:
        """The addresses in the form that xdist passes to its workers."""
        return asdict(self)


class RunningParts:
    """The parts during a test run; has its own event loop, because pytest's hooks are not asynchronous."""

    def __init__(self) -> None:
        self._loop = asyncio.new_event_loop()
        self._stack = contextlib.AsyncExitStack()
        self._state: Path | None = None

    def start(self) -> Addresses:
        """Starts both parts and migrates the template database."""
        return self._loop.run_until_complete(self._start())

    def stop(self) -> None:
        """Stops both parts and deletes their state."""
        self._loop.run_until_complete(self._stack.aclose())
        self._loop.close()
        if self._state is not None:
            remove_state(self._state)

    async def _start(self) -> Addresses:
        if os.environ.get("ENTENTE_TEST_PARTS", EMBEDDED) == EMBEDDED:
            parts = await self._enter()
            addresses = Addresses(parts.kafka, parts.postgres)
        else:
            addresses = Addresses(*await self._stack.enter_async_context(contained_parts()))
        await make_template(addresses)
        return addresses

    async def _enter(self) -> EmbeddedServers:
        # Concurrent runs use a folder each; the next run removes what a killed one left.
        for number in range(9):
            self._state = ROOT / ".entente" / f"tests-{number}"
            with contextlib.suppress(StateHeld):
                remove_state(self._state)
                # Lower than the ports of `entente up`, which may run beside the tests.
                running = embedded_servers(self._state, kafka_port=20092, postgres_port=20432, durable=False)
                return await self._stack.enter_async_context(running)
        raise RuntimeError("nine test runs hold their state folders in .entente: wait for one to end")


async def make_template(addresses: Addresses) -> None:
    """Makes the migrated database that each installation copies."""
    await prepare_database(addresses.postgres, list(SERVICES), PASSWORDS, TEMPLATE)
    for service in SERVICES:
        owner = f"postgresql://{service}_owner:{PASSWORD}@{addresses.postgres_address}/{TEMPLATE}"
        await migrate(owner, service, migrations_of(service))


def addresses_of(config: Any) -> Addresses:
    """The addresses that the xdist controller passed to this worker."""
    return Addresses(**config.workerinput["entente_parts"])
