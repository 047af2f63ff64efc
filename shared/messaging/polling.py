"""Polls: what aiokafka has fetched for a consumer, or the reason why there will be nothing more."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from itertools import chain
from typing import Any

from aiokafka import AIOKafkaConsumer, ConsumerRecord
from aiokafka.errors import ConsumerStoppedError, KafkaError

from shared.messaging.header_names import is_of_a_name, mend_answers

IDLE_MS = 50
"""Milliseconds that a look at what was fetched waits, and again as long when there was nothing."""
POLL = 2000
"""Records a poll at most."""

MENDS_WITHIN = 30.0
"""Seconds after which nothing comes that was on its way before names of headers were mended."""

Poll = tuple[ConsumerRecord[Any, Any], ...]


class NoMorePolls(Exception):
    """Kafka's client refuses to go on; the text says why. It may be made anew."""


class Polls:
    """The polls of one session with Kafka; the first trouble is the last thing that comes of it.

    FastStream's own way to a poll catches every error of Kafka, tells nobody, and asks again every five seconds. But
    aiokafka never recovers from most of what it raises there: a right that is missing, a task of its own that died.
    A record with a header that aiokafka cannot decode is no such trouble: it comes like any other.
    """

    def __init__(self, check: Callable[[AIOKafkaConsumer], Awaitable[None]], forget: Callable[[], None]) -> None:
        """`check` raises what forbids to take a poll that was fetched; `forget` has everything read again."""
        self._check, self._forget, self._ended = check, forget, False
        self._mending_since: float | None = None

    async def next(self, consumer: AIOKafkaConsumer) -> Poll:
        """What was fetched, perhaps nothing; raises NoMorePolls, or what the check raises."""
        if self._ended:  # FastStream begins its loop again after an exception, and ends it for good by this one.
            raise ConsumerStoppedError
        try:
            poll = await self._fetched(consumer)
        except Exception as problem:
            self._ended = True
            if isinstance(problem, KafkaError):
                raise NoMorePolls(_sentence(consumer, problem)) from problem
            raise
        if not poll:
            await asyncio.sleep(IDLE_MS / 1000)
        return poll

    async def _fetched(self, consumer: AIOKafkaConsumer) -> Poll:
        _look_for_death(consumer)
        try:
            fetched = await consumer.getmany(timeout_ms=IDLE_MS, max_records=POLL)
        except Exception as problem:
            if is_of_a_name(problem) and self._mends(consumer):
                return ()
            raise
        await self._check(consumer)
        return tuple(chain(*fetched.values()))

    def _mends(self, consumer: AIOKafkaConsumer) -> bool:
        """Has names of headers mended in what is fetched from now on; False when that was begun and did not help."""
        client: Any = consumer._client  # pyright: ignore[reportPrivateUsage]
        if self._mending_since is None:
            self._mending_since = time.monotonic()
            mend_answers(client)
        # getmany, left by an exception, counts as running: how long nothing was polled would never be looked at again.
        consumer._subscription._fetch_count -= 1  # pyright: ignore
        # It took along what it had in hand of other partitions.
        self._forget()
        return time.monotonic() < self._mending_since + MENDS_WITHIN


def _look_for_death(consumer: AIOKafkaConsumer) -> None:
    """Raises what the fetcher's task died of; aiokafka 0.14 itself never looks, and would answer "nothing" for ever."""
    fetching: asyncio.Future[None] = consumer._fetcher.error_future  # pyright: ignore
    if fetching.done() and not fetching.cancelled():
        fetching.result()


def _sentence(consumer: AIOKafkaConsumer, problem: KafkaError) -> str:
    cause = f" because of {problem.__cause__!r}" if problem.__cause__ else ""
    topics = ", ".join(sorted(consumer.subscription()))
    return f"Kafka's client ended with {problem}{cause}; it is made anew, and reads {topics} again"
