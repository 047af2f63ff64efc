"""Records of the directory's topics made by hand, and a consumer's tables in memory."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid5

from shared.contracts.event import Envelope, Event
from shared.contracts.organisation import OrganisationEvent, OrganisationRegistered
from shared.contracts.person import PersonErased, PersonEvent, PersonState
from shared.contracts.values import Text
from shared.messaging.dead_letter import DeadLetter, Place, Record
from shared.messaging.envelope import to_headers
from shared.messaging.outbox import Connection
from shared.messaging.plan import Plan, Planner, Verdict, read
from shared.messaging.position import Key, Position
from shared.messaging.reactions import Begins, Consumer, projection

FACTS, STATES = OrganisationEvent.topic, PersonEvent.topic
NOON = datetime(2026, 11, 26, 12, tzinfo=UTC)
SPACE = UUID(int=7)


async def organisations(events: Sequence[OrganisationEvent], db: Connection) -> None:
    """A projection of facts."""


async def people(events: Sequence[PersonEvent], db: Connection) -> None:
    """A projection of whole states."""


def consumer(begins: Begins = "beginning") -> Consumer:
    """A consumer of facts and states."""
    rows = [projection(organisations, tables=[]), projection(people, tables=[])]
    return Consumer("copies", projections=rows, begins=begins)


def key(number: int) -> UUID:
    """The id of aggregate `number`."""
    return uuid5(SPACE, f"key {number}")


def event_id(number: int, sequence: int, history: str = "") -> UUID:
    """The id of an event, the same for every delivery."""
    return uuid5(SPACE, f"event {number} {sequence} {history}")


def fact(number: int) -> OrganisationRegistered:
    """An organisation's event."""
    return OrganisationRegistered(
        organisation_id=key(number), status="active", kind="university", sort_key="university",
        name=Text(en=f"University {number}"),
        country="GB", city=Text(en="Birmingham"), identifiers=[], party=key(number), acting=None,
    )  # fmt: skip


def state(number: int) -> PersonState:
    """A person's state."""
    return PersonState(person_id=key(number), name=Text(zh="江"), accounts=[], offices=[])


def record(
    number: int, sequence: int, offset: int, *, event: Event | None = None, history: str = "", type: str | None = None,
    without: str | None = None, partition: int = 0, **raw: Any,
) -> Record:  # fmt: skip
    """A record of aggregate `number`: a fact unless `event` says otherwise; `raw` replaces key or value as bytes."""
    event = event or fact(number)
    value = None if isinstance(event, PersonErased) else event.model_dump_json().encode()
    subject = str(key(number))
    envelope = Envelope(event_id(number, sequence, history), type or event.type, subject, sequence, NOON, "/t/partners")
    headers = [(name, value) for name, value in to_headers(envelope) if name != without]
    given = {"key": subject.encode(), "value": value} | raw
    return Record(event.topic, partition, offset, given["key"], given["value"], headers)


@dataclass
class Memory:
    """One consumer's tables, written as `ConsumerRunner` writes them."""

    consumer: Consumer = field(default_factory=consumer)
    positions: dict[Key, Position] = field(default_factory=dict[Key, Position])
    letters: dict[Place, DeadLetter] = field(default_factory=dict[Place, DeadLetter])
    applied: list[Event] = field(default_factory=list[Event])

    def poll(self, *records: Record, verdicts: Mapping[UUID, Verdict] | None = None, release: bool = True) -> Plan:
        """Processes one poll."""
        plan = self.plan(records, verdicts or {}, release)
        self.applied += plan.apply
        for place, letter in list(self.letters.items()):
            if (place[0], letter.key) in plan.superseded:
                del self.letters[place]
        self.letters |= plan.letters
        for letter in plan.released:
            self.letters.pop(letter.record.place, None)
        self.positions |= plan.positions
        return plan

    def plan(self, records: Iterable[Record], verdicts: Mapping[UUID, Verdict], release: bool) -> Plan:
        """The plan of one poll."""
        received, unreadable = read(records)
        held: dict[Key, list[DeadLetter]] = {}
        for letter in self.letters.values():
            if letter.sequence is not None and letter.key is not None:
                held.setdefault((letter.record.topic, letter.key), []).append(letter)
        positions = {k: Position(p.sequence, p.event_id, p.parked) for k, p in self.positions.items()}
        planner = Planner(self.consumer, positions, held, verdicts, release=release)
        for letter in unreadable:
            planner.plan.keep(letter)
        for one in received:
            planner.take(one)
        return planner.plan

    @property
    def order(self) -> dict[UUID, list[int]]:
        """The applied sequences by key, in order."""
        found: dict[UUID, list[int]] = {}
        for event in self.applied:
            found.setdefault(UUID(event.envelope.subject), []).append(event.envelope.sequence)
        return found

    @property
    def kept(self) -> dict[int, str]:
        """The state of each dead letter, by offset."""
        return {place[2]: letter.state for place, letter in sorted(self.letters.items())}
