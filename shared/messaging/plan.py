"""Plan: which events of a poll are applied now, in which order, and which records become dead letters. No I/O."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from uuid import UUID

from shared.contracts.event import Envelope, Event, State, Tombstone
from shared.messaging.dead_letter import DeadLetter, Place, Record
from shared.messaging.dead_letter import State as DeadState
from shared.messaging.envelope import Poison, Unreadable, read_envelope, read_event, read_key
from shared.messaging.position import Key, Position
from shared.messaging.reactions import Consumer


@dataclass(frozen=True, slots=True)
class Received:
    """A record with a readable key and envelope, so it has a place in the order of its key."""

    record: Record
    envelope: Envelope

    @property
    def key(self) -> Key:
        """Topic and key."""
        return self.record.topic, self.envelope.subject


@dataclass(frozen=True, slots=True)
class Verdict:
    """How to keep an event that was tried and failed."""

    state: DeadState
    reason: str


@dataclass(slots=True)
class Plan:
    """The outcome of a poll, to be written in one transaction."""

    apply: list[Event] = field(default_factory=list[Event])
    letters: dict[Place, DeadLetter] = field(default_factory=dict[Place, DeadLetter])
    """The dead letters to write, in their state at the end of the poll."""
    released: list[DeadLetter] = field(default_factory=list[DeadLetter])
    superseded: set[Key] = field(default_factory=set[Key])
    """Keys of whole states whose earlier dead letters a newer state or a tombstone replaces."""
    positions: dict[Key, Position] = field(default_factory=dict[Key, Position])
    skipped: int = 0

    def keep(self, letter: DeadLetter) -> None:
        """Adds a dead letter; it replaces an earlier one of the same record."""
        self.letters[letter.record.place] = letter


def read(records: Iterable[Record]) -> tuple[list[Received], list[DeadLetter]]:
    """Reads keys and envelopes; where that fails, the record becomes a dead letter, parked under its offset."""
    received: list[Received] = []
    unreadable: list[DeadLetter] = []
    for record in records:
        key: str | None = None
        try:
            key = read_key(record.key)
            received.append(Received(record, read_envelope(key, record.headers)))
        except Unreadable as reason:
            unreadable.append(DeadLetter(record, "parked", str(reason), key=key))
    return received, unreadable


class Planner:
    """Takes records in order, starting from the positions and dead letters that the database holds."""

    def __init__(
        self, consumer: Consumer, positions: Mapping[Key, Position], held: Mapping[Key, list[DeadLetter]],
        verdicts: Mapping[UUID, Verdict], *, release: bool = True,
    ) -> None:  # fmt: skip
        """Without `release`, waiting events that follow are left to a transaction of their own."""
        self._consumer, self._verdicts, self._release = consumer, verdicts, release
        self._positions = dict(positions)
        self._held = {key: {letter.sequence: letter for letter in letters} for key, letters in held.items()}
        self.plan = Plan()

    def take(self, one: Received) -> None:
        """Plans the next record."""
        position = self._position(one)
        sequence = one.envelope.sequence
        if one.record.topic in self._consumer.compacted:
            self._take_state(one, position)
        elif sequence <= position.sequence:
            self._take_repetition(one, position)
        elif position.parked:
            self._keep(one, "parked", f"behind an earlier event of its key, after sequence {position.sequence}")
        elif sequence > position.sequence + 1:
            self._keep(one, "waiting", f"sequence {position.sequence + 1} of its key has not come")
        else:
            self._take_next(one, position)
        # After a redelivery too: a process may have died between an event and the waiting ones that follow it.
        if self._release:
            self._release_waiting(one.key, position)

    def _position(self, one: Received) -> Position:
        if one.key not in self._positions:
            base = one.envelope.sequence - 1 if self._consumer.begins == "anywhere" else 0
            self._positions[one.key] = Position(base)
        return self._positions[one.key]

    def _take_state(self, one: Received, position: Position) -> None:
        if one.envelope.sequence <= position.sequence:
            self.plan.skipped += 1
            return
        try:
            event = self._state_event(one)
        except Poison as reason:
            self.plan.keep(DeadLetter(one.record, _state_of(reason), str(reason), key=one.envelope.subject))
            return
        self._supersede(one)
        self._applied(one, position, event)

    def _supersede(self, one: Received) -> None:
        """Drops older records of the key; one that comes later in the poll is still kept."""
        self.plan.superseded.add(one.key)
        for place, letter in list(self.plan.letters.items()):
            if (place[0], letter.key) == one.key and place[2] < one.record.offset:
                del self.plan.letters[place]

    def _state_event(self, one: Received) -> Event | None:
        self._require_no_verdict(one)
        if one.record.value is None:
            family = next((t for t in self._consumer.types.values() if t.topic == one.record.topic), None)
            return Tombstone.of(family)().within(one.envelope) if family and issubclass(family, State) else None
        return self._event(one)

    def _take_repetition(self, one: Received, position: Position) -> None:
        # Only the last event id of a key is known: two histories of one key are detected where they meet.
        if one.envelope.sequence == position.sequence and position.event_id not in (None, one.envelope.id):
            reason = f"sequence {position.sequence} was applied as event {position.event_id}: two histories of one key"
            self.plan.keep(DeadLetter(one.record, "parked", reason, key=one.envelope.subject))
            position.parked = True
            self._move(one.key, position)
            self._park_waiting(one)
        else:
            self.plan.skipped += 1

    def _take_next(self, one: Received, position: Position) -> None:
        try:
            self._require_no_verdict(one)
            event = self._event(one)
        except Poison as reason:
            self._park(one, position, Verdict(_state_of(reason), str(reason)))
        else:
            self._applied(one, position, event)
            if letter := self._held.get(one.key, {}).pop(one.envelope.sequence, None):
                self.plan.letters.pop(letter.record.place, None)
                self.plan.released.append(letter)

    def _release_waiting(self, key: Key, position: Position) -> None:
        waiting = self._held.get(key, {})
        while not position.parked and (letter := waiting.get(position.sequence + 1)):
            envelope = read_envelope(key[1], letter.record.headers)
            self._take_next(Received(letter.record, envelope), position)

    def _park(self, one: Received, position: Position, verdict: Verdict) -> None:
        position.parked = True
        self._move(one.key, position)
        self._keep(one, verdict.state, verdict.reason)
        self._park_waiting(one)

    def _park_waiting(self, one: Received) -> None:
        """The waiting events of the key are parked with it."""
        for letter in list(self._held.get(one.key, {}).values()):
            if letter.state == "waiting" and letter.sequence != one.envelope.sequence:
                envelope = read_envelope(one.key[1], letter.record.headers)
                self._keep(Received(letter.record, envelope), "parked", f"behind sequence {one.envelope.sequence}")

    def _applied(self, one: Received, position: Position, event: Event | None) -> None:
        if event is not None:
            self.plan.apply.append(event)
        else:
            self.plan.skipped += 1
        position.sequence, position.event_id = one.envelope.sequence, one.envelope.id
        self._move(one.key, position)

    def _keep(self, one: Received, state: DeadState, reason: str) -> None:
        envelope = one.envelope
        held = self._held.setdefault(one.key, {})
        before = held.get(envelope.sequence)
        if before and (before.record.place != one.record.place or "waiting" not in (before.state, state)):
            self._keep_second(one, before)
            return
        place = envelope.subject, envelope.sequence, envelope.id, envelope.type
        held[envelope.sequence] = DeadLetter(one.record, state, reason, *place)
        self.plan.keep(held[envelope.sequence])

    def _keep_second(self, one: Received, before: DeadLetter) -> None:
        if before.event_id == one.envelope.id:
            self.plan.skipped += 1
            return
        reason = f"sequence {one.envelope.sequence} is kept as event {before.event_id}: two histories of one key"
        self.plan.keep(DeadLetter(one.record, "parked", reason, key=one.envelope.subject))

    def _move(self, key: Key, position: Position) -> None:
        self.plan.positions[key] = position

    def _require_no_verdict(self, one: Received) -> None:
        if verdict := self._verdicts.get(one.envelope.id):
            raise _KnownToFail(verdict)

    def _event(self, one: Received) -> Event | None:
        # A type or version without a reaction is skipped and advances the position, so a producer may deploy first.
        event = self._consumer.types.get(one.envelope.type)
        return read_event(event, one.envelope, one.record.value) if event else None


def _state_of(reason: Poison) -> DeadState:
    return reason.verdict.state if isinstance(reason, _KnownToFail) else "parked"


class _KnownToFail(Poison):
    def __init__(self, verdict: Verdict) -> None:
        self.verdict = verdict
        super().__init__(verdict.reason)
