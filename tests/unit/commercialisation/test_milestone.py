"""Milestones: reported by one side, achieved or disputed by the other, late when their day goes by."""

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
    told,
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
    """A running deal whose first of two milestones is brought to `status`."""
    made = running()
    for what in WAYS[status]:
        ACTS[what](made)
    made.recorded.clear()
    return made


def first(made: Deal) -> Milestone:
    """The deal's first milestone."""
    return made.milestones[0]


@pytest.mark.parametrize("row", LIFECYCLE.rows, ids=lambda r: f"{r.source} {r.what} {r.target}")
def test_every_row_of_the_lifecycle_happens_and_is_told(row: Transition) -> None:
    """Each allowed transition leads to its state and records its one event, which names the milestone."""
    made = in_state(Status(row.source))

    ACTS[row.what](made)

    assert (first(made).status, told(made.recorded)) == (row.target, [row.event])
    assert made.recorded[0].model_dump(include={"number", "milestone_title", "due_on", "trl"}) == {
        "number": 1, "milestone_title": {"en": "Step 1", "zh": None}, "due_on": DAY, "trl": 5,
    }  # fmt: skip


REFUSED = [(s, what) for s in Status for what in ACTS if not LIFECYCLE.allows(s, what)]


@pytest.mark.parametrize(("status", "what"), REFUSED)
def test_what_the_lifecycle_does_not_name_is_refused(status: Status, what: str) -> None:
    """An act that the table does not name for a state is refused and tells nothing."""
    made = in_state(status)

    with pytest.raises(NotInState, match=f"while the milestone is {status}"):
        ACTS[what](made)
    assert (first(made).status, made.recorded) == (status, [])


def test_the_table_covers_every_act() -> None:
    """There are acts to be refused, and the acts of this test are those of the table."""
    assert len(REFUSED) == 8
    assert set(ACTS) == {row.what for row in LIFECYCLE.rows}


@pytest.mark.parametrize("status", [s for s in DealStatus if s is not DealStatus.RUNNING])
@pytest.mark.parametrize("what", ACTS)
def test_milestones_move_while_the_deal_runs(status: DealStatus, what: str) -> None:
    """In a deal that is not signed yet, or over, nothing is reported, confirmed or disputed."""
    made = in_state(Status.REPORTED)
    made.status = status

    with pytest.raises(NotInState, match=f"the deal is {status}"):
        ACTS[what](made)


@pytest.mark.parametrize("number", [0, 3, -1])
def test_a_milestone_that_is_not_planned_is_not_found(number: int) -> None:
    """Numbers begin at 1 and end with the last milestone."""
    with pytest.raises(NotFound, match=f"no milestone {number}"):
        running().report(number, ANNE, EVIDENCE)


@pytest.mark.parametrize("what", ["confirm", "dispute"])
def test_the_other_side_and_another_person_answers(what: str) -> None:
    """Neither a colleague of who reported answers a report, nor the same person from the other organisation."""
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


def test_either_side_reports_and_a_dispute_is_settled_by_a_new_report() -> None:
    """Disputed by Nanjing, the milestone is then reported by Nanjing itself and confirmed by Birmingham."""
    made = in_state(Status.DISPUTED)
    assert first(made).reason == REASON.text

    made.report(1, LI, EVIDENCE)
    made.confirm(1, ANNE)

    assert (first(made).status, first(made).reason) == (Status.ACHIEVED, None)


@pytest.mark.parametrize("status", [s for s in Status if s is not Status.ACHIEVED])
def test_a_milestone_not_achieved_is_late_once_its_day_is_over(status: Status) -> None:
    """Planned, reported or disputed alike, it is late at the first moment after its day, and told once."""
    made = in_state(status)
    assert made.due() == {"milestone-late": NEXT_DAY}

    made.note_late(NEXT_DAY)
    made.note_late(NEXT_DAY)

    assert told(made.recorded) == [DealMilestoneLate]
    assert (first(made).status, first(made).late, made.late) == (status, True, True)
    assert made.due() == {"milestone-late": datetime(2027, 6, 30, 16, tzinfo=UTC)}


def test_a_deal_that_was_terminated_is_late_no_longer() -> None:
    """Whoever looks for late deals finds those in which something is still to be done."""
    made = running()
    made.note_late(NEXT_DAY)
    late = made.late

    made.terminate(LI, REASON)

    assert (late, made.late, first(made).late) == (True, False, True)


