"""Every projection of every service: a list of events has the same effect as its events one by one."""

import uuid
from collections.abc import AsyncGenerator, Iterator, Sequence
from contextlib import AsyncExitStack
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from services import SERVICES
from shared.contracts.event import Envelope, Event, Tombstone
from shared.database.pool import open_pool
from shared.messaging.outbox import Connection, Pool
from shared.service.rows import Projection
from shared.service.settings import Settings
from tests.contract.bodies import bodies
from tests.harness.installation import copy_database
from tests.harness.parts import PASSWORD, Addresses

KEYS = [uuid.uuid5(uuid.NAMESPACE_URL, f"aggregate {number}") for number in range(4)]
BEGAN = datetime(2026, 11, 26, tzinfo=UTC)
TABLES = "select tablename from pg_tables where schemaname = current_schema() order by 1"


def projections() -> Iterator[Any]:
    """Every projection, found from the rows."""
    for name, make in SERVICES.items():
        for consumer in make(Settings(development=True)).consumers:
            for row in consumer.projections:
                yield pytest.param(name, row, id=f"{name} {consumer.name} {row.run.__name__}")


@pytest.fixture(scope="module")
async def pools(addresses: Addresses) -> AsyncGenerator[dict[str, Pool]]:
    """A pool with each service's role, on a database that no service uses."""
    database = await copy_database(addresses)
    async with AsyncExitStack() as stack:
        pools: dict[str, Pool] = {}
        for name in SERVICES:
            url = f"postgresql://{name}_service:{PASSWORD}@{addresses.postgres_address}/{database}"
            pools[name] = await stack.enter_async_context(await open_pool(url, application="tests"))
        yield pools


@st.composite
def histories(draw: st.DrawFn, row: Projection) -> tuple[list[Event], list[Event]]:
    """Ordered events of a few aggregates: some applied before, and some applied in one list."""
    types = sorted(row.takes, key=lambda event: event.type)
    drawn = draw(st.lists(st.tuples(st.sampled_from(KEYS), st.sampled_from(types)), min_size=2, max_size=7))
    events: list[Event] = []
    for number, (key, type_) in enumerate(drawn):
        sequence = sum(before.envelope.subject == str(key) for before in events) + 1
        time = BEGAN + timedelta(seconds=number)
        envelope = Envelope(uuid.uuid4(), type_.type, str(key), sequence, time, "/tests/tests")
        events.append(_event(draw, type_, key).within(envelope))
    cut = draw(st.integers(0, len(events)))
    return events[:cut], events[cut:]


def _event(draw: st.DrawFn, type_: type[Event], key: UUID) -> Event:
    if issubclass(type_, Tombstone):
        return type_()
    own_id = f"{type_.topic.rpartition('.')[2].replace('-', '_')}_id"
    assert own_id in type_.model_fields
    return type_.model_validate(draw(_bodies(type_)) | {own_id: str(key)})


@cache
def _bodies(type_: type[Event]) -> st.SearchStrategy[Any]:
    return bodies(type_.model_json_schema())


@pytest.mark.parametrize(("service", "row"), list(projections()))
@settings(max_examples=15, deadline=None, suppress_health_check=list[Any](HealthCheck))
@given(data=st.data())
async def test_a_list_has_the_same_effect_as_its_events_one_by_one(
    pools: dict[str, Pool], service: str, row: Projection, data: st.DataObject
) -> None:
    """Both lead from the same state to the same rows in every table."""
    before, events = data.draw(histories(row))

    async with pools[service].acquire() as db:
        at_once = await _outcome(db, row, before, [events] if events else [])
        one_by_one = await _outcome(db, row, before, [[event] for event in events])

    assert at_once == one_by_one


async def _outcome(
    db: Connection, row: Projection, before: Sequence[Event], lists: Sequence[Sequence[Event]]
) -> dict[str, list[str]]:
    transaction = db.transaction()
    await transaction.start()
    try:
        for events in (*([event] for event in before), *lists):
            await row.run(events, db)
        tables = [found["tablename"] for found in await db.fetch(TABLES)]
        kept = [table for table in tables if not table.endswith("migrations")]
        return {table: await _rows(db, table) for table in kept}
    finally:
        await transaction.rollback()


async def _rows(db: Connection, table: str) -> list[str]:
    return [found["row"] for found in await db.fetch(f"select t::text as row from {table} t order by 1")]
