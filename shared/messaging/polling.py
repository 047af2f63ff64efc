"""Polling: the records that aiokafka has fetched for a consumer, or the reason why no more will come."""

import time
from collections.abc import Awaitable, Callable
from itertools import chain
from typing import Any

from aiokafka import AIOKafkaConsumer, ConsumerRecord
from aiokafka.errors import ConsumerStoppedError, KafkaError

from shared.messaging.readable_headers import is_name_error, with_readable_names
from shared.messaging.workarounds import end_failed_poll, raise_if_fetcher_died, rewrite_fetched

IDLE_MS = 1000
"""Milliseconds that a poll waits for records; it ends with the first that are fetched."""
POLL = 2000
"""The maximum number of records in a poll."""

REWRITTEN_WITHIN = 30.0
"""Seconds after which no batch arrives that Kafka sent before header names were rewritten."""

Poll = tuple[ConsumerRecord[Any, Any], ...]


class ClientFailed(Exception):
    """Kafka's client cannot continue; the message says why. A new client may succeed."""


class Poller:
    """Polls for one session with Kafka. The session ends with the first failure.

    A header name that aiokafka cannot decode is not a failure: its record is polled like any other.
    """

    def __init__(self, check: Callable[[AIOKafkaConsumer], Awaitable[None]], reread: Callable[[], None]) -> None:
        """`check` raises if a fetched poll must not be used; `reread` has every partition read again."""
        self._check, self._reread, self._failed = check, reread, False
        self._rewriting_since: float | None = None

    async def poll(self, consumer: AIOKafkaConsumer) -> Poll:
        """The records fetched, perhaps none; raises ClientFailed, or what the check raises."""
        if self._failed:  # FastStream restarts its loop after any exception but this one, which ends it.
            raise ConsumerStoppedError
        try:
            poll = await self._fetched(consumer)
        except Exception as problem:
            self._failed = True
            if isinstance(problem, KafkaError):
                raise ClientFailed(_sentence(consumer, problem)) from problem
            raise
        return poll

    async def _fetched(self, consumer: AIOKafkaConsumer) -> Poll:
        raise_if_fetcher_died(consumer)
        try:
            fetched = await consumer.getmany(timeout_ms=IDLE_MS, max_records=POLL)
        except Exception as problem:
            if is_name_error(problem) and self._rewrite_names(consumer):
                return ()
            raise
        await self._check(consumer)
        return tuple(chain(*fetched.values()))

    def _rewrite_names(self, consumer: AIOKafkaConsumer) -> bool:
        """Rewrites the header names of all that is fetched from now on; False if that was begun and did not help."""
        if self._rewriting_since is None:
            self._rewriting_since = time.monotonic()
            rewrite_fetched(consumer, with_readable_names)
        end_failed_poll(consumer)
        # The failed poll loses the records that it had taken from other partitions.
        self._reread()
        return time.monotonic() < self._rewriting_since + REWRITTEN_WITHIN


def _sentence(consumer: AIOKafkaConsumer, problem: KafkaError) -> str:
    cause = f" because of {problem.__cause__!r}" if problem.__cause__ else ""
    topics = ", ".join(sorted(consumer.subscription()))
    return f"Kafka's client failed with {problem}{cause}; a new one will read {topics} again"
