"""An installation for tests: a copy of the template database, topics of its own, all services in this process."""

import asyncio
import json
import os
import time
import uuid
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import asyncpg
import httpx2
from aiokafka import AIOKafkaConsumer, TopicPartition
from prometheus_client import CollectorRegistry

from local.development.issuer import DevelopmentIssuer, issuer_app
from local.development.serving import serving
from services import SERVICES
from services.partners.main import partners
from shared.contracts import load_all
from shared.contracts.values import Text
from shared.database.migrations import prepare_database
from shared.domain.actor import Actor, Role
from shared.kafka_admin.topics import Topics
from shared.messaging.producer import PARTITIONS
from shared.service.commands import CommandRunner
from shared.service.serve import Running, running, utc_now
from shared.service.settings import DEVELOPMENT_ISSUER, Settings
from shared.telemetry.metrics import Metrics
from tests.harness.declared import check_declared
from tests.harness.parts import PASSWORDS, TEMPLATE, Addresses

PATIENCE = 120.0
"""Timeout of a wait, in seconds; far longer than any wait on a busy machine, so that it only ends hangs."""
SOONEST, LATEST = 0.01, 0.2
"""Seconds between two polls, at first and after a while: polling over HTTP takes time from the work it waits for."""


async def until(holds: Callable[[], Awaitable[Any]], what: str, patience: float = PATIENCE) -> Any:
    """Polls until the answer is true and returns it; fails with `what` at the timeout."""
    end, pause = time.monotonic() + patience, SOONEST
    while not (found := await holds()):
        assert time.monotonic() < end, f"waited {patience:.0f} s for: {what}"
        await asyncio.sleep(pause)
        pause = min(pause * 1.5, LATEST)
    return found


@dataclass
class Client:
    """A person who calls the APIs with a token from the development issuer."""

    installation: "Installation"
    subject: str
    person_id: UUID | None = None
    organisation_id: UUID | None = None
    token: str | None = None
    """Instead of one from the issuer: of a participant's session."""

    async def call(self, method: str, service: str, path: str, body: Any = None, **headers: str) -> httpx2.Response:
        """Sends a request; `headers` has underscores for hyphens. The answer must match the OpenAPI document."""
        sent = {"Authorization": f"Bearer {self.token or self.installation.issuer.token(self.subject)}"}
        sent |= {name.replace("_", "-"): value for name, value in headers.items()}
        http = self.installation.http(service)
        file, body = (body, None) if isinstance(body, bytes) else (None, body)
        answer = await http.request(method, path, content=file, json=body, headers=sent)
        self.installation.check(service, method, answer)
        return answer

    async def post(self, service: str, path: str, body: Any = None, **headers: str) -> httpx2.Response:
        """POST."""
        return await self.call("POST", service, path, body, **headers)

    async def get(self, service: str, path: str, **headers: str) -> httpx2.Response:
        """GET."""
        return await self.call("GET", service, path, **headers)

    async def done(self, service: str, path: str, body: Any = None, **headers: str) -> dict[str, Any]:
        """POST that must succeed; returns the document."""
        answer = await self.post(service, path, body, **headers)
        assert answer.is_success, f"{answer.status_code} {answer.text}"
        return answer.json()

    async def refused(self, service: str, path: str, body: Any = None, **headers: str) -> str:
        """POST that must be refused; returns the problem's slug."""
        answer = await self.post(service, path, body, **headers)
        assert answer.headers["content-type"] == "application/problem+json", answer.text
        return answer.json()["type"].rpartition("/")[2]

    async def read(self, service: str, path: str) -> Any:
        """GET that must succeed; returns the document."""
        answer = await self.get(service, path)
        assert answer.is_success, f"{answer.status_code} {answer.text}"
        return answer.json()


@dataclass
class Installation:
    """All services, running in this process on a database and topics of their own."""

    addresses: Addresses
    issuer: DevelopmentIssuer
    settings: Mapping[str, Settings]
    services: dict[str, Running] = field(default_factory=dict[str, Running])
    operator: Client = field(init=False)

    def http(self, service: str) -> httpx2.AsyncClient:
        """A client that calls the service's application directly, without a server."""
        transport = httpx2.ASGITransport(app=self.services[service].app)
        return httpx2.AsyncClient(transport=transport, base_url=f"http://{service}.test", timeout=30)

    def check(self, service: str, method: str, answer: httpx2.Response) -> None:
        """Fails for an answer that the service's OpenAPI document does not describe."""
        check_declared(self.services[service].app, method, answer)

    def stranger(self) -> Client:
        """A person with a valid token who is not in the directory."""
        return Client(self, f"stranger-{uuid.uuid4()}")

    async def organisation(self, name: str = "Somewhere", **more: Any) -> UUID:
        """A new organisation in the directory."""
        body = {"kind": "university", "name": {"en": name}, "country": "GB", "city": {"en": "Somewhere"}} | more
        return UUID((await self.operator.done("partners", "/organisations", body))["id"])

    async def person(self, organisation_id: UUID, *roles: Role, name: str = "Somebody") -> Client:
        """A new person with an office in an organisation."""
        subject = f"person-{uuid.uuid4()}"
        made = await self.operator.done("partners", "/people", {
            "name": {"en": name}, "accounts": [{"issuer": DEVELOPMENT_ISSUER, "subject": subject}],
            "organisation_id": str(organisation_id), "title": {"en": "Officer"}, "roles": roles or [Role.READER],
        })  # fmt: skip
        return Client(self, subject, UUID(made["id"]), organisation_id)

    async def heard(self, service: str, topic: str, key: object, sequence: int = 1) -> None:
        """Waits until every consumer of the topic in the service has applied the key's events up to `sequence`."""

        async def holds() -> bool:
            found = await self.operator.get(service, f"/positions?topic={topic}&key={key}")
            if found.status_code in (403, 503):  # on a busy machine, it may not know the operator yet
                return False
            assert found.status_code == 200, found.text
            body = found.json()
            reached = [p["consumer"] for p in body["positions"] if p["sequence"] >= sequence]
            return set(reached) >= set(body["consumers"])

        await until(holds, f"{service} applies {topic} {key} up to {sequence}")

    async def published(self, service: str, type: str, subject: object) -> dict[str, Any]:
        """Waits until an event of this type about the subject is in Kafka, and returns it."""
        after = ""

        async def holds() -> dict[str, Any] | None:
            nonlocal after
            body = await self.operator.read(service, f"/events?after={after}&limit=1000")
            if all(event["published"] for event in body["events"]):
                after = body["next"]
            mine = [e for e in body["events"] if e["type"] == type and e["subject"] == str(subject)]
            return next((event for event in mine if event["published"]), None)

        found: dict[str, Any] = await until(holds, f"{service} publishes {type} about {subject}")
        return found

    async def knows(self, service: str, client: Client) -> None:
        """Waits until the service knows who the client is."""

        async def holds() -> bool:
            return (await client.get(service, "/me")).status_code == 200

        await until(holds, f"{service} knows {client.subject}")


