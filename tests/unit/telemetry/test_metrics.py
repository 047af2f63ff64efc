"""The metrics that a scrape returns."""

import asyncio
import itertools
from collections.abc import AsyncGenerator
from datetime import timedelta

import httpx2
import pytest
from fastapi import APIRouter, FastAPI
from prometheus_client import CollectorRegistry
from prometheus_client.parser import text_string_to_metric_families

from services import SERVICES
from shared.database.pool import open_pool
from shared.service.commands import CommandRunner
from shared.service.serve import utc_now
from shared.service.settings import Settings
from shared.service.worker import Pools, Worker
from shared.telemetry import metrics as metrics_module
from shared.telemetry.metrics import Metrics
from shared.telemetry.requests import TimeRequests


@pytest.fixture
def metrics() -> Metrics:
    return Metrics(CollectorRegistry())


@pytest.fixture
def reached() -> asyncio.Event:
    """Set when the slow route is reached."""
    return asyncio.Event()


@pytest.fixture
async def client(metrics: Metrics, reached: asyncio.Event) -> AsyncGenerator[httpx2.AsyncClient]:
    """A client of an application whose requests are timed."""
    app = FastAPI(telemetry={"tracing": False})
    router = APIRouter(prefix="/agreements")

    @router.post("/{agreement_id}/signatures", status_code=201)
    async def sign(agreement_id: str) -> str:
        if agreement_id == "broken":
            raise RuntimeError
        if agreement_id == "slow":
            reached.set()
            await asyncio.Event().wait()
        return agreement_id

    app.include_router(router, prefix="/v1")
    transport = httpx2.ASGITransport(TimeRequests(app, metrics), raise_app_exceptions=False)
    async with httpx2.AsyncClient(transport=transport, base_url="http://127.0.0.1") as client:
        yield client


async def samples(metrics: Metrics, name: str) -> dict[tuple[str, ...], float]:
    """The samples of the metric `name`, keyed by label values in the order of the label names."""
    text = (await metrics.exposition()).decode()
    found = [s for family in text_string_to_metric_families(text) for s in family.samples if s.name == name]
    return {tuple(value for _, value in sorted(s.labels.items())): s.value for s in found}


async def test_requests_are_counted_by_route(metrics: Metrics, client: httpx2.AsyncClient) -> None:
    """Requests for two agreements are one series, named by the route with its router's prefix."""
    for agreement_id in ("a-1", "a-2"):
        await client.post(f"/v1/agreements/{agreement_id}/signatures")

    assert await samples(metrics, "entente_http_request_duration_seconds_count") == {
        ("POST", "/v1/agreements/{agreement_id}/signatures", "201"): 2
    }


async def test_no_caller_can_create_a_series(metrics: Metrics, client: httpx2.AsyncClient) -> None:
    """All unknown paths share one series, and so do all unknown methods."""
    for n in range(3):
        await client.get(f"/nothing/{n}")
        await client.request(f"METHOD{n}", "/v1/agreements/a/signatures")

    assert await samples(metrics, "entente_http_request_duration_seconds_count") == {
        ("GET", "unmatched", "404"): 3,
        ("OTHER", "/v1/agreements/{agreement_id}/signatures", "405"): 3,
    }


async def test_failed_and_aborted_requests_are_counted(
    metrics: Metrics, client: httpx2.AsyncClient, reached: asyncio.Event
) -> None:
    """A request that crashes counts as 500; one whose client disconnects before the answer counts as 499."""
    await client.post("/v1/agreements/broken/signatures")
    waiting = asyncio.create_task(client.post("/v1/agreements/slow/signatures"))
    await reached.wait()
    waiting.cancel()
    await asyncio.wait([waiting])

    counted = await samples(metrics, "entente_http_request_duration_seconds_count")
    assert {status for _, _, status in counted} == {"500", "499"}


