"""A call's days, its nominations and its end."""

import json
from datetime import UTC, date, datetime
from uuid import uuid4

import pytest
from pydantic import TypeAdapter

from services.exchanges.domain.call import (
    Call,
    CallNotOpen,
    DirectionNotInCall,
    NomineeNominated,
    NoPlacesLeft,
    Status,
)
from services.exchanges.domain.programme import PlacesPromised, Programme
from services.exchanges.domain.programme import Status as ProgrammeStatus
from shared.contracts.call import CallClosed, CallOpened
from shared.contracts.programme import Direction, ProgrammeClosed
from shared.domain.refused import Invalid, NotASide, NotInState
from tests.unit.exchanges.scene import (
    ANNE,
    BIRMINGHAM,
    EAST,
    ELSEWHERE,
    LI,
    NOW,
    REASON,
    STRANGER,
    WEST,
    call,
    nomination,
    places,
    programme,
)


def test_a_call_is_opened_with_its_programmes_facts() -> None:
    """The event tells days, places, programme, area and agreement."""
    of = programme()
    opened = call(of).opened(ANNE, NOW)

    [event] = opened.recorded
    assert isinstance(event, CallOpened)
    assert (event.programme_title, event.area, event.agreement_id) == (of.title, of.area, of.agreement_id)
    assert (event.places, event.party) == (places(), BIRMINGHAM)


@pytest.mark.parametrize(
    "wrong",
    [
        {"opens_on": date(2026, 10, 1)},
        {"opens_on": date(2026, 8, 1), "closes_on": date(2026, 9, 9)},
        {"places": places(0, 0)},
        {"places": [*places(), *places()]},
    ],
    ids=["ends before it opens", "in the past", "no places", "a direction twice"],
)
def test_a_call_that_does_not_hang_together_is_refused(wrong: dict[str, object]) -> None:
    """Days in order and not past, each direction once, at least one place."""
    with pytest.raises(Invalid):
        call(programme(), **wrong).opened(ANNE, NOW)


def test_an_outsider_neither_opens_nor_closes() -> None:
    """Opening and closing a call is for the institutions of its programme."""
    with pytest.raises(NotASide):
        call(programme()).opened(STRANGER, NOW)
    with pytest.raises(NotASide):
        call(programme()).close(STRANGER, REASON)


def test_the_last_day_ends_in_the_calls_own_time_zone() -> None:
    """The deadline is the first moment of the day after, in Shanghai eight hours before London's clock in winter."""
    assert call(programme()).due() == {"deadline": datetime(2026, 9, 30, 16, tzinfo=UTC)}


@pytest.mark.parametrize(
    ("moment", "taken"),
    [
        (datetime(2026, 8, 31, 15, 59, 59, tzinfo=UTC), False),
        (datetime(2026, 8, 31, 16, tzinfo=UTC), True),
        (datetime(2026, 9, 30, 15, 59, 59, tzinfo=UTC), True),
        (datetime(2026, 9, 30, 16, tzinfo=UTC), False),
    ],
)
def test_nominations_are_taken_from_the_first_day_to_the_end_of_the_last(moment: datetime, taken: bool) -> None:
    """Also when the timer is late, nobody is nominated before or after the call's days."""
    of = call(programme())

    if taken:
        of.nominate(uuid4(), uuid4(), EAST, moment)
    else:
        with pytest.raises(CallNotOpen):
            of.nominate(uuid4(), uuid4(), EAST, moment)
    assert len(of.standing) == taken


def test_a_closed_call_takes_no_nomination_and_has_no_deadline() -> None:
    """Closed early by an officer, the call refuses within its days, and its timer is gone."""
    of = call(programme())
    of.close(LI, REASON)

    assert of.due() == {}
    with pytest.raises(CallNotOpen, match="is closed"):
        nomination(of)


