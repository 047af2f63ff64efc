"""Plays the main job on real processes, with a client that keeps retrying, and reads its outcome."""

import asyncio
import time
import uuid
from dataclasses import dataclass, field
from typing import Any

import asyncpg
import httpx2

from local.development.minting import DevelopmentIssuer
from local.installation import DATABASE, kept_passwords, password_variables
from local.running_installation import RunningInstallation
from services import SERVICES
from shared.service.settings import Settings
from tests.harness.installation import PATIENCE, Client, Installation, until
from tests.harness.parts import Addresses
from tests.harness.story import called, draft, nominated, programme_of, sign, two_sides

TOPICS = {
    "agreement": "entente.partners.agreement",
    "programme": "entente.exchanges.programme",
    "call": "entente.exchanges.call",
    "mobility": "entente.exchanges.mobility",
}
PATHS = {"agreement": "/agreements", "programme": "/programmes", "call": "/calls", "mobility": "/mobilities"}


class Persistent(httpx2.AsyncBaseTransport):
    """Retries a request until it is answered, under the same Idempotency-Key."""

    def __init__(self) -> None:
        self._inner = httpx2.AsyncHTTPTransport()

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        """The first answer below 500; at the deadline, the last answer, or the last attempt's exception."""
        if request.method == "POST":
            request.headers.setdefault("Idempotency-Key", str(uuid.uuid4()))
        end = time.monotonic() + PATIENCE
        while True:
            try:
                answer = await self._inner.handle_async_request(request)
                if answer.status_code < 500 or time.monotonic() > end:
                    return answer
                await answer.aclose()
            except httpx2.TransportError:
                if time.monotonic() > end:
                    raise
            await asyncio.sleep(0.1)

    async def aclose(self) -> None:
        """Closes the connections."""
        await self._inner.aclose()


@dataclass
class Processes(Installation):
    """An installation whose services are separate processes, reached over HTTP."""

    urls: dict[str, str] = field(default_factory=dict[str, str])
    clients: dict[str, httpx2.AsyncClient] = field(default_factory=dict[str, httpx2.AsyncClient])

    def http(self, service: str) -> httpx2.AsyncClient:
        """A client of the service that keeps retrying."""
        if service not in self.clients:
            self.clients[service] = httpx2.AsyncClient(
                transport=Persistent(), base_url=self.urls[service], timeout=PATIENCE
            )
        return self.clients[service]

    def check(self, service: str, method: str, answer: httpx2.Response) -> None:
        """Checks nothing: the applications and their OpenAPI documents are in other processes."""

    async def close(self) -> None:
        """Closes the clients."""
        for client in self.clients.values():
            await client.aclose()


def settings_of(up: RunningInstallation) -> Settings:
    """Settings for a tool that runs beside the installation."""
    address = up.postgres.split("@", 1)[1].split("/", 1)[0]
    return Settings(database=f"{address}/{DATABASE}", kafka=up.kafka, development=True)


def passwords_of(up: RunningInstallation) -> dict[str, str]:
    """Environment variables with the passwords of the installation's database roles."""
    return password_variables(kept_passwords(up.state, list(SERVICES)))


def processes_of(up: RunningInstallation, issuer: DevelopmentIssuer) -> Processes:
    """The installation, with tokens from its own issuer."""
    settings = settings_of(up)
    return Processes(Addresses(up.kafka, up.postgres), issuer, dict.fromkeys(SERVICES, settings), urls=up.services)


@dataclass(frozen=True)
class Played:
    """The people and documents of one story."""

    sides: tuple[Client, Client]
    ids: dict[str, str]


async def play(entente: Installation) -> Played:
    """Drafts, reviews and signs an agreement, agrees on a programme, opens a call, and approves a nomination."""
    ours, theirs = await two_sides(entente)
    for side in (ours, theirs):
        await entente.knows("notifications", side)
    agreement = await draft(ours, theirs)
    await sign(agreement, ours, theirs)
    wanted = programme_of(agreement, ours, theirs)
    programme = await until(lambda: _proposed(ours, wanted), "the programme is proposed")
    await theirs.done("exchanges", f"/programmes/{programme['id']}/agreements")
    call = await called(programme, ours)
    mobility = await nominated(call, ours)
    await theirs.done("exchanges", f"/mobilities/{mobility['id']}/approvals")
    made = {"agreement": agreement, "programme": programme, "call": call, "mobility": mobility}
    return Played((ours, theirs), {kind: document["id"] for kind, document in made.items()})


async def _proposed(who: Client, wanted: dict[str, Any]) -> dict[str, Any] | None:
    answer = await who.post("exchanges", "/programmes", wanted)
    return answer.json() if answer.status_code == 201 else None


async def all_heard(entente: Installation, played: Played) -> None:
    """Waits until every consumer has applied the story's events so far, and notifications has no pending notice."""
    for kind, id in played.ids.items():
        past = (await played.sides[0].read(TOPICS[kind].split(".")[1], f"{PATHS[kind]}/{id}/history"))["items"]
        last = max(event["sequence"] for step in past for event in step["events"])
        for service in SERVICES:
            await entente.heard(service, TOPICS[kind], id, last)
    await until(lambda: _none_waits(entente), "no notice is pending")


async def _none_waits(entente: Installation) -> bool:
    return not (await entente.operator.read("notifications", "/notices?status=pending"))["items"]


async def outcome(entente: Installation, played: Played) -> dict[str, Any]:
    """Everything visible of a finished story, without ids and times."""
    ours, found = played.sides[0], dict[str, Any]()
    for kind, id in played.ids.items():
        service, path = TOPICS[kind].split(".")[1], f"{PATHS[kind]}/{id}"
        document = await ours.read(service, path)
        past = (await ours.read(service, f"{path}/history"))["items"]
        steps = [(step["use_case"], [(e["type"], e["sequence"]) for e in step["events"]]) for step in past]
        found[kind] = document["status"], document["version"], steps
        found[f"{kind} in"] = {name: await _positions(entente, name, TOPICS[kind], id) for name in SERVICES}
    inboxes = [await side.read("notifications", "/inbox?limit=200") for side in played.sides]
    found["inboxes"] = [sorted((e["kind"], e["title"]) for e in inbox["items"]) for inbox in inboxes]
    return found


async def _positions(entente: Installation, service: str, topic: str, key: str) -> list[tuple[Any, ...]]:
    answer = await entente.operator.read(service, f"/positions?topic={topic}&key={key}")
    return [(p["consumer"], p["sequence"], p["parked"], p["dead_letters"]) for p in answer["positions"]]


async def left_over(up: RunningInstallation, tables: tuple[str, ...]) -> dict[str, int]:
    """The number of rows in these tables of every service; empty tables are left out."""
    db = await asyncpg.connect(settings_dsn(up))
    try:
        counts = {f"{name}.{table}": await db.fetchval(f"select count(*) from {name}.{table}")
                  for name in SERVICES for table in tables}  # fmt: skip
        return {table: count for table, count in counts.items() if count}
    finally:
        await db.close()


def settings_dsn(up: RunningInstallation) -> str:
    """The superuser's connection string to the installation's database."""
    return f"{up.postgres.rsplit('/', 1)[0]}/{DATABASE}"
