"""A warehouse: consumes the shop's events. Each has its effect once, however often Kafka delivers it."""

from collections import Counter
from collections.abc import Sequence

from examples.kit.shop import OrderCancelled, OrderEvent, OrderPlaced
from shared.messaging.consumer import ConsumerRunner
from shared.messaging.kafka import Subscription
from shared.messaging.outbox import Connection, Pool
from shared.messaging.reactions import Consumer, policy, projection

TABLES = """create table reserved (article text primary key, count bigint not null);
    create table parcel (number bigint generated always as identity, order_id uuid, article text)"""


async def reserve(events: Sequence[OrderEvent], db: Connection) -> None:
    """A projection: takes many events at once, and writes only its own table."""
    change = Counter[str]()
    for event in events:
        change[event.article] += -event.count if isinstance(event, OrderCancelled) else event.count
    await db.execute(
        """insert into reserved select * from unnest($1::text[], $2::bigint[])
        on conflict (article) do update set count = reserved.count + excluded.count""",
        list(change), list(change.values()),
    )  # fmt: skip


async def pack(event: OrderPlaced, db: Connection) -> None:
    """A policy: takes one event, and decides. A ValueError parks the event, and with it the rest of its order."""
    if event.count < 1:
        raise ValueError(f"order {event.order_id} has nothing to pack")
    await db.execute("insert into parcel (order_id, article) values ($1, $2)", event.order_id, event.article)


def subscriptions(pool: Pool, kafka: str) -> list[Subscription]:
    """Consume while their `run()` runs; each has a Kafka group and positions of its own."""
    shelves = Consumer("shelves", projections=[projection(reserve, tables=["reserved"])])
    packing = Consumer("packing", policies=[policy(pack)])
    runners = [
        ConsumerRunner(pool, shelves),
        ConsumerRunner(pool, packing, is_permanent=lambda problem: isinstance(problem, ValueError)),
    ]
    return [Subscription(kafka, f"warehouse.{runner.consumer.name}", runner) for runner in runners]
