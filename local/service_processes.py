"""The services and development parts of `entente up`: child processes, each on ports that it really got."""

import asyncio
import os
import sys
import time
from collections.abc import Callable, Coroutine, Mapping, Sequence
from pathlib import Path
from typing import Any

import httpx2

from local import Registry, Report, Supervised
from local.errors import CommandError
from local.installation import ROOT
from local.ports import free_port, is_free
from local.restarts import Restarter, describe_exit

PATIENCE = 60.0
"""Seconds until a child answers."""
SETTLING = 30.0
"""Seconds until a service that answers is ready for all of its work."""
TRIES = 5

Output = Callable[[str, str], None]
"""Called in the event loop with the name of a child and a line of its output."""
Environment = Callable[[Mapping[str, int]], dict[str, str]]
"""The variables of a child, of the ports that it was given."""


class ServiceProcesses:
    """Starts children and stops them; one that ends later is started again by the restarter."""

    def __init__(self, registry: Registry, restarter: Restarter, report: Report, output: Output | None) -> None:
        self.processes: dict[str, Supervised] = {}
        self._registry, self._restarter, self._report, self._output = registry, restarter, report, output
        self._ports: set[int] = set()

    async def start(self, name: str, wanted: Mapping[str, int], environment: Environment, path: str) -> dict[str, int]:
        """Starts `entente serve NAME` and returns its ports when it answers at `path` of its port `http`.

        Each port is the wanted one or the next that is free; raises CommandError when it does not come up.
        """
        asked = dict(wanted)
        for _ in range(TRIES):
            ports = {use: self._take(port) for use, port in asked.items()}
            process = self.processes[name] = self._process(name, environment(ports))
            await process.start()
            if await _answers(process, f"http://127.0.0.1:{ports['http']}{path}"):
                process.exited = self._restarter.child_ended
                self._report(f"{name} answers", 1.0)
                return ports
            if process.running or all(map(is_free, ports.values())):
                break
            asked = ports  # somebody took one between our look and its bind
        raise CommandError(await self._why(name))

    def _take(self, wanted: int) -> int:
        port = free_port(wanted)
        while port in self._ports:
            port = free_port(port + 1)
        self._ports.add(port)
        return port

    def _process(self, name: str, environment: dict[str, str]) -> Supervised:
        output = self._output
        return Supervised(
            name,
            [sys.executable, "-m", "cli", "serve", name],
            self._registry,
            environment={"ENTENTE_LOG_JSON": os.environ.get("ENTENTE_LOG_JSON", "0"), **environment},
            folder=ROOT,
            output=None if output is None else lambda line: output(name, line),
            log=self._log(name),
        )

    def _log(self, name: str) -> Path:
        return self._registry.state / name / f"{name}.log"

    async def _why(self, name: str) -> str:
        process = self.processes[name]
        ending = f"did not answer within {PATIENCE:.0f} s"
        if not process.running:
            ending = describe_exit(await process.wait())
        return f"{name} {ending}" + ("" if self._output else f"; its log is {self._log(name)}")

    async def stop(self, names: Sequence[str]) -> None:
        """Stops these children, all at once."""
        await asyncio.gather(*(self.processes[name].stop() for name in names if name in self.processes))


async def _answers(process: Supervised, address: str) -> bool:
    deadline = time.monotonic() + PATIENCE
    async with local_client() as client:
        while process.running and time.monotonic() < deadline:
            try:
                if (await client.get(address)).is_success:
                    return True
            except httpx2.TransportError:
                await asyncio.sleep(0.05)
    return False


async def until_ready(address: str) -> list[str]:
    """Waits until a service is ready; returns why it is not, where it is not within `SETTLING` seconds."""
    deadline = time.monotonic() + SETTLING
    async with local_client() as client:
        while True:
            found = await _look(client, address)
            if found["status"] == "ready" or time.monotonic() > deadline:
                return found["reasons"]
            await asyncio.sleep(0.05)


async def _look(client: httpx2.AsyncClient, address: str) -> dict[str, Any]:
    try:
        return (await client.get(f"{address}/health/ready")).json()
    except (httpx2.TransportError, ValueError) as problem:
        return {"status": "away", "reasons": [f"it does not answer ({type(problem).__name__})"]}


def local_client() -> httpx2.AsyncClient:
    """A client for addresses of this machine: a proxy of the environment is for the outside."""
    return httpx2.AsyncClient(trust_env=False, timeout=5)


async def gather_or_cancel(*work: Coroutine[Any, Any, Any]) -> list[Any]:
    """The results of all, done at once; the first that fails ends the others and is raised."""
    tasks = [asyncio.create_task(one) for one in work]
    try:
        return await asyncio.gather(*tasks)
    except BaseException:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        raise
