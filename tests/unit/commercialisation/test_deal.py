"""The states of a deal, its two signatures, and the checks on its milestones."""

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
    types_of,
)

ACTS: dict[str, Callable[[Deal], None]] = {
    "sign": lambda d: d.sign(LI, NOW),
    "withdraw": lambda d: d.withdraw(LI, REASON),
    "terminate": lambda d: d.terminate(LI, REASON),
}


def in_state(status: Status, *, one_side: bool = False) -> Deal:
    """A deal in `status`; with `one_side`, Birmingham has signed."""
    made = deal()
    made.status = status
    if one_side:
        made.signatures = made.signatures.give("signature", BIRMINGHAM, ANNE, NOW)
    return made


ROWS = [row for row in Deal.lifecycle.rows if row.what in ACTS]


@pytest.mark.parametrize("row", ROWS, ids=lambda r: f"{r.source} {r.what} {r.target}")
def test_each_allowed_act_records_its_event(row: Transition) -> None:
    """Each transition made by a person leads to its state and records one event."""
    made = in_state(Status(row.source), one_side=row.event is DealSigned)

    ACTS[row.what](made)

    assert (made.status, types_of(made.recorded)) == (row.target, [row.event])


REFUSED = [(s, what) for s in Status for what in ACTS if not Deal.lifecycle.allows(s, what)]


@pytest.mark.parametrize(("status", "what"), REFUSED)
def test_an_act_outside_the_lifecycle_is_refused(status: Status, what: str) -> None:
    """It changes nothing and records no event."""
    made = in_state(status)

    with pytest.raises(NotInState, match=f"while the deal is {status}"):
        ACTS[what](made)
    assert (made.status, made.recorded) == (status, [])


def test_every_act_of_the_lifecycle_is_tested() -> None:
    """The one transition without an act of its own is made by the last milestone."""
    assert len(REFUSED) == 12
    assert {*ACTS, "complete"} == {row.what for row in Deal.lifecycle.rows}


def test_the_last_milestone_completes_the_deal() -> None:
    """The deal runs until every milestone is achieved, in any order; then it records that once."""
    made = running(milestones=milestones(date(2027, 3, 31), date(2027, 6, 30)))

    for number in (2, 1):
        assert made.status is Status.RUNNING
        made.report(number, ANNE, EVIDENCE)
        made.confirm(number, LI)

    assert (made.status, types_of(made.recorded)[-2:]) == (Status.COMPLETED, [DealMilestoneAchieved, DealCompleted])


def test_the_drafted_event_lists_the_milestones() -> None:
    """It has the plan of each milestone and no progress."""
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
def test_inconsistent_milestones_are_refused(wrong: list[Milestone], reason: str) -> None:
    """Days must not decrease and levels must rise; the refusal says which rule is broken."""
    with pytest.raises(Invalid, match=reason):
        deal(milestones=wrong).drafted(ANNE)


def test_a_deal_may_have_milestones_in_the_past() -> None:
    """A deal made elsewhere can be entered; its past milestones are late once both sides have signed."""
    past, future = date(2025, 5, 1), date(2027, 6, 30)
    made = deal(milestones=milestones(past, future)).drafted(ANNE)
    made.sign(ANNE, NOW)
    made.sign(LI, NOW)

    made.note_late(made.due()["milestone-late"])

    assert [m.late for m in made.milestones] == [True, False]


@pytest.mark.parametrize("order", [(ANNE, LI), (LI, ANNE)])
def test_the_last_signature_starts_the_deal(order: tuple[Actor, Actor]) -> None:
    """Either side may sign first; nothing can be late before both have signed."""
    made = deal()

    made.sign(order[0], NOW)
    assert made.due() == {}
    made.sign(order[1], NOW)

    assert (made.status, made.due()) == (Status.RUNNING, {"milestone-late": datetime(2027, 3, 31, 16, tzinfo=UTC)})


def test_the_two_signatures_need_two_people() -> None:
    """Nobody signs for both sides, and no side signs twice."""
    made = in_state(Status.DRAFTED, one_side=True)

    with pytest.raises(SamePerson):
        made.sign(moved(ANNE, NANJING), NOW)
    with pytest.raises(AgreedAlready):
        made.sign(officer(BIRMINGHAM), NOW)
    assert (made.status, made.recorded) == (Status.DRAFTED, [])


OUTSIDER_ACTS: dict[str, Callable[[Deal], object]] = {
    "draft": lambda d: d.drafted(STRANGER),
    "sign": lambda d: d.sign(STRANGER, NOW),
    "withdraw": lambda d: d.withdraw(STRANGER, REASON),
    "terminate": lambda d: d.terminate(STRANGER, REASON),
    "report": lambda d: d.report(1, STRANGER, EVIDENCE),
    "confirm": lambda d: d.confirm(1, STRANGER),
    "dispute": lambda d: d.dispute(1, STRANGER, REASON),
}


@pytest.mark.parametrize("what", OUTSIDER_ACTS)
def test_an_outsider_may_not_act_on_a_deal(what: str) -> None:
    """Every act is refused to a third organisation."""
    made = running()

    with pytest.raises(NotASide):
        OUTSIDER_ACTS[what](made)
    assert made.recorded == []


def test_a_draft_is_withdrawn_when_its_match_ends() -> None:
    """The event names no party; the deal keeps the reason."""
    made = deal()

    made.lapse(REASON)

    assert (made.status, made.reason) == (Status.WITHDRAWN, REASON.text)
    assert made.recorded[0].model_dump()["party"] is None


def test_evidence_is_never_published() -> None:
    """It is in the document, which only the two sides see, and on no event."""
    made = running()
    made.report(1, ANNE, EVIDENCE)
    made.dispute(1, LI, REASON)
    made.report(1, ANNE, EVIDENCE)
    made.confirm(1, LI)

    published = json.dumps([event.model_dump(mode="json") for event in made.recorded])
    assert "report-7" in TypeAdapter(Deal).dump_json(made).decode()
    assert not [part for part in ("report-7", "Test report", "evidence") if part in published]


def test_a_stored_deal_is_read_back_unchanged() -> None:
    """The body also has `sides`, which says who may see it, and `late`."""
    made = running()
    made.report(1, ANNE, EVIDENCE)
    made.note_late(datetime(2027, 4, 1, tzinfo=UTC))

    body = TypeAdapter(Deal).dump_python(made, mode="json")

    assert TypeAdapter(Deal).validate_python(body) == made
    assert (body["sides"], body["late"]) == ([str(BIRMINGHAM), str(NANJING)], True)
    assert made.milestones[0].status is MilestoneStatus.REPORTED
