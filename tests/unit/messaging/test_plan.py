"""The planner, without a database."""

from typing import Any

import pytest

from shared.contracts.person import PersonErased
from shared.contracts.values import Text
from shared.messaging.plan import Verdict
from tests.unit.messaging.scene import FACTS, STATES, Memory, consumer, event_id, fact, key, record, state

LATER = "entente.partners.organisation.dissolved.v1"
BROKEN: dict[str, Any] = {"value": b'{"organisation_id": 1}'}


def test_events_of_a_key_are_applied_in_order() -> None:
    """Events that arrive in order are applied in order; the position is that of the last one."""
    memory = Memory()

    memory.poll(record(1, 1, 0), record(2, 1, 1), record(1, 2, 2))

    assert memory.order == {key(1): [1, 2], key(2): [1]}
    position = memory.positions[FACTS, str(key(1))]
    assert (position.sequence, position.event_id, position.parked) == (2, event_id(1, 2), False)


def test_a_duplicate_is_skipped() -> None:
    """An event that arrives twice, in one poll or in two, is applied once and nothing is kept."""
    memory = Memory()

    memory.poll(record(1, 1, 0), record(1, 1, 1), record(1, 2, 2))
    plan = memory.poll(record(1, 1, 3), record(1, 2, 4))

    assert (memory.order, memory.kept, plan.skipped) == ({key(1): [1, 2]}, {}, 2)


def test_an_event_after_a_gap_waits_for_its_predecessor() -> None:
    """It is applied after its predecessor, in the same poll or a later one."""
    memory = Memory()

    memory.poll(record(1, 3, 0), record(1, 2, 1))
    waiting = memory.kept
    memory.poll(record(2, 2, 2), record(1, 1, 3), record(2, 1, 4))

    assert waiting == {0: "waiting", 1: "waiting"}
    assert (memory.order, memory.kept) == ({key(1): [1, 2, 3], key(2): [1, 2]}, {})


def test_waiting_events_are_left_for_a_transaction_of_their_own() -> None:
    """Without release only the predecessor is applied; when it is redelivered, the waiting events are released."""
    memory = Memory()
    memory.poll(record(1, 2, 0))

    memory.poll(record(1, 1, 1), release=False)
    alone = memory.order
    memory.poll(record(1, 1, 1))

    assert (alone, memory.order, memory.kept) == ({key(1): [1]}, {key(1): [1, 2]}, {})


def test_a_redelivered_waiting_event_is_kept_once() -> None:
    """Redelivery at its own offset or another changes nothing."""
    memory = Memory()

    memory.poll(record(1, 2, 0))
    memory.poll(record(1, 2, 0), record(1, 2, 1))

    assert memory.kept == {0: "waiting"}


@pytest.mark.parametrize("broken", [BROKEN, {"value": b"{"}, {"value": None}, {"value": b'{"a": "\\u0000"}'}])
def test_a_broken_body_parks_its_key_and_no_other(broken: dict[str, Any]) -> None:
    """The broken event and the later ones of its key are parked in order; other keys continue."""
    memory = Memory()

    memory.poll(record(1, 1, 0), record(1, 2, 1, **broken), record(2, 1, 2), record(1, 3, 3))
    memory.poll(record(1, 4, 4), record(2, 2, 5))

    assert memory.order == {key(1): [1], key(2): [1, 2]}
    assert memory.kept == {1: "parked", 3: "parked", 4: "parked"}
    assert memory.positions[FACTS, str(key(1))].parked


def test_a_backslash_before_u0000_is_text() -> None:
    """Text with a backslash and `u0000` is text; only what JSON reads as U+0000 cannot be stored."""
    memory = Memory()
    named = fact(1).model_copy(update={"name": Text(en=r"the folder C:\u0000")})
    null = fact(2).model_dump_json().replace("University 2", r"C:\\\u0000").encode()

    memory.poll(record(1, 1, 0, event=named), record(2, 1, 1, value=null))

    assert (memory.order, memory.kept) == ({key(1): [1]}, {1: "parked"})


def test_waiting_events_are_parked_with_their_key() -> None:
    """When their predecessor arrives and fails, they are parked too, each once."""
    memory = Memory()

    plan = memory.poll(record(1, 3, 0), record(1, 1, 1), record(1, 2, 2, **BROKEN))

    assert (memory.order, memory.kept) == ({key(1): [1]}, {0: "parked", 2: "parked"})
    assert [letter.sequence for letter in plan.letters.values()] == [3, 2]


def test_a_waiting_broken_event_is_parked_after_its_predecessor() -> None:
    """Once the predecessor is applied, the broken event and the later ones of its key are parked."""
    memory = Memory()
    memory.poll(record(1, 2, 0, **BROKEN), record(1, 3, 1))

    memory.poll(record(1, 1, 2))

    assert (memory.order, memory.kept) == ({key(1): [1]}, {0: "parked", 1: "parked"})


def test_two_histories_of_a_key_are_a_conflict() -> None:
    """A sequence that was applied under another event id is parked, and so are the later events of its key."""
    memory = Memory()
    memory.poll(record(1, 1, 0), record(1, 3, 1))

    memory.poll(record(1, 1, 2, history="other"), record(1, 2, 3))

    assert (memory.order, memory.kept) == ({key(1): [1]}, {1: "parked", 2: "parked", 3: "parked"})
    assert "two histories" in memory.letters[FACTS, 0, 2].reason


