"""The example in `examples/kit`: two services built on the kit alone, run on a real Kafka and Postgres."""

import asyncio
import uuid
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import asyncpg
import pytest

import shared.messaging
from examples.kit import shop, warehouse
from shared.kafka_admin.topics import Topics
from shared.messaging.kafka import Subscription
from shared.messaging.outbox import Pool
from shared.messaging.relay import Lane
from tests.harness.installation import until
from tests.harness.parts import Addresses

MIGRATIONS = Path(shared.messaging.__file__).parent / "migrations"
EVENTS = [shop.OrderPlaced, shop.OrderCancelled]
FIRST, SECOND, EMPTY = (uuid.uuid4() for _ in "123")


@pytest.fixture
async def pool(addresses: Addresses) -> AsyncGenerator[Pool]:
    """A new database with the kit's tables and the example's."""
    name = f"example_{uuid.uuid4().hex[:8]}"
    admin = await asyncpg.connect(addresses.postgres)
    await admin.execute(f"create database {name}")
    await admin.close()
    async with asyncpg.create_pool(addresses.postgres, database=name) as pool:
        for file in sorted(MIGRATIONS.glob("*.sql")):
            await pool.execute(file.read_text().partition("-- migrate:down")[0])
        await pool.execute(shop.TABLE)
        await pool.execute(warehouse.TABLES)
        yield pool


@asynccontextmanager
async def running_tasks(*parts: Lane | Subscription) -> AsyncGenerator[None]:
    """Relays and subscriptions that run until the block ends."""
    tasks = [asyncio.create_task(part.run()) for part in parts]
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def test_each_order_is_reserved_and_packed_once(addresses: Addresses, pool: Pool) -> None:
    """Its events are applied once and in order; one that cannot be packed is parked and blocks no other."""
    await Topics(addresses.kafka, EVENTS).make()
    await shop.place_order(pool, FIRST, "kettle", 2)
    await shop.place_order(pool, EMPTY, "kettle", 0)
    await shop.place_order(pool, SECOND, "cup", 12)
    packed = [(FIRST, "kettle"), (SECOND, "cup")]
    parked = [("packing", str(EMPTY), "parked", f"ValueError: order {EMPTY} has nothing to pack")]

    async def holds(reserved: dict[str, int]) -> bool:
        return await warehouse_of(pool) == (reserved, packed, parked)

    async with running_tasks(shop.relay(pool, addresses.kafka)):
        async with running_tasks(*warehouse.subscriptions(pool, addresses.kafka)):
            await until(lambda: holds({"kettle": 2, "cup": 12}), "every order is applied")
        await shop.cancel_order(pool, SECOND)
        async with running_tasks(
            *warehouse.subscriptions(pool, addresses.kafka)
        ):  # after a restart nothing is applied twice
            await until(lambda: holds({"kettle": 2, "cup": 0}), "the cancelled order is no longer reserved")

    assert await pool.fetchval("select count(*) from outbox") == 0


async def warehouse_of(pool: Pool) -> tuple[dict[str, int], list[Any], list[Any]]:
    """The contents of the warehouse: reserved, packed and parked."""
    reserved = {row["article"]: row["count"] for row in await pool.fetch("select article, count from reserved")}
    packed = [tuple(row) for row in await pool.fetch("select order_id, article from parcel order by article desc")]
    parked = [tuple(row) for row in await pool.fetch("select consumer, key, state, reason from dead_letter")]
    return reserved, packed, parked