def test_an_achieved_milestone_is_not_late() -> None:
    """The next one's day is what is awaited then."""
    made = in_state(Status.ACHIEVED)

    made.note_late(NEXT_DAY)

    assert (made.recorded, made.late) == ([], False)
    assert made.due() == {"milestone-late": datetime(2027, 6, 30, 16, tzinfo=UTC)}


def test_a_late_milestone_can_still_be_achieved() -> None:
    """It is told as achieved late, stays marked, and the deal itself is late no longer."""
    made = in_state(Status.PLANNED)
    made.note_late(NEXT_DAY)
    made.report(1, ANNE, EVIDENCE)
    made.confirm(1, LI)

    achieved = made.recorded[-1]
    assert isinstance(achieved, DealMilestoneAchieved)
    assert (achieved.late, first(made).late, made.late) == (True, True, False)


def test_days_that_went_by_together_are_told_together() -> None:
    """After a standstill of the clock all that is late is told at once, in the milestones' order."""
    made = running(milestones=milestones(DAY, DAY, date(2028, 1, 1)))

    made.note_late(datetime(2027, 5, 1, tzinfo=UTC))

    assert [e.number for e in made.recorded if isinstance(e, DealMilestoneLate)] == [1, 2]


@pytest.mark.parametrize("status", [s for s in DealStatus if s is not DealStatus.RUNNING])
def test_nothing_is_late_in_a_deal_that_does_not_run(status: DealStatus) -> None:
    """Its timer is gone, and one that fires all the same tells nothing."""
    made = running()
    made.status = status

    made.note_late(datetime(2030, 1, 1, tzinfo=UTC))

    assert (made.due(), made.recorded) == ({}, [])


class MilestonesOfADeal(RuleBasedStateMachine):
    """One running deal with three milestones; both sides and the clock act on it in whatever order."""

    def __init__(self) -> None:
        super().__init__()
        self.deal = running(milestones=milestones(date(2027, 1, 31), date(2027, 2, 28), date(2027, 3, 31)))

    numbers, sides = st.integers(1, 3), st.sampled_from([ANNE, LI])

    @rule(number=numbers, actor=sides)
    def report(self, number: int, actor: Actor) -> None:
        """A report, refused exactly when one stands or none is needed; nothing is once the deal is complete."""
        before = self.deal.milestones[number - 1].status
        try:
            self.deal.report(number, actor, EVIDENCE)
        except NotInState:
            assert before in (Status.REPORTED, Status.ACHIEVED)

    @rule(number=numbers, actor=sides, yes=st.booleans())
    def answer(self, number: int, actor: Actor, yes: bool) -> None:
        """An answer, refused exactly when there is no report of the other side."""
        before = self.deal.milestones[number - 1]
        try:
            self.deal.confirm(number, actor) if yes else self.deal.dispute(number, actor, REASON)
        except NotInState:
            assert before.status is not Status.REPORTED
        except OwnReport:
            assert before.report
            assert before.report.by.person_id == actor.person

    @rule()
    def let_the_next_day_go_by(self) -> None:
        """The timer fires at the moment that the deal gave it."""
        for moment in self.deal.due().values():
            self.deal.note_late(moment)

    @invariant()
    def the_deal_is_complete_when_all_is_achieved(self) -> None:
        """No earlier, no later, and told once."""
        done = all(m.status is Status.ACHIEVED for m in self.deal.milestones)
        assert (self.deal.status is DealStatus.COMPLETED) is done
        assert told(self.deal.recorded).count(DealCompleted) == done

    @invariant()
    def what_was_told_is_what_is(self) -> None:
        """Each milestone stands where its last event says, is achieved at most once, and late if so told, once."""
        for milestone in self.deal.milestones:
            mine = [e for e in self.deal.recorded if isinstance(e, MilestoneEvent) and e.number == milestone.number]
            acts = [type(e) for e in mine if not isinstance(e, DealMilestoneLate)]
            assert STANDS[acts[-1]] is milestone.status if acts else milestone.status is Status.PLANNED
            assert told(mine).count(DealMilestoneAchieved) <= 1
            assert told(mine).count(DealMilestoneLate) == milestone.late


STANDS: dict[type, Status] = {
    DealMilestoneReported: Status.REPORTED,
    DealMilestoneAchieved: Status.ACHIEVED,
    DealMilestoneDisputed: Status.DISPUTED,
}
MilestonesOfADeal.TestCase.settings = settings(max_examples=60, stateful_step_count=30, deadline=None)
TestMilestones = MilestonesOfADeal.TestCase
