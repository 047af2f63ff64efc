"""Kafka and Postgres as containers of the official images: `make test PARTS=containers`."""

import asyncio
import time
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any

import asyncpg
from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.errors import KafkaError
from docker.errors import DockerException
from testcontainers.core.container import DockerContainer

from local.ports import free_port

POSTGRES, KAFKA = "postgres:18", "apache/kafka:4.1.1"
PASSWORD = "only-for-tests"
PATIENCE = 90.0
"""How long a container may take to answer, in seconds."""
INITDB = "--locale-provider=builtin --builtin-locale=C.UTF-8 --locale=C.UTF-8 --encoding=UTF8"
# Containers live no longer than the run, so nothing has to survive a crash of the machine.
NOT_DURABLE = ["fsync=off", "full_page_writes=off", "max_connections=300"]


class NoContainers(Exception):
    """Docker does not answer, or lacks the image; the message says what to do."""


@asynccontextmanager
async def contained_parts() -> AsyncGenerator[tuple[str, str]]:
    """Runs Kafka and Postgres on 127.0.0.1 until the block ends; yields Kafka's host:port and the superuser's DSN.

    Raises NoContainers.
    """
    async with AsyncExitStack() as stack:
        kafka_port, postgres_port = free_port(20092), free_port(20432)
        await _run(stack, _kafka(kafka_port))
        await _run(stack, _postgres(postgres_port))
        kafka, dsn = f"127.0.0.1:{kafka_port}", f"postgresql://postgres:{PASSWORD}@127.0.0.1:{postgres_port}/postgres"
        await _until_answered(lambda: _ask_kafka(kafka), KAFKA)
        await _until_answered(lambda: _ask_postgres(dsn), POSTGRES)
        yield kafka, dsn


async def _run(stack: AsyncExitStack, make: Callable[[], DockerContainer]) -> None:
    try:
        container = await asyncio.to_thread(lambda: make().start())
    except DockerException as problem:
        raise NoContainers(
            f"PARTS=containers needs Docker and the images {POSTGRES} and {KAFKA}; without it `make test` runs embedded"
            f" parts ({type(problem).__name__}: {problem})"
        ) from problem
    stack.push_async_callback(asyncio.to_thread, container.stop)


def _kafka(port: int) -> Callable[[], DockerContainer]:
    # Kafka advertises its address to clients, so the port on this machine is chosen before the start.
    settings = {
        "KAFKA_NODE_ID": "1",
        "KAFKA_PROCESS_ROLES": "broker,controller",
        "KAFKA_LISTENERS": "PLAINTEXT://:9092,CONTROLLER://127.0.0.1:9093",
        "KAFKA_ADVERTISED_LISTENERS": f"PLAINTEXT://127.0.0.1:{port}",
        "KAFKA_LISTENER_SECURITY_PROTOCOL_MAP": "CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT",
        "KAFKA_CONTROLLER_LISTENER_NAMES": "CONTROLLER",
        "KAFKA_CONTROLLER_QUORUM_VOTERS": "1@127.0.0.1:9093",
        "KAFKA_AUTO_CREATE_TOPICS_ENABLE": "false",
        "KAFKA_MESSAGE_MAX_BYTES": "1048588",
        "KAFKA_GROUP_INITIAL_REBALANCE_DELAY_MS": "0",
        "KAFKA_OFFSETS_TOPIC_REPLICATION_FACTOR": "1",
        "KAFKA_OFFSETS_TOPIC_NUM_PARTITIONS": "4",
        "KAFKA_TRANSACTION_STATE_LOG_REPLICATION_FACTOR": "1",
        "KAFKA_TRANSACTION_STATE_LOG_MIN_ISR": "1",
        "KAFKA_SHARE_COORDINATOR_STATE_TOPIC_REPLICATION_FACTOR": "1",
        "KAFKA_SHARE_COORDINATOR_STATE_TOPIC_MIN_ISR": "1",
    }
    return lambda: _on_loopback(DockerContainer(KAFKA).with_envs(**settings), 9092, port)


def _postgres(port: int) -> Callable[[], DockerContainer]:
    options = [word for setting in NOT_DURABLE for word in ("-c", setting)]
    settings = {"POSTGRES_PASSWORD": PASSWORD, "POSTGRES_INITDB_ARGS": INITDB}
    return lambda: _on_loopback(
        DockerContainer(POSTGRES).with_envs(**settings).with_command(["postgres", *options]), 5432, port
    )


def _on_loopback(container: DockerContainer, port: int, here: int) -> DockerContainer:
    # with_bind_ports would publish the port on every address of this machine.
    ports: dict[str, Any] = container.ports
    ports[f"{port}/tcp"] = ("127.0.0.1", here)
    return container


async def _until_answered(ask: Callable[[], Awaitable[None]], what: str) -> None:
    end = time.monotonic() + PATIENCE
    while True:
        try:
            return await ask()
        except (OSError, TimeoutError, KafkaError, asyncpg.PostgresError, asyncpg.InterfaceError) as problem:
            if time.monotonic() > end:
                raise NoContainers(f"{what} did not answer within {PATIENCE:.0f} s ({problem})") from problem
            await asyncio.sleep(0.2)


async def _ask_postgres(dsn: str) -> None:
    await (await asyncpg.connect(dsn, timeout=5)).close()


async def _ask_kafka(bootstrap: str) -> None:
    client = AIOKafkaAdminClient(bootstrap_servers=bootstrap, request_timeout_ms=5_000)
    try:
        await client.start()
        await client.list_topics()
    finally:
        await client.close()
