"""Serve: runs one process of a service (its API, its worker or both) from start to clean stop."""

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
from shared.http.agenda import add_agenda
from shared.http.held import add_held
from shared.http.identity.caller import Identified, how_to_get_token
from shared.http.identity.keys import KeySource
from shared.http.identity.tokens import TokenVerifier
from shared.http.openapi import OpenApi
from shared.http.operations import add_operations
from shared.http.problems import add_problems
from shared.http.routes import add_routes
from shared.messaging.outbox import Pool, notify
from shared.service.commands import Clock, CommandRunner
from shared.service.health import Health
from shared.service.rows import Service
from shared.service.settings import DEVELOPMENT_ISSUER, SettingsError
from shared.service.worker import Pools, Worker
from shared.telemetry.metrics import Metrics
from shared.telemetry.requests import TimeRequests
from shared.telemetry.traces import HTTP_TELEMETRY, configure_traces

Only = Literal["api", "work"]
CONSUMER = 3
"""Connections for each consumer: for its poll, for an event that it tries again, and for what it looks up meanwhile."""
RELAY = 4
"""Connections of a worker's relay, whose lanes share them: a lane uses one at a time, for milliseconds."""

log = structlog.get_logger()


def utc_now() -> datetime:
    """The real clock."""
    return datetime.now(UTC)


@dataclass
class Running:
    """A service running in this process."""

    app: FastAPI
    pool: Pool
    worker: Worker | None


@asynccontextmanager
async def running(service: Service, *, only: Only | None = None, clock: Clock = utc_now) -> AsyncGenerator[Running]:
    """Runs a service without an HTTP server: its application and, unless `only` excludes it, its worker."""
    settings = service.settings
    async with AsyncExitStack() as stack:
        url, application = settings.database_url(service.name), f"entente-{service.name}"
        pool = await open_pool(url, application=application)
        stack.push_async_callback(_close, pool)
        metrics = Metrics(CollectorRegistry())
        workers: list[Worker] = []
        wake = Waker(pool, workers)
        runner = CommandRunner(service, pool, clock, metrics, wake)
        if only != "api":
            relay = await open_pool(url, application=f"{application}-relay", most=RELAY, resets=False)
            stack.push_async_callback(_close, relay)
            most = CONSUMER * len(service.consumers) + 1
            consumers = await open_pool(url, application=f"{application}-consumers", most=most)
            stack.push_async_callback(_close, consumers)
            workers.append(Worker(service, Pools(pool, relay, consumers), runner, clock, metrics, wake))
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
    """Wakes the relay after a commit: here, and by a coalesced NOTIFY where another process has lanes."""

    def __init__(self, pool: Pool, workers: list[Worker]) -> None:
        self._pool, self._workers = pool, workers
        self._notifying: asyncio.Task[None] | None = None

    def __call__(self) -> None:
        """Call it after each commit that recorded events."""
        here = [worker.nudge() for worker in self._workers]
        if not (here and all(here)) and (self._notifying is None or self._notifying.done()):
            self._notifying = asyncio.create_task(self._notify())

    async def _notify(self) -> None:
        # If it fails, the relay finds the rows by its own polling.
        with suppress(Exception):
            await notify(self._pool)


def build_app(
    service: Service, pool: Pool, runner: CommandRunner, metrics: Metrics, health: Health, verifier: TokenVerifier, *,
    api: bool = True,
) -> FastAPI:  # fmt: skip
    """The HTTP application of a service; without `api` it has only the routes for operators and probes."""
    app = FastAPI(
        title=f"Entente {service.name}", version="1", telemetry=HTTP_TELEMETRY,
        openapi_url=None, docs_url=None, redoc_url=None, swagger_ui_oauth2_redirect_url=None,
    )  # fmt: skip
    # Serves /docs with its scripts: FastAPI's own page loads them from a CDN, and is blank without a network.
    patch_fastapi(app, redirect_from_root_to_docs=False)
    directory = service.directory or DirectoryCopy
    token = how_to_get_token(service.settings)
    identified = Identified(pool, verifier, directory, health, token, service.participants)
    openapi = OpenApi(service, token)
    add_problems(app)
    if api:
        add_routes(app, service, pool, runner, identified, openapi)
        add_agenda(app, service, pool, runner, identified, openapi)
        add_held(app, service, pool, identified, openapi)
    add_operations(app, service, pool, identified, metrics, health, openapi)
    openapi.serve(app)
    app.add_middleware(TimeRequests, metrics=metrics)
    return app


async def serve(service: Service, *, only: Only | None = None) -> None:
    """Serves until SIGTERM or SIGINT; then stops the API, the consumers, and last the relay.

    Raises SettingsError if it cannot listen on `ENTENTE_HTTP`.
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
    # Before anything else: uvicorn would find out last, and exit the process itself.
    host, _, port = address.rpartition(":")
    family = socket.AF_INET6 if host.startswith("[") else socket.AF_INET
    try:
        return socket.create_server((host.strip("[]"), int(port)), family=family, backlog=2048)
    except OSError as problem:
        raise SettingsError(f"ENTENTE_HTTP: {address} cannot be listened on ({problem.strerror})") from None


class _Server(uvicorn.Server):
    """uvicorn without its own signal handling, which raises SIGTERM again and would cut the worker off."""

    @contextmanager
    def capture_signals(self) -> Generator[None]:
        """Captures none."""
        yield


async def _close(pool: Pool) -> None:
    try:
        await asyncio.wait_for(pool.close(), 5)
    except TimeoutError:
        pool.terminate()
