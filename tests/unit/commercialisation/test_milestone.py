"""Milestones: reported by one side, confirmed or disputed by the other, late after their day."""

from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from services.commercialisation.domain.deal import Deal
from services.commercialisation.domain.deal import Status as DealStatus
from services.commercialisation.domain.milestone import LIFECYCLE, Milestone, Status
from shared.contracts.deal import (
    DealCompleted,
    DealMilestoneAchieved,
    DealMilestoneDisputed,
    DealMilestoneLate,
    DealMilestoneReported,
    MilestoneEvent,
)
from shared.domain.actor import Actor
from shared.domain.aggregate import Transition
from shared.domain.commitment import OwnReport
from shared.domain.refused import NotFound, NotInState, SamePerson
from tests.unit.commercialisation.scene import (
    ANNE,
    EVIDENCE,
    LI,
    NANJING,
    REASON,
    milestones,
    moved,
    officer,
    running,
    types_of,
)

DAY, NEXT_DAY = date(2027, 3, 31), datetime(2027, 3, 31, 16, tzinfo=UTC)
"""A day in Shanghai, and the first moment after it."""

ACTS: dict[str, Callable[[Deal], None]] = {
    "report": lambda d: d.report(1, ANNE, EVIDENCE),
    "confirm": lambda d: d.confirm(1, LI),
    "dispute": lambda d: d.dispute(1, LI, REASON),
}
WAYS: dict[Status, tuple[str, ...]] = {
    Status.PLANNED: (),
    Status.REPORTED: ("report",),
    Status.DISPUTED: ("report", "dispute"),
    Status.ACHIEVED: ("report", "confirm"),
}


def in_state(status: Status) -> Deal:
    """A running deal of two milestones, the first of them in `status`."""
    made = running()
    for what in WAYS[status]:
        ACTS[what](made)
    made.recorded.clear()
    return made


def first(made: Deal) -> Milestone:
    """The deal's first milestone."""
    return made.milestones[0]


@pytest.mark.parametrize("row", LIFECYCLE.rows, ids=lambda r: f"{r.source} {r.what} {r.target}")
def test_each_allowed_act_records_its_event(row: Transition) -> None:
    """Each allowed transition leads to its state and records one event, which describes the milestone."""
    made = in_state(Status(row.source))

    ACTS[row.what](made)

    assert (first(made).status, types_of(made.recorded)) == (row.target, [row.event])
    assert made.recorded[0].model_dump(include={"number", "milestone_title", "due_on", "trl"}) == {
        "number": 1, "milestone_title": {"en": "Step 1", "zh": None}, "due_on": DAY, "trl": 5,
    }  # fmt: skip


REFUSED = [(s, what) for s in Status for what in ACTS if not LIFECYCLE.allows(s, what)]


@pytest.mark.parametrize(("status", "what"), REFUSED)
def test_an_act_outside_the_lifecycle_is_refused(status: Status, what: str) -> None:
    """It changes nothing and records no event."""
    made = in_state(status)

    with pytest.raises(NotInState, match=f"while the milestone is {status}"):
        ACTS[what](made)
    assert (first(made).status, made.recorded) == (status, [])


def test_every_act_of_the_lifecycle_is_tested() -> None:
    """The tests above cover every act of the table and eight refusals."""
    assert len(REFUSED) == 8
    assert set(ACTS) == {row.what for row in LIFECYCLE.rows}


@pytest.mark.parametrize("status", [s for s in DealStatus if s is not DealStatus.RUNNING])
@pytest.mark.parametrize("what", ACTS)
def test_milestones_change_only_while_the_deal_runs(status: DealStatus, what: str) -> None:
    """Before the last signature and after the end, nothing is reported, confirmed or disputed."""
    made = in_state(Status.REPORTED)
    made.status = status

    with pytest.raises(NotInState, match=f"the deal is {status}"):
        ACTS[what](made)


@pytest.mark.parametrize("number", [0, 3, -1])
def test_an_unknown_milestone_is_not_found(number: int) -> None:
    """Milestones are numbered from 1."""
    with pytest.raises(NotFound, match=f"no milestone {number}"):
        running().report(number, ANNE, EVIDENCE)


@pytest.mark.parametrize("what", ["confirm", "dispute"])
def test_a_report_is_answered_by_another_person_of_the_other_side(what: str) -> None:
    """A colleague may not answer it, nor the reporter after moving to the other organisation."""
    made = in_state(Status.REPORTED)
    answer: Callable[[Actor], None] = {
        "confirm": lambda who: made.confirm(1, who),
        "dispute": lambda who: made.dispute(1, who, REASON),
    }[what]

    with pytest.raises(OwnReport):
        answer(officer(ANNE.organisation))
    with pytest.raises(SamePerson):
        answer(moved(ANNE, NANJING))
    assert (first(made).status, made.recorded) == (Status.REPORTED, [])


def test_either_side_may_report_and_a_new_report_settles_a_dispute() -> None:
    """After its dispute, Nanjing itself reports the milestone and Birmingham confirms it."""
    made = in_state(Status.DISPUTED)
    assert first(made).reason == REASON.text

    made.report(1, LI, EVIDENCE)
    made.confirm(1, ANNE)

    assert (first(made).status, first(made).reason) == (Status.ACHIEVED, None)


