"""The states of a deal, its two signatures, and what it must be in itself."""

import json
from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest
from pydantic import TypeAdapter

from services.commercialisation.domain.deal import Deal, Status
from services.commercialisation.domain.milestone import Milestone
from services.commercialisation.domain.milestone import Status as MilestoneStatus
from shared.contracts.deal import DealCompleted, DealDrafted, DealMilestoneAchieved, DealSigned
from shared.domain.actor import Actor
from shared.domain.aggregate import Transition
from shared.domain.consent import AgreedAlready
from shared.domain.refused import Invalid, NotASide, NotInState, SamePerson
from tests.unit.commercialisation.scene import (
    ANNE,
    BIRMINGHAM,
    EVIDENCE,
    LI,
    NANJING,
    NOW,
    REASON,
    STRANGER,
    deal,
    milestones,
    moved,
    officer,
    running,
    told,
)

ACTS: dict[str, Callable[[Deal], None]] = {
    "sign": lambda d: d.sign(LI, NOW),
    "withdraw": lambda d: d.withdraw(LI, REASON),
    "terminate": lambda d: d.terminate(LI, REASON),
}


def in_state(status: Status, *, one_side: bool = False) -> Deal:
    """A deal brought to `status`; `one_side`: Birmingham has signed."""
    made = deal()
    made.status = status
    if one_side:
        made.signatures = made.signatures.give("signature", BIRMINGHAM, ANNE, NOW)
    return made


ROWS = [row for row in Deal.lifecycle.rows if row.what in ACTS]


@pytest.mark.parametrize("row", ROWS, ids=lambda r: f"{r.source} {r.what} {r.target}")
def test_every_row_of_the_lifecycle_happens_and_is_told(row: Transition) -> None:
    """Each transition that people make leads to its state and records its one event."""
    made = in_state(Status(row.source), one_side=row.event is DealSigned)

    ACTS[row.what](made)

    assert (made.status, told(made.recorded)) == (row.target, [row.event])


REFUSED = [(s, what) for s in Status for what in ACTS if not Deal.lifecycle.allows(s, what)]


@pytest.mark.parametrize(("status", "what"), REFUSED)
def test_what_the_lifecycle_does_not_name_is_refused(status: Status, what: str) -> None:
    """An act that the table does not name for a state is refused and tells nothing."""
    made = in_state(status)

    with pytest.raises(NotInState, match=f"while the deal is {status}"):
        ACTS[what](made)
    assert (made.status, made.recorded) == (status, [])


def test_the_table_covers_every_act() -> None:
    """There are acts to be refused; the last milestone makes the one transition that nobody asks for."""
    assert len(REFUSED) == 12
    assert {*ACTS, "complete"} == {row.what for row in Deal.lifecycle.rows}


def test_the_last_milestone_completes_the_deal() -> None:
    """The deal runs until every milestone is achieved, and says so once."""
    made = running(milestones=milestones(date(2027, 3, 31), date(2027, 6, 30)))

    for number in (2, 1):
        assert made.status is Status.RUNNING
        made.report(number, ANNE, EVIDENCE)
        made.confirm(number, LI)

    assert (made.status, told(made.recorded)[-2:]) == (Status.COMPLETED, [DealMilestoneAchieved, DealCompleted])


def test_a_drafted_deal_tells_its_milestones() -> None:
    """The event has the plan of each milestone, and no more of it."""
    [event] = deal().drafted(LI).recorded

    assert isinstance(event, DealDrafted)
    assert (event.party, event.by) == (NANJING, LI.person)
    assert event.model_dump(mode="json")["milestones"] == [
        {"number": 1, "title": {"en": "Step 1", "zh": None}, "due_on": "2027-03-31", "trl": 5},
        {"number": 2, "title": {"en": "Step 2", "zh": None}, "due_on": "2027-06-30", "trl": 6},
    ]


D1, D2 = date(2027, 3, 31), date(2027, 6, 30)


