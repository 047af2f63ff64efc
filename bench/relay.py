"""Measures the relay beside a bare loop: `.venv/bin/python -m bench.relay [EVENTS] [RUNS] [--profile]`.

Events of 400 bytes with 500 keys, on Kafka and Postgres of its own that flush to disk. Both sides read, build record
batches, send and delete; the relay alone has leases, envelopes and metrics. The sides take turns within each run.
"""

import asyncio
import cProfile
import json
import pstats
import statistics
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path

import uvloop
from aiokafka import AIOKafkaProducer
from aiokafka.producer.message_accumulator import BatchBuilder

from local import embedded_servers, remove_state
from shared.database.pool import open_pool
from shared.kafka_admin.topics import KEEPS_ALL
from shared.messaging.envelope import new_id
from shared.messaging.outbox import Pool
from shared.messaging.producer import BATCH, Producer
from tests.harness.installation import copy_database
from tests.harness.parts import PASSWORD, Addresses, make_template
from tests.integration.messaging.relaying import Route, make_topic, running_lanes

KEYS = [str(new_id()) for _ in range(500)]
KIND = "entente.partners.agreement.signed.v1"
TRACE = f"00-{'a' * 32}-{'b' * 16}-01"
FILL = """insert into outbox (topic, key, event_id, type, sequence, time, traceparent, value)
    select $1, k, i, $2, n, now(), $3, $4 from unnest($5::text[], $6::uuid[]) with ordinality as e(k, i, n)"""
READ = "select id, key, event_id, sequence, value from outbox where topic = $1 order by id limit 2500"
HEADERS = [("ce_type", KIND.encode())] * 7


async def fill(route: Route, events: int) -> None:
    """Write the outbox."""
    value = json.dumps({"text": "x" * 388}).encode()
    keys = [KEYS[n % len(KEYS)] for n in range(events)]
    ids = [new_id() for _ in keys]
    await route.pool.execute(FILL, route.topic, KIND, TRACE, value, keys, ids)
    await route.pool.execute("vacuum analyze outbox")


async def empty(route: Route) -> None:
    """Wait for the last row to be deleted."""
    while await route.pool.fetchval("select exists (select from outbox where topic = $1)", route.topic):  # noqa: ASYNC110
        await asyncio.sleep(0.01)


async def relay(route: Route) -> None:
    """Run the relay until the outbox is empty."""
    async with running_lanes(route.lane()):
        await empty(route)


async def bare(route: Route) -> None:
    """Run the same three steps in a bare loop."""
    producer = AIOKafkaProducer(
        bootstrap_servers=route.kafka, acks="all", enable_idempotence=True, max_batch_size=BATCH
    )
    await producer.start()
    pick = Producer("", "", "").partition
    async with route.pool.acquire() as db:
        while rows := await db.fetch(READ, route.topic):
            batches: dict[int, BatchBuilder] = {}
            for row in rows:
                number = pick(row["key"])
                batch = batches.get(number) or batches.setdefault(number, producer.create_batch())
                identity = [("ce_id", str(row["event_id"]).encode()), ("ce_sequence", b"%d" % row["sequence"])]
                at = int(datetime.now(UTC).timestamp() * 1000)
                assert batch.append(
                    timestamp=at, key=row["key"].encode(), value=row["value"], headers=[*HEADERS, *identity]
                )
            sent = [await producer.send_batch(batch, route.topic, partition=n) for n, batch in batches.items()]
            await asyncio.gather(*sent)
            await db.execute("delete from outbox where id = any($1)", [row["id"] for row in rows])
    await producer.stop()


SIDES: dict[str, Callable[[Route], Awaitable[None]]] = {"relay": relay, "bare loop": bare}


async def measured(kafka: str, pool: Pool, events: int, runs: int, *, profile: bool) -> None:
    """Print events a second of each side."""
    found: dict[str, list[float]] = {name: [] for name in SIDES}
    for _ in range(runs):
        for name, side in SIDES.items():
            route = Route(kafka, pool, await make_topic(kafka, {**KEEPS_ALL, "flush.messages": "1"}))
            await fill(route, events)
            profiler = cProfile.Profile()
            if profile and name == "relay":
                profiler.enable()
            began = time.perf_counter()
            await side(route)
            found[name].append(events / (time.perf_counter() - began))
            profiler.disable()
            if profile and name == "relay":
                pstats.Stats(profiler).sort_stats("tottime").print_stats(25)
    for name, rates in found.items():
        print(f"{name:10} {min(rates):8,.0f} {statistics.median(rates):8,.0f} {max(rates):8,.0f} events/s")


async def parts(events: int, runs: int, *, profile: bool) -> None:
    """Run on durable parts of its own."""
    with tempfile.TemporaryDirectory() as folder:
        state = Path(folder) / "state"
        async with embedded_servers(state, kafka_port=18092, postgres_port=18432) as servers:
            addresses = Addresses(servers.kafka, servers.postgres)
            await make_template(addresses)
            database = await copy_database(addresses)
            url = f"postgresql://exchanges_owner:{PASSWORD}@{addresses.postgres_address}/{database}"
            pool = await open_pool(url, application="bench")
            await measured(servers.kafka, pool, events, runs, profile=profile)
            await pool.close()
        remove_state(state)


def main(words: Sequence[str]) -> int:
    """Measure."""
    numbers = dict(enumerate(int(word) for word in words if word.isdigit()))
    uvloop.run(parts(numbers.get(0, 20_000), numbers.get(1, 3), profile="--profile" in words))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
