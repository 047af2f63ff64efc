"""A programme: proposed and agreed by two institutions, or promised by their agreement."""

from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest

from services.exchanges.domain.programme import (
    LIFECYCLE,
    PlacesPromised,
    Programme,
    Status,
    change_ends_on,
    years_of,
)
from shared.contracts.programme import ProgrammeChanged, ProgrammeClosed, ProgrammeOpened, ProgrammeWithdrawn
from shared.domain.aggregate import Transition
from shared.domain.consent import AgreedAlready
from shared.domain.reason import Cause
from shared.domain.refused import Invalid, NotASide, NotInState, Refused
from shared.domain.side import OfficeOfAPart
from tests.unit.exchanges.scene import (
    ANNE,
    BIRMINGHAM,
    LI,
    NANJING,
    NOW,
    REASON,
    STRANGER,
    WITHIN,
    YEAR,
    condition,
    programme,
    proposal,
)

IN_TIME = date(2026, 1, 31)

ACTS: dict[str, Callable[[Programme], None]] = {
    "agree": lambda p: p.agree(LI, NOW),
    "withdraw": lambda p: p.withdraw(LI, REASON),
    "change": lambda p: p.follow(condition(mobilities_per_year=3), IN_TIME),
    "close": lambda p: p.close(LI, REASON, NOW),
}


def programme_that_is(status: Status) -> Programme:
    """A programme that got there by the acts of its two institutions."""
    one = proposal(WITHIN)
    if status is Status.WITHDRAWN:
        one.withdraw(ANNE, REASON)
    if status in (Status.OPEN, Status.CLOSED):
        one.agree(ANNE, NOW)
        one.agree(LI, NOW)
    if status is Status.CLOSED:
        one.close(ANNE, REASON, NOW)
        one.close(LI, REASON, NOW)
    one.recorded.clear()
    return one


@pytest.mark.parametrize("row", LIFECYCLE.rows, ids=lambda r: f"{r.source} {r.what} {r.target}")
def test_an_allowed_act_leads_where_the_table_says_and_tells_it(row: Transition) -> None:
    """Every row of the lifecycle ends in its target state and records exactly its event."""
    one = programme_that_is(Status(row.source))
    if (row.what, row.target) == ("agree", Status.OPEN):
        one.agree(ANNE, NOW)
    if (row.what, row.target) == ("close", Status.CLOSED):
        one.close(ANNE, REASON, NOW)
    one.recorded.clear()

    ACTS[row.what](one)

    assert (one.status, [type(e) for e in one.recorded]) == (row.target, [row.event])


ASKED = [what for what in ACTS if what != "change"]
NOT_ALLOWED = [(s, what) for s in Status for what in ASKED if not LIFECYCLE.allows(s, what)]


@pytest.mark.parametrize(("status", "what"), NOT_ALLOWED)
def test_an_act_that_the_table_does_not_allow_is_refused_and_changes_nothing(status: Status, what: str) -> None:
    """Whatever is not in the lifecycle is refused and records nothing."""
    one = programme_that_is(status)

    with pytest.raises(NotInState):
        ACTS[what](one)

    assert (one.status, one.recorded) == (status, [])


def test_proposing_is_agreeing_only_in_the_institution_itself() -> None:
    """An officer of Birmingham has agreed by proposing; one of an institute within it has not."""
    assert list(proposal(ANNE).agreed.given) == [BIRMINGHAM]
    assert list(proposal(WITHIN).agreed.given) == []
    with pytest.raises(NotASide):
        proposal(STRANGER)


def test_nobody_opens_places_of_the_other_institution() -> None:
    """A proposal is open only when both have agreed, each by an office of its own."""
    one = proposal(ANNE)

    for who, refusal in ((ANNE, AgreedAlready), (WITHIN, OfficeOfAPart), (STRANGER, NotASide)):
        with pytest.raises(refusal):
            one.agree(who, NOW)
    assert one.status is Status.PROPOSED
    one.agree(LI, NOW)

    assert (one.status, type(one.recorded[-1])) == (Status.OPEN, ProgrammeOpened)


def test_a_year_outside_the_condition_is_refused() -> None:
    """The programme's year is one of the condition's."""
    with pytest.raises(Invalid, match="outside the years"):
        proposal(first_year="2027/2028", last_year="2028/2029")


def test_one_institution_alone_closes_nothing() -> None:
    """It stays open until the other wants it as well."""
    one = programme()
    one.close(LI, REASON, NOW)
    with pytest.raises(AgreedAlready):
        one.close(LI, REASON, NOW)

    assert one.status is Status.OPEN


@pytest.mark.parametrize(("by", "what"), [(programme, Status.CLOSED), (proposal, Status.WITHDRAWN)])
def test_the_end_of_the_agreement_ends_it(by: Callable[[], Programme], what: Status) -> None:
    """An open one closes, a proposal is withdrawn; nobody did it, and a second time nothing happens."""
    one = by()
    one.recorded.clear()
    one.end(Cause.AGREEMENT_ENDED)
    one.end(Cause.AGREEMENT_ENDED)

    [event] = one.recorded
    assert isinstance(event, ProgrammeClosed | ProgrammeWithdrawn)
    assert (one.status, event.reason_code, event.by) == (what, "agreement-ended", None)


