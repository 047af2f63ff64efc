"""Consumer: applies polls. Effects and positions share a transaction, so each event takes effect once."""

import asyncio
from collections.abc import Awaitable, Callable, Collection, Iterator, Sequence
from functools import partial

import structlog
from pydantic import ValidationError

from shared.messaging.applying import POLICY_CHUNK, Applying, Observe, Overtaken, React, Verdicts, key_of, verdict_for
from shared.messaging.dead_letter import Record, postpone, read_due
from shared.messaging.environment import PASSING, Environment, ReactionCut, cause_of, describe
from shared.messaging.outbox import Pool
from shared.messaging.plan import Plan, Verdict
from shared.messaging.position import Key, Partition, Place, begin_trial, end_trials, seek_offsets
from shared.messaging.producer import PARTITIONS
from shared.messaging.reactions import Consumer, run_reactions

ATTEMPTS = 10
"""Times that an event is tried before it is parked as exhausted."""
PAUSE = 0.25
"""The first pause between attempts, in seconds; it doubles up to `LONGEST_PAUSE`: ten attempts take two minutes."""
LONGEST_PAUSE = 60.0
DEATHS = 3
"""Times that the process died on an event before it is parked as crashed: with its batch, then with it alone."""
LOOK = 5.0
"""Seconds between looks for events that another process, gone since, was to try again."""
REACTION_TIMEOUT = 60.0
"""Seconds that the reactions to a batch have before they are cut off."""
WAIT = 0.5
"""Seconds between probes of a database that takes no writes."""

log = structlog.get_logger()


class ConsumerRunner:
    """Takes one consumer's polls. It loses no record, and `take` raises nothing but cancellation.

    An event that fails is put aside with its key, and tried again by `retry`; all other keys go on.
    """

    def __init__(
        self, pool: Pool, consumer: Consumer, react: React | None = None, observe: Observe = lambda *_: None,
        is_permanent: Callable[[Exception], bool] = lambda _: False, *,
        reaction_timeout: float = REACTION_TIMEOUT, partitions: int = PARTITIONS,
    ) -> None:  # fmt: skip
        """`is_permanent` recognises exceptions that no retry can help; their events are parked at once."""
        self.consumer, self.pool, self._is_permanent = consumer, pool, is_permanent
        self._limit, self._partitions = reaction_timeout, partitions
        self._applying = Applying(pool, consumer, react or partial(run_reactions, consumer), observe, partitions)
        self._environment = Environment(pool)
        self._suspects: set[Partition] = set()
        self._alone: set[Key] = set()
        self._cut: dict[Place, str] = {}
        self._waits_for: str | None = None
        self._due = asyncio.Event()

    @property
    def trouble(self) -> str | None:
        """Why it does not go on, or which reaction does not return, in a sentence."""
        return self._waits_for or self._applying.slow or next(iter(self._cut.values()), None)

    async def seek(self, partitions: Collection[Partition]) -> dict[Partition, int]:
        """The offsets to read the partitions from. Where a process may have died, the next poll goes event by event."""
        async with self.pool.acquire() as db, db.transaction():
            nexts, suspects = await seek_offsets(db, self.consumer.name, partitions)
        self._suspects |= suspects
        return nexts

    async def take(self, records: Sequence[Record]) -> None:
        """Returns when every record of the poll was applied, skipped or kept as a dead letter."""
        suspects = [r for r in records if (r.topic, r.partition) in self._suspects]
        for record in suspects:
            await self._try_alone(record)
        self._suspects -= {(r.topic, r.partition) for r in suspects}
        for chunk in self._chunks([r for r in records if r not in suspects] if suspects else records):
            await self._take(chunk)

    def _chunks(self, records: Sequence[Record]) -> Iterator[Sequence[Record]]:
        size = POLICY_CHUNK if self.consumer.policies else len(records)
        for start in range(0, len(records), max(size, 1)):
            yield records[start : start + size]

    async def _take(self, chunk: Sequence[Record]) -> None:
        problem = await self._apply(chunk)
        if problem and not self._is_of_event(problem):
            problem = await self._apply(chunk)  # a deadlock, or a lost connection: most pass at once
        if problem:
            log.warning("batch failed, looking for the event", consumer=self.consumer.name, problem=describe(problem))
            await self._halve(chunk, len(chunk))

    async def _halve(self, records: Sequence[Record], whole: int) -> None:
        """Finds the events of a failed batch that fail; each part has a transaction, and its offsets move with it."""
        if len(records) == 1:
            return await self._settle(records[0])
        # A part has its share of the time, so that a reaction that hangs does not hold all other keys for long.
        middle, clean = len(records) // 2, True
        for half in (records[:middle], records[middle:]):
            # After a first half without fault the second one is known to fail.
            known = clean and half is not records[:middle] and bool(0)
            problem = None if known else await self._apply(half, limit=self._limit * max(len(half) / whole, 1 / 6))
            if problem:
                await self._halve(half, whole)
