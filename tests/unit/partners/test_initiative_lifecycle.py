"""Every allowed and refused transition of an initiative, generated from the lifecycle table."""

from collections.abc import Callable
from datetime import date

import pytest

from services.partners.domain.initiative import LIFECYCLE, Initiative
from services.partners.domain.initiative_status import UNDER_WAY, Status
from services.partners.domain.initiative_terms import AuthorityApproval
from shared.contracts.initiative import (
    InitiativeDeliverableAccepted,
    InitiativeDeliverableDisputed,
    InitiativeDeliverableReported,
    InitiativeDeliverableRescheduled,
    InitiativeDeliverableReschedulingAgreed,
    InitiativeDeliverableWaived,
    InitiativeDeliverableWaiverAgreed,
)
from shared.contracts.values import Text
from shared.domain.aggregate import Transition
from shared.domain.refused import NotInState, Refused
from tests.unit.partners.cast import FRAMPTON, JIANG, NOW, REASON
from tests.unit.partners.initiative_cast import (
    DISPUTE,
    EVIDENCE,
    OUTPUT,
    PROVOST,
    VICE_MAYOR,
    initiative_that_is,
    keep_all,
)

APPROVAL = AuthorityApproval(authority=Text(en="Ministry"), reference="118", approved_on=date(2026, 11, 1))
NEW_DAY = date(2027, 9, 30)

ACTS: dict[str, Callable[[Initiative], None]] = {
    "appraise": lambda i: i.appraise(FRAMPTON, NOW),
    "approve": lambda i: i.approve(PROVOST, NOW),
    "activate": lambda i: i.activate(FRAMPTON),
    "pause": lambda i: i.pause(REASON, FRAMPTON),
    "resume": lambda i: i.resume(FRAMPTON),
    "complete": lambda i: i.complete(FRAMPTON),
    "close": lambda i: i.close(FRAMPTON),
    "decline": lambda i: i.decline(REASON, FRAMPTON),
    "withdraw": lambda i: i.withdraw(REASON, FRAMPTON),
    "record authority approval": lambda i: i.record_authority_approval(APPROVAL, FRAMPTON),
    "record output": lambda i: i.record_output(OUTPUT, FRAMPTON),
}


def _before(initiative: Initiative, row: Transition) -> None:
    # The act of the last lead differs from that of the first one, so the other lead acts first.
    if row.what == "appraise" and Status(row.target) is Status.APPRAISED:
        initiative.appraise(JIANG, NOW)
    if row.what == "approve" and Status(row.target) is Status.APPROVED:
        initiative.approve(VICE_MAYOR, NOW)
    if row.what == "complete" and Status(row.source) is Status.ACTIVE:
        keep_all(initiative)
    if row.what == "complete" and Status(row.source) is Status.PAUSED:
        initiative.resume(FRAMPTON)
        keep_all(initiative)
        initiative.pause(REASON, FRAMPTON)
    initiative.recorded.clear()


@pytest.mark.parametrize("row", LIFECYCLE.rows, ids=lambda r: f"{r.source} {r.what} {r.target}")
def test_each_allowed_act_leads_to_its_state(row: Transition) -> None:
    """It records exactly the event of its row."""
    initiative = initiative_that_is(Status(row.source))
    _before(initiative, row)

    ACTS[row.what](initiative)

    assert (initiative.status, [type(e) for e in initiative.recorded]) == (row.target, [row.event])


NOT_ALLOWED = [(s, what) for s in Status for what in ACTS if not LIFECYCLE.allows(s, what)]


@pytest.mark.parametrize(("status", "what"), NOT_ALLOWED)
def test_an_act_outside_the_lifecycle_is_refused(status: Status, what: str) -> None:
    """It records no event and changes nothing."""
    initiative, untouched = initiative_that_is(status), initiative_that_is(status)

    with pytest.raises(Refused):
        ACTS[what](initiative)

    assert (initiative, initiative.recorded) == (untouched, [])


def test_every_act_and_every_state_is_tested() -> None:
    """The tests above cover the whole lifecycle table."""
    assert {r.what for r in LIFECYCLE.rows} == set(ACTS)
    assert {s for r in LIFECYCLE.rows for s in (r.source, r.target)} == set(Status)


DELIVERABLE_ACTS: dict[str, Callable[[Initiative], None]] = {
    "report": lambda i: i.report(1, EVIDENCE, FRAMPTON),
    "accept": lambda i: i.accept(1, JIANG),
    "dispute": lambda i: i.dispute(1, DISPUTE, JIANG),
    "reschedule": lambda i: i.reschedule(1, NEW_DAY, FRAMPTON, NOW),
    "waive": lambda i: i.waive(1, FRAMPTON, NOW),
}


@pytest.mark.parametrize("what", DELIVERABLE_ACTS)
@pytest.mark.parametrize("status", [s for s in Status if s not in UNDER_WAY])
def test_deliverables_change_only_while_the_initiative_is_under_way(status: Status, what: str) -> None:
    """Before it starts and after it is complete, nothing is reported, accepted or changed."""
    with pytest.raises(NotInState, match="possible when it is active or paused"):
        DELIVERABLE_ACTS[what](initiative_that_is(status))


@pytest.mark.parametrize("status", UNDER_WAY)
def test_each_act_on_a_deliverable_records_an_event(status: Status) -> None:
    """The event has the deliverable, its status, the initiative's status and the actor's side."""
    initiative = initiative_that_is(status)
    for what in ("report", "dispute", "reschedule"):
        DELIVERABLE_ACTS[what](initiative)
    initiative.reschedule(1, NEW_DAY, JIANG, NOW)
    for what in ("report", "accept"):
        DELIVERABLE_ACTS[what](initiative)

    recorded = [(type(e), e.model_dump()) for e in initiative.recorded]
    assert [(kind, e["deliverable_status"], e["party"]) for kind, e in recorded] == [
        (InitiativeDeliverableReported, "reported", FRAMPTON.organisation),
        (InitiativeDeliverableDisputed, "disputed", JIANG.organisation),
        (InitiativeDeliverableReschedulingAgreed, "disputed", FRAMPTON.organisation),
        (InitiativeDeliverableRescheduled, "planned", JIANG.organisation),
        (InitiativeDeliverableReported, "reported", FRAMPTON.organisation),
        (InitiativeDeliverableAccepted, "accepted", JIANG.organisation),
    ]
    assert {e["status"] for _, e in recorded} == {status}
    assert (recorded[1][1]["reason_code"], recorded[2][1]["proposed_on"], recorded[3][1]["due_on"]) == (
        "evidence-missing", NEW_DAY, NEW_DAY,
    )  # fmt: skip


def test_each_consent_to_a_waiver_records_an_event() -> None:
    """The last consent records a different event from the first one."""
    initiative = initiative_that_is(Status.ACTIVE)
    initiative.waive(1, FRAMPTON, NOW)
    initiative.waive(1, JIANG, NOW)

    assert [type(e) for e in initiative.recorded] == [InitiativeDeliverableWaiverAgreed, InitiativeDeliverableWaived]