def settings_of(addresses: Addresses, database: str, prefix: str, issuer_address: str, **more: Any) -> Settings:
    """Settings for a test installation."""
    return Settings(
        database=f"{addresses.postgres_address}/{database}", kafka=addresses.kafka, topic_prefix=prefix,
        issuer_address=issuer_address, development=True, **more,
    )  # fmt: skip


async def copy_database(addresses: Addresses) -> str:
    """Makes a fresh database with every service's schema."""
    name = f"t{uuid.uuid4().hex[:12]}"
    admin = await asyncpg.connect(addresses.postgres)
    try:
        await admin.execute(f"create database {name} template {TEMPLATE}")
    finally:
        await admin.close()
    # Role settings such as the search path belong to one database and are not copied from the template.
    await prepare_database(addresses.postgres, list(SERVICES), PASSWORDS, name)
    return name


@asynccontextmanager
async def installed(
    addresses: Addresses, *, only: list[str] | None = None, **more: Any
) -> AsyncGenerator[Installation]:
    """An installation with its first operator; if `only` is given, just those services start."""
    os.environ |= {f"ENTENTE_PASSWORD_{role}".upper(): word for role, word in PASSWORDS.items()}
    database, prefix = await copy_database(addresses), f"{uuid.uuid4().hex[:8]}."
    await Topics(addresses.kafka, load_all().values(), prefix).make()
    issuer = DevelopmentIssuer(issuer=DEVELOPMENT_ISSUER, address="http://127.0.0.1", people=None, state=None)
    async with AsyncExitStack() as stack:
        # The discovery document names the issuer's port, which is known only now.
        address = issuer.address = await stack.enter_async_context(serving(issuer_app(issuer)))
        settings = {name: settings_of(addresses, database, prefix, address, **more) for name in SERVICES}
        made = Installation(addresses, issuer, settings)
        for name in SERVICES if only is None else only:
            made.services[name] = await stack.enter_async_context(running(SERVICES[name](settings[name])))
        made.operator = await first_operator(made)
        yield made


async def first_operator(installation: Installation) -> Client:
    """Registers the first operator by use cases of `partners`, because no one may call a route yet."""
    settings = installation.settings["partners"]
    service = partners(settings)
    subject, nobody = "operator", Actor(UUID(int=0), UUID(int=0), frozenset(Role))
    pool = await asyncpg.create_pool(settings.database_url("partners"), min_size=1, max_size=1)
    try:
        runner = CommandRunner(service, pool, utc_now, Metrics(CollectorRegistry()), lambda: None)
        rows = {row.name: row for row in service.commands}
        office = {"kind": "agency", "name": Text(en="Operators"), "country": "GB", "city": Text(en="Here")}
        home = await _carry(runner, rows["register_organisation"], nobody, office)
        person = await _carry(runner, rows["register_person"], nobody, {
            "name": Text(en="Operator"), "accounts": [{"issuer": DEVELOPMENT_ISSUER, "subject": subject}],
            "organisation_id": home, "title": Text(en="Operator"), "roles": [Role.OPERATOR],
        })  # fmt: skip
    finally:
        await pool.close()
    return Client(installation, subject, person, home)


async def _carry(runner: CommandRunner, row: Any, actor: Actor, fields: dict[str, Any]) -> UUID:
    answer = await runner.command(row, row.ask.model_validate(fields), actor)
    return UUID(json.loads(answer.body)["id"])


async def records_of(installation: Installation, topic: str, key: UUID) -> list[dict[str, str]]:
    """The headers of every record of a key now in the topic, in order."""
    settings = installation.settings["partners"]
    consumer = AIOKafkaConsumer(bootstrap_servers=settings.kafka, auto_offset_reset="earliest")
    await consumer.start()
    try:
        parts = [TopicPartition(settings.topic_prefix + topic, number) for number in range(PARTITIONS)]
        consumer.assign(parts)
        ends = {tp: end for tp, end in (await consumer.end_offsets(parts)).items() if end}
        found: list[dict[str, str]] = []
        while any([await consumer.position(tp) < end for tp, end in ends.items()]):
            for records in (await consumer.getmany(timeout_ms=100)).values():
                mine = [record for record in records if record.key == str(key).encode()]
                found += [{name: value.decode() for name, value in record.headers} for record in mine]
        return found
    finally:
        await consumer.stop()
