"""The child processes of `entente up`: one for each service, the issuer and the mailbox, each on ports of its own."""

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
"""Seconds to wait for a process to answer."""
SETTLING = 30.0
"""Seconds to wait for a service that answers to become ready."""
TRIES = 5

Output = Callable[[str, str], None]
"""Called in the event loop with the name of a process and a line of its output."""
Environment = Callable[[Mapping[str, int]], dict[str, str]]
"""Makes a process's environment variables from its ports."""


class ServiceProcesses:
    """Starts and stops the processes; hands one that ends unexpectedly to the restarter."""

    def __init__(self, registry: Registry, restarter: Restarter, report: Report, output: Output | None) -> None:
        self.processes: dict[str, Supervised] = {}
        self._registry, self._restarter, self._report, self._output = registry, restarter, report, output
        self._ports: set[int] = set()

    async def start(self, name: str, wanted: Mapping[str, int], environment: Environment, path: str) -> dict[str, int]:
        """Start `entente serve NAME`, wait until it answers at `path` on its port `http`, and return its ports.

        Each port is the wanted one or the next free one. Raises CommandError if the process does not answer in time.
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
            asked = ports  # another program took one after we checked it
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
        return f"{name} {ending}" + ("" if self._output else f". See its log: {self._log(name)}")

    async def stop(self, names: Sequence[str]) -> None:
        """Stop these processes, all at once."""
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
    """Wait until a service is ready. Return [], or the reasons if it is not ready within `SETTLING` seconds."""
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
    """Return an HTTP client for this machine. It ignores proxies from the environment."""
    return httpx2.AsyncClient(trust_env=False, timeout=5)


async def gather_or_cancel(*work: Coroutine[Any, Any, Any]) -> list[Any]:
    """Run all at once and return their results. If one fails, cancel the others and raise its exception."""
    tasks = [asyncio.create_task(one) for one in work]
    try:
        return await asyncio.gather(*tasks)
    except BaseException:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        raise
