"""The base class of the embedded Kafka and Postgres: a port, a process, and a check that it answers."""

import asyncio
from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from pathlib import Path

from local.ports import free_port, is_free
from local.process_registry import Registry
from local.processes import Failed, Supervised

Report = Callable[[str, float | None], None]
"""Called in the event loop with a progress message and, if known, the share done (0 to 1)."""

START_PATIENCE = 90.0
POLL = 0.05


class NotReady(Exception):
    """A server runs but does not answer."""

    def __init__(self, name: str, log: Path) -> None:
        super().__init__(f"{name} did not answer within {START_PATIENCE:.0f} s. Its log is {log}.")


class EmbeddedServer(ABC):
    """One embedded server. It can start and stop any number of times, and keeps its port and data."""

    name: str

    def __init__(
        self,
        registry: Registry,
        wanted_port: int,
        report: Report,
        exited: Callable[["EmbeddedServer", int], None] | None = None,
    ) -> None:
        self.registry = registry
        self.folder = registry.state / self.name
        self.log = self.folder / f"{self.name}.log"
        self.port = wanted_port
        self.report = report
        self._exited = exited
        self._settled = False
        self._process: Supervised | None = None

    @property
    @abstractmethod
    def address(self) -> str:
        """The address its clients connect to."""

    @property
    def ports(self) -> Sequence[int]:
        """The ports it listens on."""
        return [self.port]

    @property
    def running(self) -> bool:
        """Whether its process is running."""
        return self._process is not None and self._process.running

    @property
    def pid(self) -> int:
        """Its process id; 0 if it was never started."""
        return self._process.pid if self._process else 0

    async def start(self) -> None:
        """Start it and return when it answers. The first start takes the next free port; later ones reuse it.

        Raises:
            Failed: it ended before it was ready; the log says why.
            NotReady: it did not answer in time.
        """
        await self.prepare()
        for attempt in (1, 2, 3):
            if not self._settled:
                self.port = free_port(self.port)
            try:
                await self._start_once()
            except Failed:
                if self._settled or attempt == 3 or all(map(is_free, self.ports)):
                    raise
                continue  # another program took a port after we checked it
            self._settled = True
            return

    async def stop(self) -> None:
        """Shut it down cleanly; kill it if that takes too long."""
        if self._process:
            await self._process.stop()

    async def kill(self) -> None:
        """End it at once, like `kill -9`."""
        if self._process:
            await self._process.kill()

    def pause(self) -> None:
        """Suspend it, as if the machine hung."""
        if self._process:
            self._process.pause()

    def resume(self) -> None:
        """Resume it after `pause`."""
        if self._process:
            self._process.resume()

    async def wait(self) -> int:
        """Wait until it ends and return its exit status."""
        if self._process is None:
            raise RuntimeError(f"{self.name} was not started.")
        return await self._process.wait()

    @abstractmethod
    async def prepare(self) -> None:
        """Download and format what it needs before it starts. Quick if nothing is missing."""

    @abstractmethod
    def process(self) -> Supervised:
        """Return a process for the current port, not started yet."""

    @abstractmethod
    async def answers(self) -> bool:
        """Whether it answers now; another server on its port does not count."""

    async def _start_once(self) -> None:
        self._process = self.process()
        await self._process.start()
        try:
            await self._until_ready(self._process)
        except BaseException:
            await self._process.kill()
            raise
        self._process.exited = self._report_end
        self.report(f"{self.name} is ready", 1.0)

    async def _until_ready(self, process: Supervised) -> None:
        deadline = asyncio.get_running_loop().time() + START_PATIENCE
        while asyncio.get_running_loop().time() < deadline:
            if not process.running:
                raise Failed(self.name, await process.wait(), self.log)
            if await self.answers():
                return
            await asyncio.sleep(POLL)
        raise NotReady(self.name, self.log)

    def _report_end(self, _: Supervised, code: int) -> None:
        if self._exited:
            self._exited(self, code)
