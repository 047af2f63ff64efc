"""Polls: what aiokafka has fetched for a consumer, or the reason why there will be nothing more."""

import asyncio
from collections.abc import Awaitable, Callable
from itertools import chain
from typing import Any

from aiokafka import AIOKafkaConsumer, ConsumerRecord
from aiokafka.errors import ConsumerStoppedError, KafkaError

IDLE_MS = 50
"""Milliseconds that a look at what was fetched waits, and again as long when there was nothing."""
POLL = 2000
"""Records a poll at most."""

Poll = tuple[ConsumerRecord[Any, Any], ...]


class NoMorePolls(Exception):
    """Kafka's client refuses to go on; the text says why. It may be made anew."""


class Polls:
    """The polls of one session with Kafka; the first trouble is the last thing that comes of it.

    FastStream's own way to a poll catches every error of Kafka, tells nobody, and asks again every five seconds. But
    aiokafka never recovers from most of what it raises there: a right that is missing, a task of its own that died.
    """

    def __init__(self, check: Callable[[AIOKafkaConsumer], Awaitable[None]]) -> None:
        """`check` raises what forbids to take a poll that was fetched."""
        self._check, self._ended = check, False

    async def next(self, consumer: AIOKafkaConsumer) -> Poll:
        """What was fetched, perhaps nothing; raises NoMorePolls, or what the check raises."""
        if self._ended:  # FastStream begins its loop again after an exception, and ends it for good by this one.
            raise ConsumerStoppedError
        try:
            _look_for_death(consumer)
            fetched = await consumer.getmany(timeout_ms=IDLE_MS, max_records=POLL)
            await self._check(consumer)
        except KafkaError as problem:
            self._ended = True
            raise NoMorePolls(_sentence(consumer, problem)) from problem
        except Exception:
            self._ended = True
            raise
        if not fetched:
            await asyncio.sleep(IDLE_MS / 1000)
        return tuple(chain(*fetched.values()))


def _look_for_death(consumer: AIOKafkaConsumer) -> None:
    """Raises what the fetcher's task died of; aiokafka 0.14 itself never looks, and would answer "nothing" for ever."""
    fetching: asyncio.Future[None] = consumer._fetcher.error_future  # pyright: ignore
    if fetching.done() and not fetching.cancelled():
        fetching.result()


def _sentence(consumer: AIOKafkaConsumer, problem: KafkaError) -> str:
    cause = f" because of {problem.__cause__!r}" if problem.__cause__ else ""
    topics = ", ".join(sorted(consumer.subscription()))
    return f"Kafka's client ended with {problem}{cause}; it is made anew, and reads {topics} again"
