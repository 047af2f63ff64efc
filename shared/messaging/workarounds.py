"""Workarounds: all uses of private parts of aiokafka 0.14.0, and of FastStream 0.7.8 beyond its public interface.

No other file does. pyproject.toml pins both versions. Before you take a new one, read each place again upstream, run
the tests named here, and delete those no longer needed.
"""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Any

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer
from aiokafka.errors import KafkaError
from aiokafka.protocol.fetch import FetchRequest

Poll = Callable[[AIOKafkaConsumer], Awaitable[Any]]
Rewrite = Callable[[str, int, bytes], bytes]
"""Takes the topic, the partition and the record batches that Kafka sent, and returns other batches."""


async def start_fenced(producer: AIOKafkaProducer) -> None:
    """Starts a producer that was made with a `transactional_id`, for idempotent sending without transactions.

    Kafka gives each producer of that id the same number and a higher epoch. A partition refuses a batch of a lower
    epoch than it has seen, with transactions or without.

    Why: aiokafka asks for an epoch only with transactions, and those cost several requests for each batch.
    Upstream: no issue found; Kafka's own protocol allows it (InitProducerId, KIP-360).
    Test: tests/integration/messaging/test_relay.py, test_an_older_producer_is_refused.
    Delete when: aiokafka takes a fencing id without transactions.
    """
    await producer.start()
    private: Any = producer
    private._txn_manager.transactional_id = None


async def cut_off(producer: AIOKafkaProducer, patience: float) -> None:
    """Ends a producer at once, so that nothing of it can still send, within about twice `patience` seconds.

    Why: `stop()` waits for ever while Kafka is down, and a cancelled `stop()` leaves the sender and its requests
    running: they may still send after the relay's next producer has.
    Upstream: aio-libs/aiokafka#1101 and #1013, both open.
    Test: tests/integration/messaging/test_relay.py, test_an_aborted_producer_leaves_no_task_behind.
    Delete when: `stop()` takes a timeout, and nothing of the producer runs after it.
    """
    private: Any = producer
    private._closed = True
    sender: asyncio.Task[None] | None = private._sender.sender_task
    if sender is not None:
        sender.cancel()
    with suppress(Exception):
        async with asyncio.timeout(patience):
            await producer.client.close()
    if sender is not None and not sender.done():
        await asyncio.wait([sender], timeout=patience)
        sender.cancel()
    # Wakes every caller that waits for batches that will never be sent, including the producer's own flush.
    private._message_accumulator.fail_all(KafkaError("the producer was cut off"))


async def close_client(consumer: AIOKafkaConsumer) -> None:
    """Closes the connections and tasks of a consumer whose `stop()` failed halfway.

    Why: `stop()` raises the exception of a fetcher that died before it closes the client; a second `stop()` returns at
    once, and the client's tasks run for ever.
    Upstream: no issue found.
    Test: tests/faults/test_kafka_trouble.py, test_a_dead_client_is_reported_and_replaced[fetcher].
    Delete when: `stop()` closes everything before it raises.
    """
    private: Any = consumer
    await private._client.close()


def raise_if_fetcher_died(consumer: AIOKafkaConsumer) -> None:
    """Raises the fetcher task's exception, a KafkaError, if the task has ended.

    Why: `getmany()` never looks at the task, and returns nothing, for ever.
    Upstream: aio-libs/aiokafka#983 is the same symptom; 0.11 removed the cause reported there, and not this one.
    Test: tests/faults/test_kafka_trouble.py, test_a_dead_client_is_reported_and_replaced[fetcher].
    Delete when: `getmany()` raises its fetcher's exception.
    """
    private: Any = consumer
    task: asyncio.Future[None] = private._fetcher.error_future
    if task.done() and not task.cancelled():
        task.result()


def end_failed_poll(consumer: AIOKafkaConsumer) -> None:
    """Makes a `getmany()` that raised count as ended.

    Why: it counts as still running, so the consumer never seems idle, `max_poll_interval_ms` never ends its
    membership, and a process that hangs keeps its partitions.
    Upstream: no issue found (`SubscriptionState.fetch_context` has no `finally`).
    Test: tests/faults/test_kafka_trouble.py, test_a_process_that_hangs_after_such_a_header_loses_its_partitions.
    Delete when: `fetch_context` has a `finally`, or header names are no longer decoded by aiokafka.
    """
    private: Any = consumer
    private._subscription._fetch_count -= 1


def rewrite_fetched(consumer: AIOKafkaConsumer, rewrite: Rewrite) -> None:
    """Passes all record batches that Kafka sends from now on through `rewrite`, before aiokafka reads them.

    Why: Kafka allows any bytes in the name of a header. aiokafka decodes names as UTF-8, a batch at a time, and cannot
    get past a batch where that fails.
    Upstream: no issue found. (ag2ai/faststream#2458 is about header values, which `kafka.py` never decodes.)
    Test: tests/faults/test_kafka_trouble.py, test_a_header_name_that_is_not_utf8_blocks_nothing.
    Delete when: aiokafka gives such names as bytes, or takes a function that decodes them.
    """
    private: Any = consumer
    client = private._client
    send = client.send

    async def send_and_rewrite(node: int, request: Any, **options: Any) -> Any:
        answer = await send(node, request, **options)
        if isinstance(request, FetchRequest):
            answer.topics = [
                (topic, [(number, *rest, rewrite(topic, number, records or b"")) for number, *rest, records in parts])
                for topic, parts in answer.topics or []
            ]
        return answer

    client.send = send_and_rewrite


def rest_when_drained(consumer: AIOKafkaConsumer, wait_ms: int) -> None:
    """Lets a fetch that asks a broker for all of the consumer's partitions there wait up to `wait_ms` for a record.

    Why: such a fetch delays nothing, since its answer comes with the first record. Any other keeps the short
    `fetch_max_wait_ms`: a partition that it leaves out waits until it ends. An idle service costs a fifth this way.
    Upstream: no issue found; aiokafka has one wait for all fetches.
    Test: tests/integration/messaging/test_subscription.py, test_a_drained_consumer_fetches_rarely_and_answers_at_once.
    Delete when: aiokafka fetches a drained partition while another fetch waits.
    """
    private: Any = consumer
    client = private._client
    send = client.send

    async def send_and_rest(node: int, request: Any, **options: Any) -> Any:
        if isinstance(request, FetchRequest):
            asked = sum(len(partitions) for _, partitions in request.topics)
            if asked == sum(client.cluster.leader_for_partition(tp) == node for tp in consumer.assignment()):
                private_request: Any = request
                private_request._max_wait_ms = wait_ms
        return await send(node, request, **options)

    client.send = send_and_rest


def replace_poll(subscriber: Any, poll: Poll) -> None:
    """Makes a FastStream batch subscriber call `poll` for its next batch.

    Why: FastStream's own poll logs what `getmany()` raises and retries after five seconds, for ever; but aiokafka never
    recovers from most of that (a missing permission, a task of its own that died), and the application never learns
    of it.
    Upstream: no issue found.
    Test: tests/faults/test_kafka_trouble.py, test_a_dead_client_is_reported_and_replaced.
    Delete when: FastStream hands errors of its consume loop to the application.
    """
    subscriber.get_msg = poll
