"""Without Kafka, services start and serve and agreements are signed; the effects follow once Kafka is back."""

from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Any

import httpx2
import pytest
from aiokafka.admin import AIOKafkaAdminClient, NewTopic

from local import EmbeddedServers, embedded_servers
from services import SERVICES
from shared.contracts import load_all
from shared.kafka_admin import topics
from shared.service import worker
from shared.service.serve import running
from tests.harness.installation import Client, Installation, installed, until
from tests.harness.parts import Addresses, make_template
from tests.harness.story import draft, programme_of, sign, two_sides


@pytest.fixture(scope="module")
async def parts(tmp_path_factory: pytest.TempPathFactory) -> AsyncGenerator[EmbeddedServers]:
    """A Kafka and a Postgres that these tests may stop."""
    state: Path = tmp_path_factory.mktemp("down")
    async with embedded_servers(state, kafka_port=22092, postgres_port=22432, durable=False) as parts:
        await make_template(Addresses(parts.kafka, parts.postgres))
        yield parts


@pytest.fixture(scope="module")
async def entente(parts: EmbeddedServers) -> AsyncGenerator[Installation]:
    """An installation on these parts, with no service running yet."""
    async with installed(Addresses(parts.kafka, parts.postgres), only=[]) as installation:
        yield installation


@asynccontextmanager
async def all_running(entente: Installation) -> AsyncGenerator[None]:
    """Runs every service until the block ends."""
    async with AsyncExitStack() as stack:
        for name, make in SERVICES.items():
            entente.services[name] = await stack.enter_async_context(running(make(entente.settings[name])))
        yield


async def health(entente: Installation) -> dict[str, tuple[int, str, str]]:
    """The health of each service: the status codes of `live` and `ready`, and the status in the body of `ready`."""
    found: dict[str, tuple[int, str, str]] = {}
    for name in SERVICES:
        live, ready = [await entente.http(name).get(f"/health/{what}") for what in ("live", "ready")]
        found[name] = live.status_code, str(ready.status_code), ready.json()["status"]
    return found


async def all_say(entente: Installation, word: str) -> bool:
    """Whether every service is alive and answers `ready` with 200 and `word`."""
    return await health(entente) == {name: (200, "200", word) for name in SERVICES}


async def proposes(who: Client, wanted: dict[str, Any]) -> dict[str, Any] | None:
    """Proposes the programme; None if it is refused."""
    answer: httpx2.Response = await who.post("exchanges", "/programmes", wanted)
    return answer.json() if answer.status_code == 201 else None


async def test_work_without_kafka_takes_effect_once_it_is_back(parts: EmbeddedServers, entente: Installation) -> None:
    """Without Kafka all services start and report it, and an agreement is signed; its programme is proposed later."""
    async with all_running(entente):
        ours, theirs = await two_sides(entente)
    await parts.kafka_process.stop()
    try:
        async with all_running(entente):
            await until(lambda: all_say(entente, "degraded"), "every service reports that Kafka is down")
            agreement = await draft(ours, theirs)
            await sign(agreement, ours, theirs)
            before = await ours.refused("exchanges", "/programmes", programme_of(agreement, ours, theirs))
            still = await all_say(entente, "degraded")

            await parts.kafka_process.start()
            proposed = await until(
                lambda: proposes(ours, programme_of(agreement, ours, theirs)), "the programme is proposed"
            )
            await until(lambda: all_say(entente, "ready"), "every service is ready")
    finally:
        if not parts.kafka_process.running:
            await parts.kafka_process.start()

    assert (before, still, proposed["status"]) == ("agreement-unknown", True, "proposed")


async def test_the_loss_of_kafka_is_detected_by_running_services(
    parts: EmbeddedServers, entente: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    """They report that Kafka is down, even with nothing to send, and continue once it is back."""
    monkeypatch.setattr(worker, "CHECK", 1.0)
    async with all_running(entente):
        ours, theirs = await two_sides(entente)
        await parts.kafka_process.kill()
        try:
            await until(lambda: all_say(entente, "degraded"), "every service reports that Kafka is down")
            agreement = await draft(ours, theirs)
            await sign(agreement, ours, theirs)
        finally:
            await parts.kafka_process.start()
        proposed = await until(
            lambda: proposes(ours, programme_of(agreement, ours, theirs)), "the programme is proposed"
        )

    assert proposed["status"] == "proposed"


async def test_topics_are_created_although_kafka_answers_late(
    parts: EmbeddedServers, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A controller that is too busy to answer in time still creates the topics, without a second command."""
    create, asked = AIOKafkaAdminClient.create_topics, 0

    async def create_late(self: AIOKafkaAdminClient, new: list[NewTopic]) -> Any:
        nonlocal asked
        asked += 1
        if asked > 1:
            return await create(self, new)
        parts.kafka_process.pause()
        try:
            return await create(self, new)
        finally:
            parts.kafka_process.resume()

    monkeypatch.setattr(AIOKafkaAdminClient, "create_topics", create_late)
    monkeypatch.setattr(topics, "ANSWER_MS", 1_000)
    late = topics.Topics(parts.kafka, load_all().values(), "late.")

    made = await late.make()

    assert made == list(topics.wanted_topics(load_all().values()))
    assert await late.differences() == []
    assert asked > 0
