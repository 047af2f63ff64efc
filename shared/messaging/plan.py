"""What a poll means: which events are applied now, in order, and which records become dead letters. Pure."""

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
    """A record that has a place in the order of its key."""

    record: Record
    envelope: Envelope

    @property
    def key(self) -> Key:
        """Topic and key."""
        return self.record.topic, self.envelope.subject


@dataclass(frozen=True, slots=True)
class Verdict:
    """An event that was found, by trying, to fail: how it is to be kept."""

    state: DeadState
    reason: str


@dataclass(slots=True)
class Plan:
    """The outcome of a poll, to be carried out in one transaction."""

    apply: list[Event] = field(default_factory=list[Event])
    letters: dict[Place, DeadLetter] = field(default_factory=dict[Place, DeadLetter])
    """What is kept, each record once, as it stands at the end of the poll."""
    released: list[DeadLetter] = field(default_factory=list[DeadLetter])
    void: set[Key] = field(default_factory=set[Key])
    """Keys of whole states whose dead letters of earlier polls a newer state or a tombstone made void."""
    positions: dict[Key, Position] = field(default_factory=dict[Key, Position])
    skipped: int = 0

    def keep(self, letter: DeadLetter) -> None:
        """Keeps a record; what was said of it before no longer holds."""
        self.letters[letter.record.place] = letter


def read(records: Iterable[Record]) -> tuple[list[Received], list[DeadLetter]]:
    """Records with a place in their key's order, and those that cannot be read, to be parked under their offset."""
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
    """Walks records in order, key by key, from the positions and the dead letters that the database holds."""

    def __init__(
        self, consumer: Consumer, positions: Mapping[Key, Position], held: Mapping[Key, list[DeadLetter]],
        verdicts: Mapping[UUID, Verdict], *, release: bool = True,
    ) -> None:  # fmt: skip
        """With `release` False the waiting events that follow are left for a transaction of their own."""
        self._consumer, self._verdicts, self._release = consumer, verdicts, release
        self._positions = dict(positions)
        self._held = {key: {letter.sequence: letter for letter in letters} for key, letters in held.items()}
        self.plan = Plan()

    def take(self, one: Received) -> None:
        """Decides about the next record."""
        position = self._position(one)
        sequence = one.envelope.sequence
        if one.record.topic in self._consumer.compacted:
            self._newest(one, position)
        elif sequence <= position.sequence:
            self._repeated(one, position)
        elif position.parked:
            self._keep(one, "parked", f"behind an earlier event of its key, after sequence {position.sequence}")
        elif sequence > position.sequence + 1:
            self._keep(one, "waiting", f"sequence {position.sequence + 1} of its key has not come")
        else:
            self._next(one, position)
        # Also after a repetition: a process that died between an event and the waiting ones that follow it left them.
        if self._release:
            self._follow(one.key, position)

    def _position(self, one: Received) -> Position:
        if one.key not in self._positions:
            base = one.envelope.sequence - 1 if self._consumer.begins == "anywhere" else 0
            self._positions[one.key] = Position(base)
        return self._positions[one.key]

    def _newest(self, one: Received, position: Position) -> None:
        if one.envelope.sequence <= position.sequence:
            self.plan.skipped += 1
            return
        try:
            event = self._state(one)
        except Poison as reason:
            self.plan.keep(DeadLetter(one.record, _state(reason), str(reason), key=one.envelope.subject))
            return
        self._void(one)
        self._applied(one, position, event)

    def _void(self, one: Received) -> None:
        """Older records of the key no longer matter; one that comes after this in the poll does."""
        self.plan.void.add(one.key)
        for place, letter in list(self.plan.letters.items()):
            if (place[0], letter.key) == one.key and place[2] < one.record.offset:
                del self.plan.letters[place]

    def _state(self, one: Received) -> Event | None:
        self._judge(one)
        if one.record.value is None:
            family = next((t for t in self._consumer.types.values() if t.topic == one.record.topic), None)
            return Tombstone.of(family)().within(one.envelope) if family and issubclass(family, State) else None
        return self._event(one)

    def _repeated(self, one: Received, position: Position) -> None:
        # Only the last id of a key is known: two histories of one key are seen where they meet.
        if one.envelope.sequence == position.sequence and position.event_id not in (None, one.envelope.id):
            reason = f"sequence {position.sequence} was applied as event {position.event_id}: two histories of one key"
            self.plan.keep(DeadLetter(one.record, "parked", reason, key=one.envelope.subject))
            position.parked = True
            self._touched(one.key, position)
            self._hold_back(one)
        else:
            self.plan.skipped += 1

    def _next(self, one: Received, position: Position) -> None:
        try:
            self._judge(one)
            event = self._event(one)
        except Poison as reason:
            self._park(one, position, Verdict(_state(reason), str(reason)))
        else:
            self._applied(one, position, event)
            if letter := self._held.get(one.key, {}).pop(one.envelope.sequence, None):
                self.plan.letters.pop(letter.record.place, None)
                self.plan.released.append(letter)

    def _follow(self, key: Key, position: Position) -> None:
        waiting = self._held.get(key, {})
        while not position.parked and (letter := waiting.get(position.sequence + 1)):
            envelope = read_envelope(key[1], letter.record.headers)
            self._next(Received(letter.record, envelope), position)

    def _park(self, one: Received, position: Position, verdict: Verdict) -> None:
        position.parked = True
        self._touched(one.key, position)
        self._keep(one, verdict.state, verdict.reason)
        self._hold_back(one)

    def _hold_back(self, one: Received) -> None:
        """What waited for its turn now waits for the operator, as its key does."""
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
        self._touched(one.key, position)

    def _keep(self, one: Received, state: DeadState, reason: str) -> None:
        envelope = one.envelope
        held = self._held.setdefault(one.key, {})
        before = held.get(envelope.sequence)
        if before and (before.record.place != one.record.place or "waiting" not in (before.state, state)):
            self._kept_already(one, before)
            return
        place = envelope.subject, envelope.sequence, envelope.id, envelope.type
        held[envelope.sequence] = DeadLetter(one.record, state, reason, *place)
        self.plan.keep(held[envelope.sequence])

    def _kept_already(self, one: Received, before: DeadLetter) -> None:
        if before.event_id == one.envelope.id:
            self.plan.skipped += 1
            return
        reason = f"sequence {one.envelope.sequence} is kept as event {before.event_id}: two histories of one key"
        self.plan.keep(DeadLetter(one.record, "parked", reason, key=one.envelope.subject))

    def _touched(self, key: Key, position: Position) -> None:
        self.plan.positions[key] = position

    def _judge(self, one: Received) -> None:
        if verdict := self._verdicts.get(one.envelope.id):
            raise _Judged(verdict)

    def _event(self, one: Received) -> Event | None:
        # A type or version nobody here reacts to is skipped and advances the position, so a producer may deploy first.
        event = self._consumer.types.get(one.envelope.type)
        return read_event(event, one.envelope, one.record.value) if event else None


def _state(reason: Poison) -> DeadState:
    return reason.verdict.state if isinstance(reason, _Judged) else "parked"


class _Judged(Poison):
    def __init__(self, verdict: Verdict) -> None:
        self.verdict = verdict
        super().__init__(verdict.reason)
