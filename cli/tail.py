"""`entente tail`: shows events as they pass, read from Kafka without a consumer group, so no consumer is disturbed."""

import asyncio
import json
import sys
from collections.abc import AsyncGenerator, Callable, Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Annotated, Any
from uuid import UUID

import typer
from aiokafka import AIOKafkaConsumer, ConsumerRecord, TopicPartition
from rich.console import Console
from rich.text import Text

from local.errors import CommandError
from local.installation import find_settings
from local.terminal.stopping import quieten, until_stopped
from shared.contracts import load_all
from shared.contracts.event import Envelope
from shared.kafka_admin.topics import wanted_topics
from shared.messaging.envelope import Unreadable, read_envelope, read_key
from shared.messaging.producer import PARTITIONS
from shared.service.settings import Settings

PERSON_TOPIC = "entente.partners.person"
FAMILY = "entente."


@dataclass(frozen=True)
class Wanted:
    """Which events are shown, and how."""

    type: str | None = None
    key: UUID | None = None
    personal: bool = False
    as_json: bool = False

    def fits(self, envelope: Envelope) -> bool:
        """Whether this event is asked for: the pattern may leave out `entente.` and the version."""
        names = envelope.type, short(envelope.type), envelope.type.removeprefix(FAMILY)
        return (self.key is None or envelope.subject == str(self.key)) and (
            self.type is None or any(fnmatchcase(name, self.type) for name in names)
        )


def tail(
    type: Annotated[str | None, typer.Option(help="A pattern such as '*.signed' or 'partners.agreement.*'.")] = None,
    key: Annotated[UUID | None, typer.Option(help="Only the events of this aggregate.")] = None,
    from_beginning: Annotated[bool, typer.Option("--from-beginning", help="Begin with the oldest.")] = False,
    stop: Annotated[bool, typer.Option("--stop", help="End when all that there was has been shown.")] = False,
    json: Annotated[bool, typer.Option("--json", help="A JSON object for each line.")] = False,
    personal: Annotated[bool, typer.Option("--personal", help="Show what the person topic says of people.")] = False,
) -> None:
    """Show events as they pass, until Ctrl-C.

    Example: entente tail --type '*.agreement.*' --from-beginning
    """
    quieten()
    settings, wanted = find_settings(), Wanted(type, key, personal, json)
    asyncio.run(until_stopped(_tail(settings, wanted, from_beginning=from_beginning, stop=stop)))


async def _tail(settings: Settings, wanted: Wanted, *, from_beginning: bool, stop: bool) -> None:
    screen = Console(highlight=False, soft_wrap=True)

    def begun(topics: int) -> None:
        print(what_is_read(settings.kafka, topics, from_beginning=from_beginning, stop=stop), file=sys.stderr)

    async for record in records(settings, from_beginning=from_beginning, stop=stop, begun=begun):
        _show(screen, record, wanted, settings.topic_prefix)


def what_is_read(kafka: str, topics: int, *, from_beginning: bool, stop: bool) -> str:
    """What it reads and waits for: an empty screen is not a failure."""
    events = f"events of {topics} topics on {kafka}"
    match from_beginning, stop:
        case True, True:
            return f"Reading all {events}"
        case True, False:
            return f"Reading all {events}, then waiting for new ones; Ctrl-C ends it"
        case False, True:
            return f"Nothing to read of the {events}: add --from-beginning, or leave --stop out"
        case _:
            return f"Waiting for new {events}; --from-beginning shows the earlier ones too, Ctrl-C ends it"


