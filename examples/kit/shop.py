"""A shop: saves each order together with its event, and sends the events to Kafka.

`tests/integration/messaging/test_example.py` runs it with the warehouse, on a real Kafka and Postgres.
"""

from datetime import UTC, datetime
from uuid import UUID

from shared.contracts.event import Event
from shared.messaging.outbox import Connection, Pool, Save, rows_of
from shared.messaging.producer import Producer
from shared.messaging.relay import Lane

TABLE = """create table customer_order (
    id uuid primary key, version bigint not null, sequence bigint not null, body jsonb not null,
    updated timestamptz not null)"""


class OrderEvent(Event, topic="shop.order"):
    """Something happened to an order."""

    order_id: UUID
    article: str
    count: int


class OrderPlaced(OrderEvent, fact="placed"):
    """A customer ordered."""


class OrderCancelled(OrderEvent, fact="cancelled"):
    """The customer changed their mind."""


async def place_order(pool: Pool, order_id: UUID, article: str, count: int) -> None:
    """Saves an order and its event in one transaction: both or neither."""
    event = OrderPlaced(order_id=order_id, article=article, count=count)
    async with pool.acquire() as db, db.transaction():
        await _save(db, event, version=0, sequence=0)


async def cancel_order(pool: Pool, order_id: UUID) -> None:
    """Locks the order, so that its events are numbered in the order of the commits."""
    async with pool.acquire() as db, db.transaction():
        order = await db.fetchrow(
            "select version, sequence, body from customer_order where id = $1 for update", order_id
        )
        if order is None:
            raise LookupError(f"there is no order {order_id}")
        event = OrderCancelled.model_validate_json(order["body"])
        await _save(db, event, order["version"], order["sequence"])


async def _save(db: Connection, event: OrderEvent, version: int, sequence: int) -> None:
    now = datetime.now(UTC)
    save = Save(
        table="customer_order", id=event.order_id, version=version, sequence=sequence, body=event.model_dump_json(),
        at=now, rows=rows_of(event.order_id, [event], sequence, now), actor="shop", use_case=event.type, history="[]",
    )  # fmt: skip
    await save.run(db)


def relay(pool: Pool, kafka: str) -> Lane:
    """Sends events to Kafka while its `run()` runs; Kafka may be down."""
    return Lane(OrderEvent.topic, pool, Producer(kafka, OrderEvent.topic, "shop"), source="/example/shop")
