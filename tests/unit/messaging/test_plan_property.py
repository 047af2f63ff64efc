"""Whatever the order, the polls and the redeliveries, each event takes effect once, in order."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from shared.messaging.dead_letter import Record
from tests.unit.messaging.scene import Memory, event_id, key, record

LATER = "entente.partners.organisation.dissolved.v1"


@dataclass(frozen=True)
class Story:
    """What happened to some aggregates, and how Kafka delivered it."""

    lengths: Sequence[int]
    poison: dict[int, int]
    """The first broken sequence of each key that has one."""
    unknown: frozenset[tuple[int, int]]
    polls: Sequence[Sequence[Record]]


@st.composite
def stories(draw: st.DrawFn) -> Story:
    """Every event at least once, in any order, in polls of any size."""
    lengths = draw(st.lists(st.integers(1, 6), min_size=1, max_size=4))
    events = [(number, sequence) for number, length in enumerate(lengths) for sequence in range(1, length + 1)]
    repeated = draw(st.lists(st.sampled_from(events), max_size=8))
    order = draw(st.permutations(events + repeated))
    poison = draw(st.dictionaries(st.integers(0, len(lengths) - 1), st.integers(1, 6), max_size=2))
    unknown = draw(st.frozensets(st.sampled_from(events), max_size=3))
    records = [_record(event, offset, poison, unknown) for offset, event in enumerate(order)]
    cuts = sorted(draw(st.sets(st.integers(1, len(records)), max_size=5)) | {len(records)})
    polls = [records[start:end] for start, end in zip([0, *cuts], cuts, strict=False)]
    return Story(lengths, poison, unknown, polls)


def _record(event: tuple[int, int], offset: int, poison: dict[int, int], unknown: frozenset[tuple[int, int]]) -> Record:
    if event[1] == poison.get(event[0]):
        return record(*event, offset, value=b"{")
    return record(*event, offset, type=LATER if event in unknown else None)


@given(stories())
def test_each_event_is_applied_once_in_order_or_kept(story: Story) -> None:
    """The events of a key before its first broken one are applied once, in order; it and the later ones are kept."""
    memory = Memory()

    for poll in story.polls:
        memory.poll(*poll)

    assert memory.order == _order(story)
    assert {letter.event_id for letter in memory.letters.values()} == _kept(story)
    assert "waiting" not in memory.kept.values()


@given(stories(), st.data())
def test_after_any_poll_each_delivered_event_is_applied_or_kept(story: Story, data: st.DataObject) -> None:
    """Each delivered event is exactly one of applied, skipped by type, and kept."""
    memory, came = Memory(), set[UUID]()

    for poll in story.polls[: data.draw(st.integers(1, len(story.polls)))]:
        memory.poll(*poll)
        came |= {_id(one) for one in poll}

    applied = {event.envelope.id for event in memory.applied}
    kept = {letter.event_id for letter in memory.letters.values()}
    skipped = {event_id(*event) for event in story.unknown} - kept
    assert not applied & kept
    assert came - skipped == applied | kept - skipped
    assert len(memory.applied) == len(applied)


@given(stories())
def test_a_second_delivery_of_everything_changes_nothing(story: Story) -> None:
    """Delivering everything again from the first offset applies and keeps nothing more."""
    memory = Memory()
    for poll in story.polls:
        memory.poll(*poll)
    before = memory.order, memory.kept

    for poll in story.polls:
        memory.poll(*poll)

    assert (memory.order, memory.kept) == before


def _id(one: Record) -> UUID:
    return UUID(dict(one.headers)["ce_id"].decode())


def _sound(story: Story, number: int) -> list[int]:
    """The sequences of a key before its first broken one."""
    end = story.poison.get(number, story.lengths[number] + 1)
    return list(range(1, min(end, story.lengths[number] + 1)))


def _order(story: Story) -> dict[UUID, list[int]]:
    numbers = range(len(story.lengths))
    found = {key(n): [s for s in _sound(story, n) if (n, s) not in story.unknown] for n in numbers}
    return {id: sequences for id, sequences in found.items() if sequences}


def _kept(story: Story) -> set[UUID]:
    every = {(n, s) for n, length in enumerate(story.lengths) for s in range(1, length + 1)}
    return {event_id(n, s) for n, s in every if s not in _sound(story, n)}