def test_it_closes_when_its_year_is_over() -> None:
    """At the first moment after 31 July in its zone."""
    assert programme().due() == {"year-over": datetime(2027, 7, 31, 16, tzinfo=UTC)}
    assert proposal().due() == {}


@pytest.mark.parametrize(
    ("today", "changed"), [(date(2027, 1, 31), True), (date(2027, 2, 1), False)], ids=["in time", "too late"]
)
def test_a_condition_changes_by_the_end_of_january_before_the_year(today: date, changed: bool) -> None:
    """Later, the year keeps what was agreed for it."""
    one = programme("2027/2028")
    one.recorded.clear()
    new = condition(mobilities_per_year=5)

    one.follow(new, today)

    assert change_ends_on("2027/2028") == date(2027, 1, 31)
    assert ([type(e) for e in one.recorded], one.condition == new) == ([ProgrammeChanged] * changed, changed)


@pytest.mark.parametrize("new", [None, condition(sending=NANJING, receiving=BIRMINGHAM)], ids=["removed", "turned"])
def test_a_condition_that_is_removed_or_turned_round_closes_the_years_that_it_can(new: object) -> None:
    """A year that can no longer be changed stays open; another closes because the agreement was changed."""
    late, in_time = programme("2026/2027"), programme("2027/2028")
    for one in (late, in_time):
        one.follow(new, date(2027, 1, 5))  # pyright: ignore[reportArgumentType]

    assert (late.status, in_time.status, in_time.reason_code) == ("open", "closed", "agreement-changed")


def test_an_unchanged_condition_changes_nothing() -> None:
    """What comes twice is told once."""
    one = programme()
    one.recorded.clear()

    one.follow(condition(), date(2025, 12, 1))

    assert one.recorded == []


@pytest.mark.parametrize(
    ("today", "ends_on", "opened"),
    [
        (date(2026, 12, 1), None, [YEAR, "2027/2028", "2028/2029"]),
        (date(2027, 7, 31), None, [YEAR, "2027/2028", "2028/2029"]),
        (date(2027, 8, 1), None, ["2027/2028", "2028/2029"]),
        (date(2026, 1, 1), date(2028, 7, 31), [YEAR, "2027/2028"]),
        (date(2026, 1, 1), date(2028, 8, 1), [YEAR, "2027/2028", "2028/2029"]),
        (date(2030, 1, 1), None, []),
    ],
)
def test_years_are_opened_that_are_not_over_and_begin_in_time(
    today: date, ends_on: date | None, opened: list[str]
) -> None:
    """From the year that runs to the last one that begins before the agreement ends."""
    assert years_of(condition(), today, ends_on) == opened


def test_calls_never_have_more_places_than_the_condition() -> None:
    """Over all calls together; what a closed call does not need can be promised again."""
    one = programme()
    one.promise(1)
    with pytest.raises(PlacesPromised) as refusal:
        one.promise(2)
    one.promise(1)
    one.take_back(2)
    one.promise(2)

    assert refusal.value.facts == {"free": 1, "number": 2}
    assert (one.promised, one.places_left) == (2, 0)


def test_a_lower_condition_takes_nothing_back_from_calls() -> None:
    """What calls have, they keep; there is nothing left for others."""
    one = programme("2027/2028")
    one.promise(2)

    one.follow(condition(mobilities_per_year=1), date(2026, 12, 1))

    assert (one.promised, one.places_left) == (2, 0)
    with pytest.raises(PlacesPromised):
        one.promise(1)


def test_no_call_takes_nominations_after_the_year() -> None:
    """A call closes on the last day of its year or before."""
    programme().require_within(date(2027, 7, 31))
    with pytest.raises(Invalid, match="2027-07-31"):
        programme().require_within(date(2027, 8, 1))


@pytest.mark.parametrize("status", [s for s in Status if s is not Status.OPEN])
def test_only_an_open_programme_promises_places(status: Status) -> None:
    """A proposal, a closed one and a withdrawn one have none to give."""
    with pytest.raises(NotInState):
        programme_that_is(status).promise(1)


@pytest.mark.parametrize("what", ["agree", "withdraw", "close"])
def test_a_stranger_has_no_say(what: str) -> None:
    """Only the two institutions decide."""
    acts: dict[str, Callable[[Programme], None]] = {
        "agree": lambda p: p.agree(STRANGER, NOW),
        "withdraw": lambda p: p.withdraw(STRANGER, REASON),
        "close": lambda p: p.close(STRANGER, REASON, NOW),
    }
    with pytest.raises(Refused, match="has no part"):
        acts[what](programme() if what == "close" else proposal())