@pytest.mark.parametrize(
    ("wrong", "reason"),
    [
        ([], "at least one"),
        (milestones(D2, D1), "on or after the day of the one before"),
        (milestones(D1, D2, levels=(6, 6)), "higher than the one before"),
        (milestones(D1, D1, D2, levels=(6, None, 5)), "higher than the one before"),
        (milestones(D1, D2)[1:], "numbered from 1"),
    ],
)
def test_a_deal_that_does_not_hang_together_is_refused(wrong: list[Milestone], reason: str) -> None:
    """Milestones in order of their days, levels that rise: the refusal says which is wrong."""
    with pytest.raises(Invalid, match=reason):
        deal(milestones=wrong).drafted(ANNE)


def test_a_deal_made_elsewhere_is_entered_with_days_that_are_past() -> None:
    """What should have been reached before the deal ran here is late as soon as both have signed."""
    past, yet = date(2025, 5, 1), date(2027, 6, 30)
    made = deal(milestones=milestones(past, yet)).drafted(ANNE)
    made.sign(ANNE, NOW)
    made.sign(LI, NOW)

    made.note_late(made.due()["milestone-late"])

    assert [m.late for m in made.milestones] == [True, False]


@pytest.mark.parametrize("order", [(ANNE, LI), (LI, ANNE)])
def test_the_last_signature_makes_it_run(order: tuple[Actor, Actor]) -> None:
    """Either side signs first; nothing can be late before both have signed."""
    made = deal()

    made.sign(order[0], NOW)
    assert made.due() == {}
    made.sign(order[1], NOW)

    assert (made.status, made.due()) == (Status.RUNNING, {"milestone-late": datetime(2027, 3, 31, 16, tzinfo=UTC)})


def test_the_two_signatures_need_two_people() -> None:
    """Whoever signed for one side signs not for the other, and no side signs twice."""
    made = in_state(Status.DRAFTED, one_side=True)

    with pytest.raises(SamePerson):
        made.sign(moved(ANNE, NANJING), NOW)
    with pytest.raises(AgreedAlready):
        made.sign(officer(BIRMINGHAM), NOW)
    assert (made.status, made.recorded) == (Status.DRAFTED, [])


OUTSIDE: dict[str, Callable[[Deal], object]] = {
    "draft": lambda d: d.drafted(STRANGER),
    "sign": lambda d: d.sign(STRANGER, NOW),
    "withdraw": lambda d: d.withdraw(STRANGER, REASON),
    "terminate": lambda d: d.terminate(STRANGER, REASON),
    "report": lambda d: d.report(1, STRANGER, EVIDENCE),
    "confirm": lambda d: d.confirm(1, STRANGER),
    "dispute": lambda d: d.dispute(1, STRANGER, REASON),
}


@pytest.mark.parametrize("what", OUTSIDE)
def test_an_outsider_has_no_part_in_a_deal(what: str) -> None:
    """Nothing of a deal is for another organisation."""
    made = running()

    with pytest.raises(NotASide):
        OUTSIDE[what](made)
    assert made.recorded == []


def test_the_end_of_the_match_withdraws_a_draft_by_nobodys_hand() -> None:
    """The event names no party, and the reason is kept."""
    made = deal()

    made.lapse(REASON)

    assert (made.status, made.reason) == (Status.WITHDRAWN, REASON.text)
    assert made.recorded[0].model_dump()["party"] is None


def test_evidence_is_for_the_two_sides_and_on_no_event() -> None:
    """What a side shows the other stands in the document and in nothing that is published."""
    made = running()
    made.report(1, ANNE, EVIDENCE)
    made.dispute(1, LI, REASON)
    made.report(1, ANNE, EVIDENCE)
    made.confirm(1, LI)

    published = json.dumps([event.model_dump(mode="json") for event in made.recorded])
    assert "report-7" in TypeAdapter(Deal).dump_json(made).decode()
    assert not [part for part in ("report-7", "Test report", "evidence") if part in published]


def test_a_document_comes_back_as_it_was_and_says_who_sees_it() -> None:
    """A deal with evidence, stored and read again, is the same, and `sides` and `late` stand in the body."""
    made = running()
    made.report(1, ANNE, EVIDENCE)
    made.note_late(datetime(2027, 4, 1, tzinfo=UTC))

    body = TypeAdapter(Deal).dump_python(made, mode="json")

    assert TypeAdapter(Deal).validate_python(body) == made
    assert (body["sides"], body["late"]) == ([str(BIRMINGHAM), str(NANJING)], True)
    assert made.milestones[0].status is MilestoneStatus.REPORTED
