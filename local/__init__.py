"""The embedded installation: a real Kafka and Postgres without containers, service processes, issuer and mailbox."""

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
    """The running Kafka and Postgres.

    Attributes:
        kafka: the bootstrap server.
        postgres: the superuser's DSN.
        kafka_process: the broker, so that tests can stop, kill, pause and restart it.
        postgres_process: the same for Postgres.
        registry: record further child processes of this run here, so that the next start ends them if they are left.
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
    """Hold the state folder, end leftovers of a killed run, and run Kafka and Postgres there until the block ends.

    Enter it from the main thread. Without `durable`, a power failure loses data: use that for tests only.

    Raises:
        StateHeld: another run holds the state folder.
        Failed, NotReady: a server did not start; its log says why.
        JarUnavailable, WrongSum: Kafka could not be downloaded.
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
    """End leftovers of a killed run and delete the state folder with all data. Blocks.

    Raises:
        StateHeld: a run holds the folder.
    """
    if not state.exists():
        return
    with held(state):
        Registry(state).end_leftovers()
        delete_data(state)
        shutil.rmtree(state)
