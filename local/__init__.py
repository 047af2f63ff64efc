"""The embedded installation: real Kafka and Postgres without containers, supervised processes, issuer, mailbox."""

import asyncio
import shutil
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from local.embedded_server import EmbeddedServer, NotReady, Report
from local.kafka import Kafka
from local.postgres import Postgres
from local.process_registry import Registry
from local.processes import Failed, Supervised, stop_in_reverse
from local.running_as_root import delete_data
from local.state_folder import StateHeld, held, holder_of, is_held

__all__ = [
    "EmbeddedServer",
    "EmbeddedServers",
    "Failed",
    "Kafka",
    "NotReady",
    "Postgres",
    "Registry",
    "Report",
    "StateHeld",
    "Supervised",
    "embedded_servers",
    "held",
    "holder_of",
    "is_held",
    "remove_state",
    "stop_in_reverse",
]


@dataclass(frozen=True)
class EmbeddedServers:
    """The running parts.

    Attributes:
        kafka: bootstrap server.
        postgres: the superuser's DSN.
        kafka_process: the broker, to stop, kill, pause and start again on its own.
        postgres_process: the same for Postgres.
        registry: for further children of the same run, so that the next start ends them too.
    """

    kafka: str
    postgres: str
    kafka_process: Kafka
    postgres_process: Postgres
    registry: Registry


@asynccontextmanager
async def embedded_servers(
    state: Path,
    *,
    kafka_port: int = 19092,
    postgres_port: int = 15432,
    durable: bool = True,
    report: Report = lambda text, share: None,
    exited: Callable[[EmbeddedServer, int], None] | None = None,
) -> AsyncGenerator[EmbeddedServers]:
    """Hold the state folder, end what a killed run left, and run Kafka and Postgres there until the block ends.

    Enter it from the main thread. Not durable means that a machine that loses power loses data: for tests.

    Raises:
        StateHeld: another run holds the state folder.
        Failed, NotReady: a part did not start; its log says why.
        JarUnavailable, WrongSum: Kafka could not be fetched.
    """
    registry = Registry(state)
    kafka = Kafka(registry, kafka_port, report, exited)
    postgres = Postgres(registry, postgres_port, report, exited, durable=durable)
    with held(registry.state):
        await asyncio.to_thread(registry.end_leftovers)
        try:
            await _start_both(kafka, postgres)
            yield EmbeddedServers(kafka.address, postgres.address, kafka, postgres, registry)
        finally:
            await asyncio.gather(kafka.stop(), postgres.stop())


async def _start_both(kafka: Kafka, postgres: Postgres) -> None:
    starts = [asyncio.create_task(part.start()) for part in (kafka, postgres)]
    try:
        await asyncio.gather(*starts)
    except BaseException:
        for start in starts:
            start.cancel()
        await asyncio.gather(*starts, return_exceptions=True)
        raise


def remove_state(state: Path) -> None:
    """End what a killed run left, and delete the state folder with all data; blocking.

    Raises:
        StateHeld: a run holds it.
    """
    if not state.exists():
        return
    with held(state):
        Registry(state).end_leftovers()
        delete_data(state)
        shutil.rmtree(state)
