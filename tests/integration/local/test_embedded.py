"""The embedded Kafka and Postgres start, stop, fail and recover as real ones do."""

import asyncio
import os
import signal
import socket
import subprocess
import sys
import uuid
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import asyncpg
import psutil
import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer
from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from aiokafka.structs import TopicPartition

from local import EmbeddedServers, Kafka, Registry, Supervised, embedded_servers, held, remove_state
from local.ports import EPHEMERAL, NoPortFree, free_port
from tests.harness.parts import ROOT

RUN = """
import asyncio, sys
from pathlib import Path
from local import embedded_servers

async def main():
    async with embedded_servers(Path(sys.argv[1]), kafka_port=26092, postgres_port=26432, durable=False) as parts:
        print(parts.kafka_process.pid, parts.postgres_process.pid, flush=True)
        await asyncio.Event().wait()

asyncio.run(main())
"""


@pytest.fixture(scope="module")
def state(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A state folder whose path has a space, as that of a checkout may have."""
    folder = tmp_path_factory.mktemp("a checkout") / ".entente"
    yield folder
    remove_state(folder)


@pytest.fixture(scope="module")
async def parts(state: Path) -> AsyncIterator[EmbeddedServers]:
    async with embedded_servers(state, kafka_port=26092, postgres_port=26432, durable=False) as running:
        yield running


async def publish(parts: EmbeddedServers, topic: str, value: bytes) -> None:
    producer = AIOKafkaProducer(bootstrap_servers=parts.kafka, acks="all")
    await producer.start()
    try:
        await producer.send_and_wait(topic, value, partition=0)
    finally:
        await producer.stop()


async def read(parts: EmbeddedServers, topic: str, count: int) -> list[bytes | None]:
    consumer = AIOKafkaConsumer(bootstrap_servers=parts.kafka, auto_offset_reset="earliest")
    await consumer.start()
    try:
        consumer.assign([TopicPartition(topic, 0)])
        return [(await asyncio.wait_for(consumer.getone(), 120)).value for _ in range(count)]
    finally:
        await consumer.stop()


async def make_topic(parts: EmbeddedServers, topic: str) -> None:
    admin = AIOKafkaAdminClient(bootstrap_servers=parts.kafka)
    await admin.start()
    try:
        await admin.create_topics([NewTopic(topic, 1, 1)])
    finally:
        await admin.close()


async def ask(parts: EmbeddedServers, sql: str) -> object:
    connection = await asyncpg.connect(parts.postgres)
    try:
        return await connection.fetchval(sql)
    finally:
        await connection.close()


async def test_any_cluster_id_is_accepted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A random cluster id that starts with a hyphen, as one in 64 does, is not read as an option."""
    monkeypatch.setattr(uuid, "uuid4", lambda: uuid.UUID(bytes=b"\xf8" * 16))
    kafka = Kafka(Registry(tmp_path), 26292, lambda text, share: None)

    await kafka.prepare()

    assert (kafka.folder / "cluster").read_text().startswith("-")
    assert (kafka.data / "meta.properties").exists()


async def test_kafka_keeps_its_records_after_a_stop(parts: EmbeddedServers) -> None:
    """After a stop and a start, the broker has the same address and its records."""
    await make_topic(parts, "stopped")
    await publish(parts, "stopped", b"before")

    await parts.kafka_process.stop()
    assert not parts.kafka_process.running
    await parts.kafka_process.start()
    await publish(parts, "stopped", b"after")

    assert parts.kafka_process.address == parts.kafka
    assert await read(parts, "stopped", 2) == [b"before", b"after"]


async def test_kafka_keeps_its_records_after_a_kill(parts: EmbeddedServers) -> None:
    """After a kill and a start, the broker has its records."""
    await make_topic(parts, "killed")
    await publish(parts, "killed", b"before")

    await parts.kafka_process.kill()
    await parts.kafka_process.start()

    assert await read(parts, "killed", 1) == [b"before"]


async def test_kafka_does_not_create_topics_automatically(parts: EmbeddedServers) -> None:
    """Asking for a missing topic does not create it."""
    admin = AIOKafkaAdminClient(bootstrap_servers=parts.kafka)
    await admin.start()
    try:
        await admin.describe_topics(["never-created"])
        assert "never-created" not in await admin.list_topics()
    finally:
        await admin.close()


async def test_postgres_keeps_its_rows_after_a_kill(parts: EmbeddedServers) -> None:
    """After a kill with an open connection and a start, the server has the committed row."""
    connection = await asyncpg.connect(parts.postgres)
    await connection.execute("create table killed as select 7 as number")

    await parts.postgres_process.kill()
    await parts.postgres_process.start()

    assert await ask(parts, "select number from killed") == 7
    connection.terminate()


async def test_postgres_requires_its_password(parts: EmbeddedServers) -> None:
    """Nobody can sign in without the password, which only its owner can read."""
    with pytest.raises(asyncpg.InvalidPasswordError):
        await asyncpg.connect(
            parts.postgres.replace("postgres:", "postgres:x", 2).replace("postgresql:x", "postgresql:")
        )

    assert (parts.registry.state / "postgres.password").stat().st_mode & 0o777 == 0o600


async def test_a_paused_part_does_not_answer_until_it_is_resumed(parts: EmbeddedServers) -> None:
    """While Postgres is paused connections hang; once resumed it answers again."""
    parts.postgres_process.pause()
    try:
        with pytest.raises(TimeoutError):
            await asyncpg.connect(parts.postgres, timeout=0.5)
    finally:
        parts.postgres_process.resume()

    assert await ask(parts, "select 1") == 1


async def test_the_parts_listen_on_loopback_only(parts: EmbeddedServers) -> None:
    """They listen on 127.0.0.1, on ports below the ephemeral range."""
    pids = (parts.kafka_process.pid, parts.postgres_process.pid)
    listening = [
        c.laddr for pid in pids for c in psutil.Process(pid).net_connections() if c.status == psutil.CONN_LISTEN
    ]

    assert {address.ip.removeprefix("::ffff:") for address in listening} == {"127.0.0.1"}
    assert len(listening) == 3
    assert max(address.port for address in listening) < EPHEMERAL


async def test_a_second_run_on_one_state_folder_is_refused(parts: EmbeddedServers) -> None:
    """The error names the process that holds the folder."""
    words = [sys.executable, "-c", RUN, str(parts.registry.state)]
    second = await asyncio.to_thread(subprocess.run, words, cwd=ROOT, capture_output=True, text=True, timeout=120)

    assert f"StateHeld: Another run (process {os.getpid()}) holds {parts.registry.state}" in second.stderr.replace(
        "local.state_folder.", ""
    )


async def test_a_killed_run_does_not_block_the_next(tmp_path: Path) -> None:
    """After `kill -9` of a run its Kafka and Postgres end, and the next run starts."""
    words = [sys.executable, "-c", RUN, str(tmp_path / "a state")]
    children: list[int] = []
    for _ in range(2):
        run = await asyncio.create_subprocess_exec(*words, cwd=ROOT, stdout=asyncio.subprocess.PIPE)
        assert run.stdout
        children += map(int, (await run.stdout.readline()).split())
        run.kill()
        await run.wait()

    async with embedded_servers(tmp_path / "a state", kafka_port=26092, postgres_port=26432, durable=False) as parts:
        assert len(children) == 4
        assert [pid for pid in children if psutil.pid_exists(pid)] == []
        assert await ask(parts, "select 1") == 1
    remove_state(tmp_path / "a state")


async def test_orphans_are_ended_without_the_kernels_help(tmp_path: Path) -> None:
    """The next start ends a child that outlived its run; it spares an unrelated process with a reused id."""
    registry, other = Registry(tmp_path), Registry(tmp_path / "other")
    left = Supervised("left", [sys.executable, "-c", "import time; time.sleep(60)"], registry)
    foreign = Supervised("foreign", ["sleep", "60"], other)
    await left.start()
    await foreign.start()
    registry.record("foreign", foreign.pid, signal.SIGTERM)

    ended = await asyncio.to_thread(registry.end_leftovers)

    assert ended == ["left"]
    await left.wait()
    assert not psutil.pid_exists(left.pid)
    assert foreign.running
    await foreign.stop()


async def test_a_child_that_ignores_the_stop_signal_is_killed_with_its_descendants(tmp_path: Path) -> None:
    """It is killed at the timeout, along with its own children."""
    script = "trap '' TERM; sleep 60 & echo $!; wait; wait"
    lines: asyncio.Queue[str] = asyncio.Queue()
    child = Supervised("deaf", ["sh", "-c", script], Registry(tmp_path), output=lines.put_nowait, patience=0.3)
    await child.start()
    grandchild = int(await asyncio.wait_for(lines.get(), 60))

    await child.stop()

    assert await child.wait() == -signal.SIGKILL
    assert not psutil.pid_exists(grandchild)


async def test_only_an_unexpected_exit_is_reported(tmp_path: Path) -> None:
    """A supervisor gets the exit status of a child that ends by itself, and nothing for one it stopped."""
    exits: list[tuple[str, int]] = []

    def record(child: Supervised, code: int) -> None:
        exits.append((child.name, code))

    dying = Supervised("dying", ["sh", "-c", "exit 3"], Registry(tmp_path), exited=record)
    stopped = Supervised("stopped", ["sleep", "60"], Registry(tmp_path), exited=record)
    for child in (dying, stopped):
        await child.start()
    await dying.wait()
    await stopped.stop()

    assert exits == [("dying", 3)]


async def test_output_arrives_line_by_line(tmp_path: Path) -> None:
    """A child's output arrives in order and as text."""
    lines: list[str] = []
    child = Supervised("talking", ["printf", "one\n二\nthree"], Registry(tmp_path), output=lines.append)

    await child.finish()
    async with asyncio.timeout(60):
        while len(lines) < 3:  # noqa: ASYNC110
            await asyncio.sleep(0.01)

    assert lines == ["one", "二", "three"]


def test_a_taken_port_is_replaced_by_the_next() -> None:
    """If the wanted port is taken the next free one is used, but never one in the ephemeral range."""
    with socket.socket() as taken:
        taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        taken.bind(("127.0.0.1", 27500))
        taken.listen()

        assert 27500 < free_port(27500) < 27600
    with pytest.raises(NoPortFree):
        free_port(EPHEMERAL)


def test_the_hold_ends_with_its_block(tmp_path: Path) -> None:
    """A state folder can be held again once it is released."""
    with held(tmp_path):
        pass
    with held(tmp_path):
        holder = (tmp_path / "holder").read_text()

    assert holder == str(os.getpid())