@pytest.mark.parametrize("status", [s for s in Status if s is not Status.ACHIEVED])
def test_an_unachieved_milestone_is_late_once_its_day_is_over(status: Status) -> None:
    """Planned, reported or disputed, it is late from the first moment after its day; one event says so."""
    made = in_state(status)
    assert made.due() == {"milestone-late": NEXT_DAY}

    made.note_late(NEXT_DAY)
    made.note_late(NEXT_DAY)

    assert types_of(made.recorded) == [DealMilestoneLate]
    assert (first(made).status, first(made).late, made.late) == (status, True, True)
    assert made.due() == {"milestone-late": datetime(2027, 6, 30, 16, tzinfo=UTC)}


def test_a_terminated_deal_is_no_longer_late() -> None:
    """A search for late deals finds only deals with something left to do."""
    made = running()
    made.note_late(NEXT_DAY)

    before = made.late

    made.terminate(LI, REASON)

    assert (before, made.late, first(made).late) == (True, False, True)


def test_an_achieved_milestone_is_not_late() -> None:
    """The timer moves to the day of the next milestone."""
    made = in_state(Status.ACHIEVED)

    made.note_late(NEXT_DAY)

    assert (made.recorded, made.late) == ([], False)
    assert made.due() == {"milestone-late": datetime(2027, 6, 30, 16, tzinfo=UTC)}


def test_a_late_milestone_can_still_be_achieved() -> None:
    """Its event says that it was late, the milestone stays marked, and the deal is no longer late."""
    made = in_state(Status.PLANNED)
    made.note_late(NEXT_DAY)
    made.report(1, ANNE, EVIDENCE)
    made.confirm(1, LI)

    achieved = made.recorded[-1]
    assert isinstance(achieved, DealMilestoneAchieved)
    assert (achieved.late, first(made).late, made.late) == (True, True, False)


def test_one_timer_marks_all_late_milestones() -> None:
    """A timer that fires late records every milestone that is late by then, in order."""
    made = running(milestones=milestones(DAY, DAY, date(2028, 1, 1)))

    made.note_late(datetime(2027, 5, 1, tzinfo=UTC))

    assert [e.number for e in made.recorded if isinstance(e, DealMilestoneLate)] == [1, 2]


@pytest.mark.parametrize("status", [s for s in DealStatus if s is not DealStatus.RUNNING])
def test_nothing_is_late_unless_the_deal_runs(status: DealStatus) -> None:
    """It has no timer, and a timer that fires anyway records nothing."""
    made = running()
    made.status = status

    made.note_late(datetime(2030, 1, 1, tzinfo=UTC))

    assert (made.due(), made.recorded) == ({}, [])


class MilestonesOfADeal(RuleBasedStateMachine):
    """One running deal with three milestones; both sides and the clock act on it in any order."""

    def __init__(self) -> None:
        super().__init__()
        self.deal = running(milestones=milestones(date(2027, 1, 31), date(2027, 2, 28), date(2027, 3, 31)))

    numbers, sides = st.integers(1, 3), st.sampled_from([ANNE, LI])

    @rule(number=numbers, actor=sides)
    def report(self, number: int, actor: Actor) -> None:
        """Refused exactly when the milestone is reported or achieved already; otherwise the report is kept."""
        before = self.deal.milestones[number - 1].status
        try:
            self.deal.report(number, actor, EVIDENCE)
        except NotInState:
            assert before in (Status.REPORTED, Status.ACHIEVED)
        else:
            assert before in (Status.PLANNED, Status.DISPUTED)
            report = self.deal.milestones[number - 1].report
            assert report
            assert report.by.person_id == actor.person

    @rule(number=numbers, actor=sides, yes=st.booleans())
    def answer(self, number: int, actor: Actor, yes: bool) -> None:
        """Refused exactly when there is no report by the other side; otherwise the report is settled."""
        before = self.deal.milestones[number - 1]
        try:
            self.deal.confirm(number, actor) if yes else self.deal.dispute(number, actor, REASON)
        except NotInState:
            assert before.status is not Status.REPORTED
        except OwnReport:
            assert before.report

            assert before.report.by.person_id == actor.person
        else:
            assert before.status is Status.REPORTED
            assert before.report
            assert before.report.by.person_id != actor.person
            assert self.deal.milestones[number - 1].status is (Status.ACHIEVED if yes else Status.DISPUTED)

    @rule()
    def time_passes(self) -> None:
        """The timer fires when it is due."""
        for moment in self.deal.due().values():
            self.deal.note_late(moment)

    @invariant()
    def the_deal_is_complete_once_every_milestone_is_achieved(self) -> None:
        """It completes no earlier and no later, and records that once."""
        done = all(m.status is Status.ACHIEVED for m in self.deal.milestones)
        assert (self.deal.status is DealStatus.COMPLETED) is done
        assert types_of(self.deal.recorded).count(DealCompleted) == done

    @invariant()
    def the_events_agree_with_the_milestones(self) -> None:
        """Each milestone has the status of its last event, is achieved at most once, and recorded as late if it is."""
        for milestone in self.deal.milestones:
            mine = [e for e in self.deal.recorded if isinstance(e, MilestoneEvent) and e.number == milestone.number]
            acts = [type(e) for e in mine if not isinstance(e, DealMilestoneLate)]
            assert STANDS[acts[-1]] is milestone.status if acts else milestone.status is Status.PLANNED
            assert types_of(mine).count(DealMilestoneAchieved) <= 1
            assert types_of(mine).count(DealMilestoneLate) == milestone.late


STANDS: dict[type, Status] = {
    DealMilestoneReported: Status.REPORTED,
    DealMilestoneAchieved: Status.ACHIEVED,
    DealMilestoneDisputed: Status.DISPUTED,
}
MilestonesOfADeal.TestCase.settings = settings(max_examples=60, stateful_step_count=30, deadline=None)
TestMilestones = MilestonesOfADeal.TestCase
