"""Measures a consumer without Kafka: `.venv/bin/python -m bench.consumer [--profile]`.

Takes polls of 2,000 records (500 keys, the whole envelope) on the embedded Postgres: a poll in which all is well, and
polls in which one event, one connection or one key is in trouble. Prints the time until the poll is taken: every other
key has then had its effect.
"""

import asyncio
import cProfile
import pstats
import sys
import time
import uuid
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from statistics import median

from rich.console import Console
from rich.table import Table

from shared.contracts.event import Event
from shared.contracts.organisation import OrganisationEvent
from shared.messaging.consumer import ConsumerRunner
from shared.messaging.dead_letter import Record
from shared.messaging.outbox import Connection, Pool
from shared.messaging.producer import Producer
from shared.messaging.reactions import Consumer, policy, projection
from tests.harness.parts import Addresses, RunningParts
from tests.integration.messaging.scene import database
from tests.unit.messaging.scene import event_id, key, record

KEYS, EVENTS, RUNS, LETTERS = 500, 2000, 5, 10_000
CULPRIT = 250
"""The number of the key whose third event fails."""
EFFECT = """insert into effect (consumer, key, sequence, id)
    select $1, * from unnest($2::text[], $3::bigint[], $4::uuid[])"""

Trouble = Callable[[Event, Connection], Awaitable[None]]
partition = Producer("", "", "").partition


class Broken(Exception):
    """A rule that an event breaks."""


@dataclass
class Side:
    """A consumer of one kind, with effects in a table."""

    pool: Pool
    policies: bool
    trouble: Trouble | None = None
    name: str = field(default_factory=lambda: f"bench-{uuid.uuid4().hex[:8]}")

    async def project(self, events: Sequence[OrganisationEvent], db: Connection) -> None:
        for event in events if self.trouble else ():
            if event.envelope.id == event_id(CULPRIT, 3) and self.trouble:
                await self.trouble(event, db)
        found = [event.envelope for event in events]
        columns = [e.subject for e in found], [e.sequence for e in found], [e.id for e in found]
        await db.execute(EFFECT, self.name, *columns)

    async def decide(self, event: OrganisationEvent, db: Connection) -> None:
        if self.trouble and event.envelope.id == event_id(CULPRIT, 3):
            await self.trouble(event, db)
        envelope = event.envelope
        await db.fetch("select value from dead_letter where consumer = $1 and key = $2", self.name, envelope.subject)
        await db.execute("select since from installation")
        await db.execute(EFFECT, self.name, [envelope.subject], [envelope.sequence], [envelope.id])

    def runner(self) -> ConsumerRunner:
        kind = {"policies": [policy(self.decide)]} if self.policies else {
            "projections": [projection(self.project, tables=["effect"])]
        }  # fmt: skip
        return ConsumerRunner(
            self.pool, Consumer(self.name, **kind), is_permanent=lambda problem: isinstance(problem, Broken)
        )


def poll_of(start: int = 0) -> list[Record]:
    """Four events of each key, in rounds, in the partition of their key."""
    made = [(number, sequence) for sequence in range(1, EVENTS // KEYS + 1) for number in range(KEYS)]
    return [
        record(number, sequence, start + offset, partition=partition(str(key(number))))
        for offset, (number, sequence) in enumerate(made)
    ]


async def always(event: Event, db: Connection) -> None:
    raise RuntimeError("always")


async def rule(event: Event, db: Connection) -> None:
    raise Broken("a rule")


def once(what: Trouble) -> Trouble:
    left = [1]

    async def first(event: Event, db: Connection) -> None:
        if left:
            left.clear()
            await what(event, db)

    return first


async def lose_connection(event: Event, db: Connection) -> None:
    await db.execute("select pg_terminate_backend(pg_backend_pid())")


async def deadlock(event: Event, db: Connection) -> None:
    await db.execute("do $$ begin raise exception 'deadlock' using errcode = '40P01'; end $$")


TROUBLES: dict[str, Callable[[], Trouble | None]] = {
    "all is well": lambda: None,
    "one event always raises": lambda: always,
    "one event breaks a rule": lambda: rule,
    "one lost connection": lambda: once(lose_connection),
    "one deadlock": lambda: once(deadlock),
}


async def seconds(pool: Pool, trouble: Trouble | None, *, policies: bool) -> float:
    """The time that one poll takes."""
    side = Side(pool, policies, trouble)
    runner, poll = side.runner(), poll_of()
    began = time.perf_counter()
    await runner.take(poll)
    took = time.perf_counter() - began
    healthy = await pool.fetchval(
        "select count(*) from effect where consumer = $1 and key <> $2", side.name, str(key(CULPRIT))
    )
    assert healthy == EVENTS - EVENTS // KEYS, healthy
    return took


async def hot_key(pool: Pool) -> float:
    """The time of one event of a parked key that has 10,000 dead letters."""
    side = Side(pool, policies=False)
    runner, at = side.runner(), partition(str(key(1)))
    first = record(1, 1, 0, partition=at, value=b"{")
    await runner.take([first])
    letters = [record(1, n + 2, n + 1, partition=at) for n in range(LETTERS)]
    for start in range(0, LETTERS, EVENTS):
        await runner.take(letters[start : start + EVENTS])
    await pool.execute("analyze dead_letter")
    times: list[float] = []
    for n in range(RUNS):
        began = time.perf_counter()
        await runner.take([record(1, LETTERS + 2 + n, LETTERS + 1 + n, partition=at)])
        times.append(time.perf_counter() - began)
    return median(times)


async def measured(addresses: Addresses) -> None:
    """Print a table of the median times, in milliseconds."""
    table = Table("a poll of 2,000", "projection, ms", "policy, ms")
    async with database(addresses) as pool:
        for name, trouble in TROUBLES.items():
            medians: list[str] = []
            for policies in (False, True):
                times = [await seconds(pool, trouble(), policies=policies) for _ in range(RUNS)]
                medians.append(f"{median(times) * 1000:,.0f}")
            table.add_row(name, *medians)
        table.add_row("one event of a key with 10,000 dead letters", f"{await hot_key(pool) * 1000:,.1f}", "")
    Console(width=100).print(table)


async def profiled(addresses: Addresses) -> None:
    """Print where the time of healthy polls goes."""
    async with database(addresses) as pool:
        side = Side(pool, policies=False)
        runner, polls = side.runner(), [poll_of(n * EVENTS) for n in range(20)]
        for n, poll in enumerate(polls):  # later polls continue the sequences of the first
            polls[n] = [_later(one, n) for one in poll]
        await runner.take(polls[0])
        began = time.perf_counter()
        for poll in polls[1:10]:
            await runner.take(poll)
        print(f"{9 * EVENTS / (time.perf_counter() - began):,.0f} records a second")
        profile = cProfile.Profile()
        profile.enable()
        for poll in polls[10:]:
            await runner.take(poll)
        profile.disable()
    pstats.Stats(profile).sort_stats("tottime").print_stats(25)


def _later(one: Record, polls: int) -> Record:
    fields = dict(one.headers)
    sequence = int(fields["ce_sequence"]) + polls * (EVENTS // KEYS)
    headers = fields | {"ce_sequence": b"%d" % sequence, "ce_id": str(uuid.uuid4()).encode()}
    return Record(one.topic, one.partition, one.offset, one.key, one.value, list(headers.items()))


def main(words: Sequence[str]) -> int:
    """Measure; with `--profile`, profile instead."""
    parts = RunningParts()
    try:
        asyncio.run((profiled if "--profile" in words else measured)(parts.start()))
    finally:
        parts.stop()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
