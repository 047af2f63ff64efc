"""What the embedded Kafka and Postgres have in common: a port, a process, and a moment when they are ready."""

import asyncio
from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from pathlib import Path

from local.ports import free_port, is_free
from local.process_registry import Registry
from local.processes import Failed, Supervised

Report = Callable[[str, float | None], None]
"""Called in the event loop with what is going on and, where it is known, the share that is done (0 to 1)."""

START_PATIENCE = 90.0
POLL = 0.05


class NotReady(Exception):
    """A part runs but does not answer."""

    def __init__(self, name: str, log: Path) -> None:
        super().__init__(f"{name} did not answer within {START_PATIENCE:.0f} s; its log is {log}.")


class EmbeddedServer(ABC):
    """One embedded part: started and stopped any number of times, on the same port and data."""

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
        """Where its clients find it."""

    @property
    def ports(self) -> Sequence[int]:
        """The ports that it listens on."""
        return [self.port]

    @property
    def running(self) -> bool:
        """Whether its process runs."""
        return self._process is not None and self._process.running

    @property
    def pid(self) -> int:
        """Its process id; 0 when it was never started."""
        return self._process.pid if self._process else 0

    async def start(self) -> None:
        """Start it and return when it answers; the first time on the next free port, later on the same.

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
                continue  # somebody took a port between our look and its bind
            self._settled = True
            return

    async def stop(self) -> None:
        """Let it finish its work and end; kill it when it does not in time."""
        if self._process:
            await self._process.stop()

    async def kill(self) -> None:
        """End it at once, as `kill -9` does."""
        if self._process:
            await self._process.kill()

    def pause(self) -> None:
        """Hold it where it is, as on a machine that hangs."""
        if self._process:
            self._process.pause()

    def resume(self) -> None:
        """Let it go on after `pause`."""
        if self._process:
            self._process.resume()

    async def wait(self) -> int:
        """Wait for its end and return its status."""
        if self._process is None:
            raise RuntimeError(f"{self.name} was not started.")
        return await self._process.wait()

    @abstractmethod
    async def prepare(self) -> None:
        """Make what it needs before it starts: files fetched, folders formatted. Quick when all is there."""

    @abstractmethod
    def process(self) -> Supervised:
        """Return its process for the present port, not started."""

    @abstractmethod
    async def answers(self) -> bool:
        """Whether it, and no other server on its port, answers now."""

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