def test_a_direction_without_places_takes_no_nomination() -> None:
    """A direction that the call does not have, or has no place for, is refused by its own name."""
    of = call(programme(), places=places(1, 0))

    for direction in (WEST, Direction(sending=BIRMINGHAM, receiving=ELSEWHERE)):
        with pytest.raises(DirectionNotInCall):
            of.nominate(uuid4(), uuid4(), direction, NOW)


def test_a_person_is_nominated_once_in_a_call() -> None:
    """A second nomination of the same person names the first, and is possible once that is released."""
    of = call(programme())
    first = nomination(of)

    with pytest.raises(NomineeNominated) as refusal:
        of.nominate(uuid4(), first.nominee, EAST, NOW)
    assert refusal.value.facts == {"exchange_id": first.id}

    of.release(first.id)
    of.nominate(again := uuid4(), first.nominee, EAST, NOW)
    assert list(of.standing) == [again]


def test_the_last_place_is_given_once_and_again_after_a_withdrawal() -> None:
    """With the only place taken an approval is refused; a withdrawal frees the place."""
    of = call(programme(), places=places(1, 1))
    first, second = nomination(of), nomination(of)
    of.place(first.id)

    with pytest.raises(NoPlacesLeft, match="left of the 1 "):
        of.place(second.id)
    of.release(first.id)
    of.place(second.id)
    assert of.taken == {EAST: 1}


def test_a_nomination_keeps_its_place_when_the_call_closes() -> None:
    """What stands at the closing can still be approved; what is withdrawn later goes back to the programme."""
    of = call(programme(places=places(2, 1)))
    first = nomination(of)

    assert of.close(ANNE, REASON) == {EAST: 1, WEST: 1}
    of.place(first.id)
    assert of.release(first.id) == {EAST: 1}


def test_more_nominations_than_places_give_nothing_back() -> None:
    """Behind a closed call a decline frees a place for the next that waits before the programme has one back."""
    of = call(programme(places=places(1, 0)))
    first, second = nomination(of), nomination(of)

    assert of.close(ANNE, REASON) == {}
    assert of.release(first.id) == {}
    of.place(second.id)


@pytest.mark.parametrize("by_officer", [True, False])
def test_programmes_and_calls_close_once(by_officer: bool) -> None:
    """An officer or the course of time closes what is open, tells so, and cannot close it again."""

    def close(what: Programme | Call) -> None:
        what.close(ANNE, REASON) if by_officer else what.end(REASON)

    for what, status, event in (
        (programme(), ProgrammeStatus.CLOSED, ProgrammeClosed),
        (call(programme()), Status.CLOSED, CallClosed),
    ):
        close(what)
        assert (what.status, [type(e) for e in what.recorded]) == (status, [event])
        assert (what.recorded[0].model_dump()["party"] == BIRMINGHAM) is by_officer
        with pytest.raises(NotInState):
            close(what)


def test_a_closed_programme_promises_nothing() -> None:
    """No call is opened in a programme that is closed."""
    of = programme()
    of.close(ANNE, REASON)

    with pytest.raises(NotInState):
        of.promise(places(1, 0))


def test_two_calls_never_have_more_than_their_programme() -> None:
    """What one call was promised the next cannot have, until a closing gives it back."""
    of = programme(places=places(3, 1))
    of.promise(places(2, 0))
    first = call(of, places=places(2, 0))

    with pytest.raises(PlacesPromised, match="has 1 places left"):
        of.promise(places(2, 0))
    of.take_back(first.close(ANNE, REASON))
    of.promise(places(3, 1))
    assert of.promised == places(3, 1)


def test_a_document_comes_back_as_it_was_and_says_who_sees_it() -> None:
    """Programmes and calls, stored and read again, are the same, and `sides` stands in the body."""
    of = programme()
    of.promise(of.places)
    one = call(of)
    nomination(one)

    for kind, aggregate in ((Programme, of), (Call, one)):
        body = TypeAdapter(kind).dump_json(aggregate)
        assert TypeAdapter(kind).validate_json(body) == aggregate
        assert json.loads(body)["sides"] == [str(i) for i in of.institutions]