async def test_work_is_counted_by_its_labels(metrics: Metrics) -> None:
    """Commands, relayed batches, relay errors and consumed records each have their own metric."""
    topic = "entente.partners.agreement"
    metrics.command("sign_agreement", "done", 0.02)
    metrics.relayed(topic, 40)
    metrics.relayed(topic, 2)
    metrics.relay_failed(topic, "KafkaTimeoutError")
    metrics.consumed("copies", topic, "applied", 41)
    metrics.consumed("copies", topic, "parked")

    assert await samples(metrics, "entente_command_duration_seconds_count") == {("done", "sign_agreement"): 1}
    assert await samples(metrics, "entente_relay_records_total") == {(topic,): 42}
    assert await samples(metrics, "entente_relay_batches_total") == {(topic,): 2}
    assert await samples(metrics, "entente_relay_errors_total") == {("KafkaTimeoutError", topic): 1}
    assert await samples(metrics, "entente_consumer_records_total") == {
        ("copies", "applied", topic): 41,
        ("copies", "parked", topic): 1,
    }


async def test_gauges_are_read_at_each_scrape(metrics: Metrics) -> None:
    """They show the state at the time of the scrape, not of the last change."""
    rows = itertools.chain([3], itertools.repeat(0))

    async def gather() -> None:
        metrics.outbox("t", rows=next(rows), oldest=timedelta(minutes=1), stuck=1)
        metrics.kept_keys("copies", waiting=2, parked=1)
        metrics.timers_due("commence", 4)
        metrics.outgoing("mail", pending=5, failed=2)
        metrics.lag("copies", {("t", 7): 9})

    metrics.gather_with(gather)

    assert await samples(metrics, "entente_outbox_rows") == {("t",): 3}
    assert await samples(metrics, "entente_outbox_rows") == {("t",): 0}
    assert await samples(metrics, "entente_outbox_oldest_age_seconds") == {("t",): 60}
    assert await samples(metrics, "entente_outbox_stuck_rows") == {("t",): 1}
    assert await samples(metrics, "entente_consumer_keys") == {("copies", "waiting"): 2, ("copies", "parked"): 1}
    assert await samples(metrics, "entente_timers_due") == {("commence",): 4}
    assert await samples(metrics, "entente_outgoing_pending") == {("mail",): 5}
    assert await samples(metrics, "entente_outgoing_failed") == {("mail",): 2}
    assert await samples(metrics, "entente_consumer_lag_records") == {("copies", "7", "t"): 9}


async def test_a_revoked_partition_reports_no_lag(metrics: Metrics) -> None:
    """The process that takes the partition over reports it; while Kafka is down, none does."""
    metrics.lag("rules", {("t", 0): 1})
    metrics.lag("copies", {("t", 0): 5, ("t", 1): 6})
    metrics.lag("copies", {("t", 1): 4, ("t", 2): 0})

    before = await samples(metrics, "entente_consumer_lag_records")
    metrics.lag("copies", {})
    while_kafka_is_down = await samples(metrics, "entente_consumer_lag_records")

    assert before == {("rules", "0", "t"): 1, ("copies", "1", "t"): 4, ("copies", "2", "t"): 0}
    assert while_kafka_is_down == {("rules", "0", "t"): 1}


async def test_a_scrape_is_answered_while_the_database_is_down(
    metrics: Metrics, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A source that fails or hangs is counted and left out; the others are in the answer."""
    monkeypatch.setattr(metrics_module, "GATHERING_LIMIT", 0.05)

    async def fail() -> None:
        raise ConnectionRefusedError

    async def hang() -> None:
        await asyncio.sleep(60)

    async def work() -> None:
        metrics.timers_due("commence", 1)

    for gathering in (fail, hang, work):
        metrics.gather_with(gathering)

    assert await samples(metrics, "entente_timers_due") == {("commence",): 1}
    assert await samples(metrics, "entente_scrape_failures_total") == {(): 4}


async def test_a_worker_reports_its_lag_while_the_database_is_down(
    metrics: Metrics, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Metrics that need no database are still reported."""
    service = SERVICES["notifications"](Settings(development=True))
    pool = await open_pool("postgresql://nobody:nothing@127.0.0.1:1/nowhere", application="tests")
    runner = CommandRunner(service, pool, utc_now, metrics, lambda: None)
    worker = Worker(service, Pools(pool, pool, pool), runner, utc_now, metrics, lambda: None)
    for subscription in worker.subscriptions:
        monkeypatch.setattr(subscription, "lag", lambda: {("t", 0): 7})

    lag = await samples(metrics, "entente_consumer_lag_records")
    pool.terminate()

    assert lag == {(consumer.name, "0", "t"): 7 for consumer in service.consumers}
