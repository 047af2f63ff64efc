"""Plan: which events of a poll are applied now, in which order, and which records become dead letters. No I/O."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from uuid import UUID

from aiokafka.partitioner import murmur2

from shared.contracts.event import Envelope, Event, State, Tombstone
from shared.messaging.dead_letter import DeadLetter, Record
from shared.messaging.dead_letter import State as DeadState
from shared.messaging.envelope import Poison, Unreadable, read_envelope, read_event, read_key, read_place
from shared.messaging.position import Key, Place, Position
from shared.messaging.reactions import Consumer


@dataclass(frozen=True, slots=True)
class Received:
    """A record with a place in the order of its key."""

    record: Record
    subject: str
    sequence: int
    envelope: Envelope | None
    """None if another header cannot be read."""
    problem: str = ""
    """Which one."""

    @property
    def key(self) -> Key:
        """Topic and key."""
        return self.record.topic, self.subject

    @property
    def id(self) -> UUID | None:
        """The event's id, if it can be read."""
        return self.envelope and self.envelope.id

    def letter(self, state: DeadState, reason: str, *, in_order: bool = True) -> DeadLetter:
        """This record as a dead letter; unless `in_order` it blocks nothing."""
        type_, sequence = self.envelope and self.envelope.type, self.sequence if in_order else None
        return DeadLetter(self.record, state, reason, self.subject, sequence, self.id, type_)


@dataclass(frozen=True, slots=True)
class Verdict:
    """How to keep an event that was tried and failed."""

    state: DeadState
    reason: str
    attempts: int = 0
    pause: float | None = None
    """Seconds until it is tried again."""


@dataclass(slots=True)
class Plan:
    """The outcome of a poll, to be written in one transaction."""

    apply: list[Event] = field(default_factory=list[Event])
    letters: dict[Place, DeadLetter] = field(default_factory=dict[Place, DeadLetter])
    """The dead letters to write, in their state at the end of the poll."""
    released: list[DeadLetter] = field(default_factory=list[DeadLetter])
    superseded: dict[Key, Place] = field(default_factory=dict[Key, Place])
    """Keys of whole states, and the newer state or tombstone that replaces their earlier dead letters."""
    parked: dict[Key, int] = field(default_factory=dict[Key, int])
    """Keys that are parked at this sequence: all their waiting events are parked behind it."""
    follows: dict[Key, int] = field(default_factory=dict[Key, int])
    """Keys whose event with this sequence, if it waits, is to be applied next, in a transaction of its own."""
    positions: dict[Key, Position] = field(default_factory=dict[Key, Position])
    skipped: int = 0

    def keep(self, letter: DeadLetter) -> None:
        """Adds a dead letter; it replaces an earlier one of the same record."""
        self.letters[letter.record.place] = letter


def read(records: Iterable[Record], partitions: int) -> tuple[list[Received], list[DeadLetter]]:
    """Reads keys and envelopes; a record without a place in the order of a key becomes a dead letter, parked.

    A topic has this many `partitions`: what lies in one that is not its key's could be applied by two processes at
    once.
    """
    received: list[Received] = []
    unreadable: list[DeadLetter] = []
    for record in records:
        key: str | None = None
        try:
            key = read_key(record.key)
            _require_partition(record, partitions)
            received.append(_received(record, key))
        except Unreadable as reason:
            unreadable.append(DeadLetter(record, "parked", str(reason), key=key))
    return received, unreadable


def _received(record: Record, key: str) -> Received:
    try:
        envelope = read_envelope(key, record.headers)
        return Received(record, key, envelope.sequence, envelope)
    except Unreadable as reason:
        return Received(record, key, read_place(key, record.headers, reason), None, str(reason))


def _require_partition(record: Record, partitions: int) -> None:
    own = _partition_of(record.key or b"", partitions)
    if record.partition != own:
        raise Unreadable(f"the record lies in partition {record.partition}, and its key's is {own}")


@lru_cache(100_000)
def _partition_of(key: bytes, partitions: int) -> int:
    """The partition of a key by Kafka's default partitioner; uncached it takes 19 µs."""
    return (murmur2(key) & 0x7FFFFFFF) % partitions