async def records(
    settings: Settings, *, from_beginning: bool, stop: bool, begun: Callable[[int], None]
) -> AsyncGenerator[ConsumerRecord[bytes | None, bytes | None]]:
    """The records of all public topics as they arrive; with `stop`, only the existing ones. Raises CommandError,
    KafkaError.

    Calls `begun` with the number of topics once nothing that comes can be missed. Each poll's records are in the order
    of their times: between topics Kafka knows no other.
    """
    consumer = AIOKafkaConsumer(bootstrap_servers=settings.kafka, enable_auto_commit=False, fetch_max_wait_ms=100)
    try:
        await consumer.start()
        partitions = _partitions(await consumer.topics(), settings.topic_prefix)
        ends = await consumer.end_offsets(partitions)
        begins = await consumer.beginning_offsets(partitions) if from_beginning else ends
        consumer.assign(partitions)
        for partition, offset in begins.items():
            # At once after assign: otherwise the client seeks to the ends, perhaps after our seek.
            consumer.seek(partition, offset)
        begun(len(partitions) // PARTITIONS)
        while not stop or await _behind(consumer, ends):
            found: Mapping[TopicPartition, Sequence[Any]] = await consumer.getmany(timeout_ms=200)
            for record in sorted((r for some in found.values() for r in some), key=lambda r: r.timestamp):
                yield record
    finally:
        await consumer.stop()


def _partitions(there: set[str], prefix: str) -> list[TopicPartition]:
    topics = [prefix + name for name in wanted_topics(load_all().values()) if prefix + name in there]
    if not topics:
        raise CommandError("Kafka has none of the topics: run `entente topics`")
    return [TopicPartition(topic, number) for topic in topics for number in range(PARTITIONS)]


async def _behind(consumer: AIOKafkaConsumer, ends: Mapping[TopicPartition, int]) -> bool:
    for partition, end in ends.items():
        if await consumer.position(partition) < end:
            return True
    return False


def _show(screen: Console, record: ConsumerRecord[bytes | None, bytes | None], wanted: Wanted, prefix: str) -> None:
    try:
        envelope = read_envelope(read_key(record.key), record.headers)
    except Unreadable as problem:
        place = f"{record.topic.removeprefix(prefix)}, partition {record.partition}, offset {record.offset}"
        if wanted.type is None and wanted.key is None and not wanted.as_json:
            screen.print(Text(f"unreadable record in {place}: {problem}", style="red"))
        return
    if wanted.fits(envelope):
        hidden = record.topic.removeprefix(prefix) == PERSON_TOPIC and not wanted.personal
        body = None if hidden else read_body(record.value)
        print(as_json(envelope, body), flush=True) if wanted.as_json else screen.print(as_line(envelope, body))


def read_body(value: bytes | None) -> Any:
    """The body in any version; None for a tombstone, a note for a body that is not JSON."""
    try:
        return None if value is None else json.loads(value)
    except ValueError:
        return "a body that is no JSON"


def as_line(envelope: Envelope, body: Any) -> Text:
    """An event in one line: time, short type, subject, sequence and fields."""
    return Text.assemble(
        (f"{envelope.time.astimezone():%H:%M:%S}  ", "dim"),
        (f"{short(envelope.type):<34} ", "bold"),
        (f"{envelope.subject} ", "cyan"),
        (f"#{envelope.sequence:<3} ", "dim"),
        summary(body, envelope.subject),
    )


def as_json(envelope: Envelope, body: Any) -> str:
    """An event as a JSON object in one line."""
    known = {
        "id": str(envelope.id), "type": envelope.type, "subject": envelope.subject, "sequence": envelope.sequence,
        "time": envelope.time.isoformat(), "source": envelope.source, "body": body,
    }  # fmt: skip
    return json.dumps(known, ensure_ascii=False)


def short(type: str) -> str:
    """`partners.agreement.signed` for `entente.partners.agreement.signed.v1`; the version is named from the second."""
    name = type.removeprefix(FAMILY)
    return name.removesuffix(".v1")


def summary(body: Any, subject: str) -> str:
    """The plain fields of a body in one line, texts in English if there is English."""
    if not isinstance(body, dict):
        return "" if body is None else str(body)
    said = ((name, _plain(value)) for name, value in body.items() if value != subject)
    return ", ".join(f"{name.replace('_', ' ')} {value}" for name, value in said if value)


def _plain(value: Any) -> str:
    match value:
        case None | []:
            return ""
        case {"en": str(text)} | {"zh": str(text)}:
            return _cut(text)
        case dict():
            return ""
        case list():
            return f"{len(value)}" if isinstance(value[0], dict) else " ".join(map(str, value))
        case _:
            return _cut(str(value))


def _cut(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= 60 else f"{line[:59]}…"
