"""A call: its days, and places that go by the sending institution's rank."""

from datetime import UTC, date, datetime, timedelta
from uuid import UUID, uuid4

import pytest

from services.exchanges.domain.call import Call, CallNotOpen, ParticipantNominated, RankTaken, Status
from services.exchanges.domain.mobility_lifecycle import Status as Standing
from shared.contracts.call import CallClosed, CallOpened
from shared.domain.reason import Cause
from shared.domain.refused import Invalid, NotASide, NotInState
from tests.unit.exchanges.scene import ANNE, BIRMINGHAM, LI, NOW, REASON, STRANGER, WITHIN, call

PENDING, WAITING = Standing.PENDING, Standing.WAITING
OPENS = datetime(2026, 8, 31, 16, tzinfo=UTC)
CLOSES = datetime(2026, 9, 30, 16, tzinfo=UTC)
SECOND = timedelta(seconds=1)


def nominated(of: Call, *ranks: int | None) -> list[UUID]:
    """Nominations with these ranks, one after the other, each ordered as it comes."""
    made: list[UUID] = []
    for rank in ranks:
        made.append(uuid4())
        of.nominate(made[-1], uuid4(), rank, NOW)
        of.reorder()
    return made


def standing(of: Call, ids: list[UUID]) -> list[Standing | None]:
    """Where each stands; None for one that the call has forgotten."""
    return [of.nominations[id].standing if id in of.nominations else None for id in ids]


def test_the_sending_institution_opens_and_closes_it() -> None:
    """Also by somebody within it; the receiving one and a stranger do not."""
    one = call().opened(WITHIN, NOW)
    for who in (LI, STRANGER):
        with pytest.raises(NotASide):
            call().opened(who, NOW)
        with pytest.raises(NotASide):
            one.close(who, REASON)
    one.close(ANNE, REASON)

    assert [(type(e), e.model_dump()["party"]) for e in one.recorded] == [
        (CallOpened, BIRMINGHAM), (CallClosed, BIRMINGHAM),
    ]  # fmt: skip
    with pytest.raises(NotInState):
        one.close(ANNE, REASON)


@pytest.mark.parametrize(
    "days",
    [
        (date(2026, 9, 30), date(2026, 9, 29)),
        (date(2026, 8, 1), date(2026, 9, 9)),
    ],
    ids=["out of order", "past"],
)
def test_its_days_are_in_order_and_not_past(days: tuple[date, date]) -> None:
    """A call closes on or after the day on which it opens, and still has a day to come."""
    with pytest.raises(Invalid):
        call(opens_on=days[0], closes_on=days[1]).opened(ANNE, NOW)


@pytest.mark.parametrize(
    ("at", "state"),
    [(OPENS - SECOND, "not open yet"), (OPENS, None), (CLOSES - SECOND, None), (CLOSES, "closed")],
)
def test_nominations_are_taken_on_its_days(at: datetime, state: str | None) -> None:
    """From the first moment of the first day to the last one of the last, in its zone."""
    one = call()
    if state is None:
        assert one.nominate(uuid4(), uuid4(), None, at).standing is PENDING
    else:
        with pytest.raises(CallNotOpen, match=state):
            one.nominate(uuid4(), uuid4(), None, at)


def test_a_closed_call_takes_none() -> None:
    """Also before its last day."""
    one = call()
    one.close(ANNE, REASON)

    with pytest.raises(CallNotOpen, match="and is closed"):
        one.nominate(uuid4(), uuid4(), None, NOW)
    assert one.due() == {}


def test_a_person_and_a_rank_come_once() -> None:
    """A second nomination of the same person is refused with the first, and so is a rank that is given."""
    one, first, person = call(), uuid4(), uuid4()
    one.nominate(first, person, 1, NOW)

    with pytest.raises(ParticipantNominated) as again:
        one.nominate(uuid4(), person, 2, NOW)
    with pytest.raises(RankTaken) as same:
        one.nominate(uuid4(), uuid4(), 1, NOW)

    assert (again.value.facts, same.value.facts) == ({"mobility_id": first}, {"rank": 1, "mobility_id": first})


def test_without_a_rank_a_nomination_comes_last() -> None:
    """After the worst rank there is."""
    one = call()

    [last] = nominated(one, 7, None)[1:]

    assert one.nominations[last].rank == 8


def test_places_go_by_rank_in_whatever_order_nominations_come() -> None:
    """Two places go to ranks 1 and 2; a better rank that comes later sends the worst one back to wait."""
    one = call()
    third, second = nominated(one, 3, 2)
    before = standing(one, [third, second])
    first = uuid4()
    noted = one.nominate(first, uuid4(), 1, NOW)
    moves = one.reorder()

    assert (before, noted.standing, moves) == ([PENDING, PENDING], PENDING, {third: WAITING})


def test_a_place_that_was_given_stays_given() -> None:
    """Whoever is approved keeps the place, though a better rank comes."""
    one = call(places=1)
    [approved] = nominated(one, 5)
    one.approve(approved)

    [better] = nominated(one, 1)

    assert standing(one, [approved, better]) == [Standing.APPROVED, WAITING]
    assert one.places_left == 0


def test_a_freed_place_goes_to_the_next_rank() -> None:
    """Not to whoever was nominated first, and to nobody twice."""
    one = call(places=1)
    ids = nominated(one, 1, 3, 2)
    one.approve(ids[0])

    one.release(ids[0])
    moves = one.reorder()

    assert (moves, one.reorder()) == ({ids[2]: PENDING}, {})
    assert standing(one, ids) == [None, WAITING, PENDING]


def test_a_rejection_frees_the_place_and_a_correction_asks_for_it_again() -> None:
    """The next one moves up; corrected, the better rank has the place again as long as it is not given."""
    one = call(places=1)
    first, second = nominated(one, 1, 2)
    one.reject(first)
    up = one.reorder()
    corrected = one.correct(first)
    back = one.reorder()

    assert (up, corrected, back) == ({second: PENDING}, PENDING, {second: WAITING})


def test_a_correction_waits_where_the_place_is_given() -> None:
    """Its place went to the next one, who was approved."""
    one = call(places=1)
    first, second = nominated(one, 1, 2)
    one.reject(first)
    one.reorder()
    one.approve(second)

    assert one.correct(first) is WAITING
    assert one.reorder() == {}


def test_a_closed_call_gives_back_what_nobody_needs() -> None:
    """Three of five places: one is approved, one rejected and may be corrected; later that one is cancelled as well."""
    one = call(places=5)
    approved, rejected = nominated(one, 1, 2)
    one.approve(approved)
    one.reject(rejected)
    open_still = one.give_back()
    one.end(Cause.LAST_DAY_PASSED)
    first = one.give_back()
    one.release(rejected)

    assert (open_still, first, one.give_back(), one.give_back(), one.places) == (0, 3, 1, 0, 1)


def test_after_its_last_day_the_waiting_list_still_moves() -> None:
    """A place freed then goes to the next one, and not back to the programme."""
    one = call(places=1)
    first, second = nominated(one, 1, 2)
    one.end(Cause.LAST_DAY_PASSED)
    one.release(first)

    assert (one.reorder(), one.give_back(), one.status) == ({second: PENDING}, 0, Status.CLOSED)


def test_what_is_undecided_can_lapse() -> None:
    """Whoever waits, is pending or rejected; not whoever has a place."""
    one = call(places=2)
    ids = nominated(one, 1, 2, 3)
    one.approve(ids[0])
    one.reject(ids[1])

    assert one.undecided == ids[1:]