class Planner:
    """Takes records in order, starting from the positions and dead letters that the database holds."""

    def __init__(
        self, consumer: Consumer, positions: Mapping[Key, Position], held: Mapping[Key, Collection[DeadLetter]],
        verdicts: Mapping[UUID | None, Verdict], *, release: bool = True, most: int = 500,
    ) -> None:  # fmt: skip
        """`held` has of each key at most the next `most` that wait.

        Without `release`, waiting events that follow are left to a transaction of their own.
        """
        self._consumer, self._verdicts, self._release = consumer, verdicts, release
        self._positions = dict(positions)
        self._held = {k: {d.sequence: d for d in ds if d.sequence is not None} for k, ds in held.items()}
        self._unread = {k: d for k, ds in held.items() for d in ds if d.sequence is None and d.event_id is None}
        self._more = {k for k, ds in held.items() if sum(d.state == "waiting" for d in ds) >= most}
        self.plan = Plan()

    def keep_unreadable(self, letter: DeadLetter) -> None:
        """Plans a record without a place in the order of its key."""
        if letter.key is not None:
            self._unread[letter.record.topic, letter.key] = letter
        self.plan.keep(letter)

    def take(self, one: Received) -> None:
        """Plans the next record."""
        position = self._position(one)
        held = self._held.get(one.key, {}).get(one.sequence)
        if one.record.topic in self._consumer.compacted:
            self._take_state(one, position)
        elif one.sequence <= position.sequence:
            self._take_repetition(one, position)
        elif position.parked:
            self._keep(one, "parked", f"behind an earlier event of its key, after sequence {position.sequence}")
        elif one.sequence > position.sequence + 1:
            self._keep(one, "waiting", self._why_waiting(one.key, position.sequence + 1))
        elif held and held.pause is not None:
            self._keep_second(one, held)  # it failed, and is tried again when it is due
        else:
            self._take_next(one, position)
        # After a redelivery too: a process may have died between an event and the waiting ones that follow it.
        self._release_waiting(one.key, position)

    def retry(self, one: Received) -> bool:
        """Plans a waiting record that is due; False if its predecessor must come first."""
        position = self._position(one)
        state = one.record.topic in self._consumer.compacted
        if one.sequence > position.sequence + 1 and not state:
            return False
        if one.sequence <= position.sequence:
            self.plan.released.append(one.letter("waiting", ""))  # it was applied meanwhile
        elif state:
            self._take_state(one, position)
        else:
            self._held.setdefault(one.key, {})[one.sequence] = one.letter("waiting", "")
            self._take_next(one, position)
        self._release_waiting(one.key, position)
        return True

    def _position(self, one: Received) -> Position:
        if one.key not in self._positions:
            base = one.sequence - 1 if self._consumer.begins == "anywhere" else 0
            self._positions[one.key] = Position(base)
        return self._positions[one.key]

    def _why_waiting(self, key: Key, missing: int) -> str:
        before, unread = self._held.get(key, {}).get(missing), self._unread.get(key)
        if before:
            return f"sequence {missing} of its key failed and is tried again"
        if unread:
            _, partition, offset = unread.record.place
            return (
                f"sequence {missing} of its key has not come, unless it is the parked record at partition {partition},"
                f" offset {offset}: then it waits for an operator"
            )
        return f"sequence {missing} of its key has not come"

    def _take_state(self, one: Received, position: Position) -> None:
        if one.sequence <= position.sequence:
            self.plan.skipped += 1
            return
        try:
            event = self._state_event(one)
        except Poison as reason:
            verdict = _verdict_of(reason)
            letter = one.letter(verdict.state, verdict.reason, in_order=False)
            self.plan.keep(replace(letter, attempts=verdict.attempts, pause=verdict.pause))
            return
        self._supersede(one)
        self._applied(one, position, event)

    def _supersede(self, one: Received) -> None:
        """Drops older records of the key; one that comes later in the poll is still kept."""
        self.plan.superseded[one.key] = one.record.place
        for place, letter in list(self.plan.letters.items()):
            if (place[0], letter.key) == one.key and place[2] < one.record.offset:
                del self.plan.letters[place]

    def _state_event(self, one: Received) -> Event | None:
        self._require_no_verdict(one)
        if one.record.value is None and one.envelope is not None:
            family = next((t for t in self._consumer.types.values() if t.topic == one.record.topic), None)
            return Tombstone.of(family)().within(one.envelope) if family and issubclass(family, State) else None
        return self._event(one)

    def _take_repetition(self, one: Received, position: Position) -> None:
        # Only the last event id of a key is known: two histories of one key are detected where they meet.
        if one.envelope is None:
            reason = f"{one.problem}; sequence {one.sequence} of its key was applied before"
            self.plan.keep(one.letter("parked", reason, in_order=False))
        elif one.sequence == position.sequence and position.event_id not in (None, one.id):
            reason = f"sequence {position.sequence} was applied as event {position.event_id}: two histories of one key"
            self.plan.keep(one.letter("parked", reason, in_order=False))
            self._park_key(one, position)
        else:
            self.plan.skipped += 1

    def _take_next(self, one: Received, position: Position) -> None:
        try:
            self._require_no_verdict(one)
            event = self._event(one)
        except Poison as reason:
            self._fail(one, position, _verdict_of(reason))
        else:
            self._applied(one, position, event)
            if letter := self._held.get(one.key, {}).pop(one.sequence, None):
                self.plan.letters.pop(letter.record.place, None)
                self.plan.released.append(letter)

    def _release_waiting(self, key: Key, position: Position) -> None:
        waiting = self._held.get(key, {})
        while self._release and not position.parked and (letter := waiting.get(position.sequence + 1)):
            if letter.pause is not None:
                return
            self._take_next(_received(letter.record, key[1]), position)
        if not position.parked and (key in self._more or position.sequence + 1 in waiting):
            self.plan.follows[key] = position.sequence + 1

    def _fail(self, one: Received, position: Position, verdict: Verdict) -> None:
        if verdict.state != "waiting":
            self._park_key(one, position)
        self._move(one.key, position)  # with `begins="anywhere"` it is the base of what follows
        self._keep(one, verdict.state, verdict.reason, verdict)

    def _park_key(self, one: Received, position: Position) -> None:
        """Its waiting events are parked with it."""
        position.parked = True
        self._move(one.key, position)
        self.plan.parked[one.key] = one.sequence
        for sequence, letter in self._held.get(one.key, {}).items():
            if letter.state == "waiting" and sequence != one.sequence:
                parked = replace(
                    letter, state="parked", reason=f"behind sequence {one.sequence} of its key", pause=None
                )
                self._held[one.key][sequence] = parked
                self.plan.keep(parked)

    def _applied(self, one: Received, position: Position, event: Event | None) -> None:
        if event is not None:
            self.plan.apply.append(event)
        else:
            self.plan.skipped += 1
        position.sequence, position.event_id = one.sequence, one.id
        self._move(one.key, position)

    def _keep(self, one: Received, state: DeadState, reason: str, verdict: Verdict | None = None) -> None:
        held = self._held.setdefault(one.key, {})
        before = held.get(one.sequence)
        if before and (before.record.place != one.record.place or "waiting" not in (before.state, state)):
            self._keep_second(one, before)
            return
        letter = one.letter(state, reason)
        if verdict:
            letter = replace(letter, attempts=verdict.attempts, pause=verdict.pause)
        held[one.sequence] = letter
        self.plan.keep(letter)

    def _keep_second(self, one: Received, before: DeadLetter) -> None:
        if before.record.place == one.record.place or (one.id is not None and before.event_id == one.id):
            self.plan.skipped += 1
            return
        reason = f"sequence {one.sequence} is kept as event {before.event_id}: two histories of one key"
        self.plan.keep(one.letter("parked", one.problem or reason, in_order=False))

    def _move(self, key: Key, position: Position) -> None:
        self.plan.positions[key] = position

    def _require_no_verdict(self, one: Received) -> None:
        if verdict := self._verdicts.get(one.id):
            raise _KnownToFail(verdict)

    def _event(self, one: Received) -> Event | None:
        if one.envelope is None:
            raise Poison(one.problem)
        # A type or version without a reaction is skipped and advances the position, so a producer may deploy first.
        event = self._consumer.types.get(one.envelope.type)
        return read_event(event, one.envelope, one.record.value) if event else None


def _verdict_of(reason: Poison) -> Verdict:
    return reason.verdict if isinstance(reason, _KnownToFail) else Verdict("parked", str(reason))


class _KnownToFail(Poison):
    def __init__(self, verdict: Verdict) -> None:
        self.verdict = verdict
        super().__init__(verdict.reason)