def test_a_conflict_is_detected_while_one_of_the_events_waits() -> None:
    """A second event with the waiting event's sequence is parked under its offset; the waiting one goes on."""
    memory = Memory()

    memory.poll(record(1, 2, 0), record(1, 2, 1, history="other"))
    memory.poll(record(1, 1, 2))

    assert (memory.order, memory.kept) == ({key(1): [1, 2]}, {1: "parked"})


@pytest.mark.parametrize("header", ["ce_id", "ce_type", "ce_subject", "ce_time", "ce_source", "ce_sequence"])
def test_a_record_without_a_header_is_parked_under_its_offset(header: str) -> None:
    """A record without a place in the order is parked and blocks nothing; its successor waits for it."""
    memory = Memory()

    memory.poll(record(1, 1, 0), record(1, 2, 1, without=header), record(1, 3, 2), record(2, 1, 3))

    assert (memory.order, memory.kept) == ({key(1): [1], key(2): [1]}, {1: "parked", 2: "waiting"})
    assert header in memory.letters[FACTS, 0, 1].reason


@pytest.mark.parametrize("raw", [None, b"", b"\xff\xfe", b"a\x00b", b"somebody else"])
def test_a_record_with_an_unreadable_key_is_parked_under_its_offset(raw: bytes | None) -> None:
    """A record without a key, or with one that is not text or not the subject, is parked and blocks nothing."""
    memory = Memory()

    memory.poll(record(1, 1, 0), record(2, 1, 1, key=raw), record(1, 2, 2))

    assert (memory.order, memory.kept) == ({key(1): [1, 2]}, {1: "parked"})
    assert memory.positions.keys() == {(FACTS, str(key(1)))}


def test_a_type_without_a_reaction_advances_the_position() -> None:
    """An unknown type or version is skipped, whatever its body, and the next event of its key is applied."""
    memory = Memory()

    memory.poll(record(1, 1, 0), record(1, 2, 1, type=LATER, value=b"not even JSON"), record(1, 3, 2))

    assert (memory.order, memory.kept) == ({key(1): [1, 3]}, {})
    assert memory.positions[FACTS, str(key(1))].sequence == 3


def test_a_verdict_parks_the_event_and_the_later_ones() -> None:
    """An event that was tried and failed is kept as its verdict says, followed by the later ones of its key."""
    memory = Memory()
    verdicts = {event_id(1, 2): Verdict("exhausted", "failed 10 times")}

    memory.poll(record(1, 1, 0), record(1, 2, 1), record(1, 3, 2), record(2, 1, 3), verdicts=verdicts)

    assert (memory.order, memory.kept) == ({key(1): [1], key(2): [1]}, {1: "exhausted", 2: "parked"})


def test_the_newest_state_wins() -> None:
    """On a topic of whole states a gap does not matter, and an older state that arrives late is skipped."""
    memory = Memory()

    memory.poll(record(1, 3, 0, event=state(1)), record(1, 2, 1, event=state(1)), record(1, 5, 2, event=state(1)))

    assert (memory.order, memory.kept) == ({key(1): [3, 5]}, {})


def test_a_broken_state_parks_nothing_behind_it() -> None:
    """A state that cannot be read is kept until a newer one replaces it, in the same poll or a later one."""
    memory = Memory()

    memory.poll(record(1, 1, 0, event=state(1), value=b"{"), record(2, 1, 1, event=state(2), value=b"{"))
    kept = memory.kept
    memory.poll(record(1, 2, 2, event=state(1), value=b"{"), record(1, 3, 3, event=state(1)))

    assert (kept, memory.kept) == ({0: "parked", 1: "parked"}, {1: "parked"})
    assert memory.order == {key(1): [3]}


@pytest.mark.parametrize("broken", [{"value": b"{"}, {"without": "ce_sequence"}])
def test_a_broken_state_after_a_good_one_stays_kept(broken: dict[str, Any]) -> None:
    """An unreadable state after the newest one of its poll is kept, unlike those before it."""
    memory = Memory()

    memory.poll(
        record(1, 1, 0, event=state(1), value=b"{"), record(1, 2, 1, event=state(1)),
        record(1, 3, 2, event=state(1), **broken),
    )  # fmt: skip

    assert (memory.order, memory.kept) == ({key(1): [2]}, {2: "parked"})


def test_a_tombstone_deletes_the_dead_letters_of_its_key() -> None:
    """A tombstone is applied as the state's erasure, and deletes the dead letters of its key."""
    memory = Memory()
    memory.poll(record(1, 1, 0, event=state(1), value=b"{"), record(2, 1, 1, event=state(2), value=b"{"))

    memory.poll(record(1, 2, 2, event=PersonErased()))

    assert ([type(event) for event in memory.applied], memory.kept) == ([PersonErased], {1: "parked"})
    assert memory.positions[STATES, str(key(1))].sequence == 2


def test_a_consumer_may_start_at_any_sequence() -> None:
    """The first sequence seen of a key is its base; after that the usual order applies."""
    memory = Memory(consumer("anywhere"))

    memory.poll(record(1, 41, 0), record(1, 43, 1), record(2, 7, 2))
    memory.poll(record(1, 40, 3), record(1, 42, 4))

    assert (memory.order, memory.kept) == ({key(1): [41, 42, 43], key(2): [7]}, {})
