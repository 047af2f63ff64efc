"""Serve: one process of one service, its API, its worker or both, from start to a clean stop."""

import asyncio
import signal
import socket
from collections.abc import AsyncGenerator, Generator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal

import structlog
import uvicorn
from fastapi import FastAPI
from fastapi_swagger import patch_fastapi
from prometheus_client import CollectorRegistry

from shared.database.pool import open_pool
from shared.directory.actors import DirectoryCopy
from shared.http.identity.caller import Identified
from shared.http.identity.keys import KeySource
from shared.http.identity.tokens import TokenVerifier
from shared.http.operations import add_operations
from shared.http.problems import add_problems
from shared.http.routes import add_routes
from shared.messaging.outbox import Pool, notify
from shared.service.commands import Clock, CommandRunner
from shared.service.health import Health
from shared.service.rows import Service
from shared.service.settings import DEVELOPMENT_ISSUER, SettingsError
from shared.service.worker import Worker
from shared.telemetry.metrics import Metrics
from shared.telemetry.requests import TimeRequests
from shared.telemetry.traces import HTTP_TELEMETRY, configure_traces

Only = Literal["api", "work"]
log = structlog.get_logger()


def utc_now() -> datetime:
    """The clock of production."""
    return datetime.now(UTC)


@dataclass
class Running:
    """A service that runs in this process."""

    app: FastAPI
    pool: Pool
    worker: Worker | None


@asynccontextmanager
async def running(service: Service, *, only: Only | None = None, clock: Clock = utc_now) -> AsyncGenerator[Running]:
    """Runs a service without a server: its application and, unless `only` says otherwise, its worker."""
    settings = service.settings
    async with AsyncExitStack() as stack:
        pool = await open_pool(settings.database_url(service.name), application=f"entente-{service.name}")
        stack.push_async_callback(_close, pool)
        metrics = Metrics(CollectorRegistry())
        workers: list[Worker] = []
        wake = Waker(pool, workers)
        runner = CommandRunner(service, pool, clock, metrics, wake)
        if only != "api":
            workers.append(Worker(service, pool, runner, clock, metrics))
        parts = dict(workers[0].parts) if workers else {}
        keys = KeySource(discovery=settings.issuer_address or settings.issuer)
        if only != "work":
            parts["the identity provider"] = keys
            stack.callback(asyncio.create_task(keys.begin()).cancel)
        health = Health(pool, service, parts)
        verifier = TokenVerifier(settings.issuer, settings.audience, keys)
        app = build_app(service, pool, runner, metrics, health, verifier, api=only != "work")
        for worker in workers:
            stack.push_async_callback(worker.stop)
        if not await health.look_at_schema():
            stack.callback(asyncio.create_task(_begin_later(health, workers)).cancel)
        else:
            _begin(health, workers)
        yield Running(app, pool, workers[0] if workers else None)


def _begin(health: Health, workers: Sequence[Worker]) -> None:
    for worker in workers:
        worker.start(health)


async def _begin_later(health: Health, workers: Sequence[Worker]) -> None:
    await health.until_schema()
    _begin(health, workers)


class Waker:
    """Wakes the relay after a commit: in this process at once, elsewhere by one coalesced NOTIFY."""

    def __init__(self, pool: Pool, workers: list[Worker]) -> None:
        self._pool, self._workers = pool, workers
        self._notifying: asyncio.Task[None] | None = None

    def __call__(self) -> None:
        """Called after each commit that gave events."""
        for worker in self._workers:
            worker.nudge()
        if not self._workers and (self._notifying is None or self._notifying.done()):
            self._notifying = asyncio.create_task(self._notify())

    async def _notify(self) -> None:
        # The poll of the relay is the net below it.
        with suppress(Exception):
            await notify(self._pool)


def build_app(
    service: Service, pool: Pool, runner: CommandRunner, metrics: Metrics, health: Health, verifier: TokenVerifier, *,
    api: bool = True,
) -> FastAPI:  # fmt: skip
    """The HTTP application of a service; without `api` only what operators and machines read."""
    app = FastAPI(
        title=f"Entente {service.name}", version="1", telemetry=HTTP_TELEMETRY,
        docs_url=None, redoc_url=None, swagger_ui_oauth2_redirect_url=None,
    )  # fmt: skip
    # The page /docs with what it is made of: FastAPI's own fetches that from elsewhere, and is blank without a network.
    patch_fastapi(app, redirect_from_root_to_docs=False)
    directory = service.directory or DirectoryCopy
    identified = Identified(pool, verifier, directory, health)
    add_problems(app)
    if api:
        add_routes(app, service, pool, runner, identified)
    add_operations(app, service, pool, identified, metrics, health)
    app.add_middleware(TimeRequests, metrics=metrics)
    return app


async def serve(service: Service, *, only: Only | None = None) -> None:
    """Serves until SIGTERM or SIGINT: then the API stops, the consumers, and the relay last.

    Raises SettingsError when the address of `ENTENTE_HTTP` cannot be had.
    """
    settings = service.settings
    listening = _listen(settings.http)
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    traces = configure_traces(service.name)
    if settings.issuer == DEVELOPMENT_ISSUER:
        log.warning("development: tokens of the development issuer are accepted", service=service.name)
    try:
        async with running(service, only=only) as ran:
            config = uvicorn.Config(ran.app, log_config=None, access_log=False, timeout_graceful_shutdown=5)
            server = _Server(config)
            serving = asyncio.create_task(server.serve(sockets=[listening]))
            stopping = asyncio.create_task(stop.wait())
            log.info("serving", http=settings.http, only=only)
            await asyncio.wait([serving, stopping], return_when=asyncio.FIRST_COMPLETED)
            server.should_exit = True
            await serving
            log.info("stopping", service=service.name)
    finally:
        listening.close()
        traces.shutdown()


def _listen(address: str) -> socket.socket:
    # Before anything else runs: uvicorn would find out last, and end the process from within.
    host, _, port = address.rpartition(":")
    family = socket.AF_INET6 if host.startswith("[") else socket.AF_INET
    try:
        return socket.create_server((host.strip("[]"), int(port)), family=family, backlog=2048)
    except OSError as problem:
        raise SettingsError(f"ENTENTE_HTTP: {address} cannot be listened on ({problem.strerror})") from None


class _Server(uvicorn.Server):
    """uvicorn without its own signal handling: it raises SIGTERM again, which would cut the worker off."""

    @contextmanager
    def capture_signals(self) -> Generator[None]:
        """Captures none."""
        yield


async def _close(pool: Pool) -> None:
    try:
        await asyncio.wait_for(pool.close(), 5)
    except TimeoutError:
        pool.terminate()
