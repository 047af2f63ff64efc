"""Environment: tells trouble of the database, which passes by itself, from an event that fails."""

import asyncio
import random
from collections import defaultdict
from contextlib import suppress

import asyncpg
from pydantic import ValidationError

from shared.messaging.outbox import Pool
from shared.messaging.position import Place

SEVERAL = 3
"""Events that fail with one class of error, and none succeeds in between: then it is not the events."""
PROBE_TIMEOUT = 10.0

CONNECTION_LOST = (
    asyncpg.PostgresConnectionError,
    asyncpg.AdminShutdownError,
    asyncpg.CrashShutdownError,
    asyncpg.CannotConnectNowError,
    asyncpg.IdleInTransactionSessionTimeoutError,
    asyncpg.InsufficientResourcesError,
    ConnectionError,
)
PASSING = (
    *CONNECTION_LOST,
    asyncpg.DeadlockDetectedError,
    asyncpg.SerializationError,
    asyncpg.ReadOnlySQLTransactionError,  # a failover
    asyncpg.InsufficientPrivilegeError,
    asyncpg.InvalidAuthorizationSpecificationError,
    asyncpg.LockNotAvailableError,  # a migration, or somebody else's transaction
    asyncpg.UndefinedTableError,  # code older or newer than the schema
    asyncpg.UndefinedColumnError,
    asyncpg.InvalidCachedStatementError,
)
"""The database refuses, whatever the event: it is tried again, and no attempt counts. A statement that times out is not
here: an event that always causes it fails."""

# The kit's own writes of a consumer's transaction, under a name of its own, so that they wait for no other.
PROBE = (
    "insert into offsets (consumer, topic, partition, next) values ($1, '', 0, 0)",
    "insert into positions (consumer, topic, key, sequence) values ($1, '', '', 0)",
    """insert into dead_letter (consumer, topic, partition, "offset", state, reason, headers)
        values ($1, '', 0, 0, 'parked', '', '[]')""",
)


class ReactionCut(Exception):
    """A reaction that did not return in time, and was cut off."""


class Environment:
    """What a consumer knows of its database: whether it takes writes, and which errors come from it."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool
        self._failing: dict[type[Exception], set[Place]] = defaultdict(set)

    async def takes_writes(self) -> bool:
        """Whether the database takes what a consumer writes; tries it and rolls back."""
        with suppress(Exception):
            async with asyncio.timeout(PROBE_TIMEOUT), self._pool.acquire() as db:
                transaction = db.transaction()
                await transaction.start()
                try:
                    name = f"probe {random.getrandbits(64):x}"
                    for statement in PROBE:
                        await db.execute(statement, name)
                finally:
                    await transaction.rollback()
                return True
        return False

    def is_passing(self, problem: Exception) -> bool:
        """Whether the error is of the database, whatever the event."""
        return isinstance(problem, PASSING)

    def is_to_blame(self, problem: Exception, place: Place) -> bool:
        """Whether the failure of the event at this place comes from the environment, so that it must not count.

        Either the error says so, or several events fail alike while none succeeds.
        """
        if not self._fails_alike(problem):
            self._failing[type(problem)].add(place)
        return self.is_passing(problem) or self._fails_alike(problem)

    def lasts(self, problem: Exception) -> bool:
        """Whether the database refuses event after event."""
        return self.is_passing(problem) and self._fails_alike(problem)

    def _fails_alike(self, problem: Exception) -> bool:
        return len(self._failing.get(type(problem), ())) >= SEVERAL

    def succeeded(self) -> None:
        """Notes that an event had its effect."""
        self._failing.clear()


def cause_of(problem: Exception) -> Exception:
    """The error that says most: leaving the transaction of a lost connection raises another one, which hides it."""
    chain: list[BaseException] = [problem]
    while chain[-1].__context__ is not None and chain[-1].__context__ not in chain:
        chain.append(chain[-1].__context__)
    for kind in (ReactionCut, CONNECTION_LOST):
        for one in chain:
            if isinstance(one, kind):
                return one
    return problem


def describe(problem: BaseException) -> str:
    """The error in a sentence, without personal data."""
    if isinstance(problem, ValidationError):
        # Pydantic's own text repeats the input, which may be a person's data.
        return "; ".join(f"{'.'.join(map(str, e['loc']))}: {e['msg']}" for e in problem.errors(include_input=False))
    return f"{type(problem).__name__}: {problem}"
