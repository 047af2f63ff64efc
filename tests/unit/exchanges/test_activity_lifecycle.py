"""Every transition of an activity, allowed and refused, from the table itself."""

from collections.abc import Callable
from datetime import timedelta
from itertools import product

import pytest

from services.exchanges.domain.activity import LIFECYCLE, Activity
from services.exchanges.domain.activity_kinds import ActivityKind, NotOfThisKind, Part, rules_of
from services.exchanges.domain.activity_status import Status
from shared.contracts.activity import (
    ActivityActionAccepted,
    ActivityActionDisputed,
    ActivityActionReported,
    ActivityActionRescheduled,
    ActivityActionReschedulingAgreed,
    ActivityActionWaived,
    ActivityActionWaiverAgreed,
    ActivityClosed,
)
from shared.domain.aggregate import Transition
from shared.domain.reason import ReasonCode
from shared.domain.refused import NotInState, Refused
from tests.unit.exchanges.activity_cast import (
    ANNE,
    EVERY_KIND,
    EVIDENCE,
    KIT,
    LI,
    LIN,
    NANJING,
    NOW,
    OVER,
    REASON,
    WU,
    activity_that_is,
    admit_somebody,
    items,
    propose,
    record,
    wanted_action,
)

COHORT, DELEGATION = ActivityKind.TRAINING_COHORT, ActivityKind.DELEGATION
CAPACITY = ReasonCode.CAPACITY
Deed = Callable[[Activity], object]

DEEDS: dict[str, tuple[ActivityKind, Deed]] = {
    "agree": (COHORT, lambda a: a.agree(ANNE, a.revision, NOW)),
    "announce": (COHORT, lambda a: a.announce(ANNE)),
    "begin": (COHORT, lambda a: a.begin()),
    "enrol participant": (COHORT, lambda a: a.enrol_participant(WU, NANJING, LI)),
    "invite participant": (DELEGATION, lambda a: a.invite_participant(WU, NANJING, ANNE)),
    "admit participant": (COHORT, lambda a: a.admit_participant(WU, ANNE)),
    "decline participant": (COHORT, lambda a: a.decline_participant(WU, CAPACITY, ANNE)),
    "withdraw participant": (COHORT, lambda a: a.withdraw_participant(LIN, CAPACITY, LI)),
    "record attendance": (COHORT, lambda a: record(a, 1)),
    "hold": (COHORT, lambda a: a.hold(ANNE, OVER)),
    "certify": (COHORT, lambda a: a.certify(ANNE, OVER)),
    "plan action": (DELEGATION, lambda a: a.plan_action(wanted_action(), ANNE)),
    "close": (COHORT, lambda a: a.close()),
    "postpone": (COHORT, lambda a: a.postpone(items(COHORT, timedelta(days=7)), REASON, ANNE)),
    "cancel": (COHORT, lambda a: a.cancel(REASON, ANNE)),
}


def ready(row: Transition) -> Activity:
    """An activity of the right kind in the row's state, with what the deed needs, brought about earlier."""
    kind, status = DEEDS[row.what][0], Status(row.source)
    if "participant" not in row.what:
        activity = activity_that_is(status, kind)
        if row.what == "agree" and Status(row.target) is Status.AGREED:
            activity.agree(KIT, activity.revision, NOW)
        if row.what == "hold":
            record(activity, 1)
            record(activity, 2)
    else:
        activity = _with_people(status, kind)
    activity.recorded.clear()
    return activity


def _with_people(status: Status, kind: ActivityKind) -> Activity:
    """Lin is admitted, and Wu waits unless it is Wu's turn now to be enrolled or invited."""
    activity = activity_that_is(Status.AGREED, kind)
    admit_somebody(activity)
    propose(activity, WU)
    match status:
        case Status.PLANNED:
            activity.postpone(items(kind, timedelta(days=7)), REASON, ANNE)
        case Status.ANNOUNCED | Status.RUNNING:
            activity.announce(ANNE)
        case _:
            pass
    if status is Status.RUNNING:
        activity.begin()
    return activity


@pytest.mark.parametrize("row", LIFECYCLE.rows, ids=lambda r: f"{r.source} {r.what} {r.target}")
def test_an_allowed_act_leads_where_the_table_says_and_tells_it(row: Transition) -> None:
    """Every row of the lifecycle ends in its target state and records exactly its event, with that state."""
    activity = ready(row)
    if row.what in ("enrol participant", "invite participant"):
        activity.places.pop()

    DEEDS[row.what][1](activity)

    assert (activity.status, [type(e) for e in activity.recorded]) == (row.target, [row.event])
    assert [e.model_dump()["status"] for e in activity.recorded] == [row.target]


NOT_ALLOWED = [(s, what) for s, what in product(Status, DEEDS) if not LIFECYCLE.allows(s, what)]


@pytest.mark.parametrize(("status", "what"), NOT_ALLOWED)
def test_another_act_is_refused_and_changes_nothing(status: Status, what: str) -> None:
    """Whatever the table does not name in a state is refused there."""
    kind, deed = DEEDS[what]
    activity, before = activity_that_is(status, kind), activity_that_is(status, kind)

    with pytest.raises(NotInState):
        deed(activity)

    assert (activity, activity.recorded) == (before, [])


PARTS: dict[Part, Deed] = {
    Part.ENROLMENT: lambda a: a.enrol_participant(WU, NANJING, LI),
    Part.INVITATION: lambda a: a.invite_participant(WU, NANJING, ANNE),
    Part.PRESENCE: lambda a: a.record_presence(1, [], ANNE, OVER),
    Part.HEAD_COUNT: lambda a: a.record_heads(1, 5, ANNE, OVER),
    Part.CERTIFICATES: lambda a: a.certify(ANNE, OVER),
    Part.ACTIONS: lambda a: a.plan_action(wanted_action(), ANNE),
}
STATE_OF = {
    Part.ENROLMENT: Status.ANNOUNCED, Part.INVITATION: Status.ANNOUNCED, Part.PRESENCE: Status.RUNNING,
    Part.HEAD_COUNT: Status.RUNNING, Part.CERTIFICATES: Status.HELD, Part.ACTIONS: Status.HELD,
}  # fmt: skip


@pytest.mark.parametrize("part", PARTS)
@pytest.mark.parametrize("kind", EVERY_KIND)
def test_an_activity_does_what_the_table_of_kinds_says(kind: ActivityKind, part: Part) -> None:
    """What belongs to its kind is done in its time; the rest is refused by name."""
    activity = activity_that_is(STATE_OF[part], kind)
    if part in rules_of(kind).parts:
        PARTS[part](activity)
        assert len(activity.recorded) == 1
    else:
        with pytest.raises(NotOfThisKind):
            PARTS[part](activity)


ACTION_DEEDS: dict[str, Deed] = {
    "report": lambda a: a.report_action(1, EVIDENCE, ANNE),
    "accept": lambda a: a.accept_action(1, LI),
    "dispute": lambda a: a.dispute_action(1, REASON, LI),
    "reschedule": lambda a: a.reschedule_action(1, wanted_action().due_on + timedelta(days=30), ANNE, NOW),
    "waive": lambda a: a.waive_action(1, ANNE, NOW),
}


def with_action() -> Activity:
    """A delegation that was held, and what Birmingham promised to Nanjing in it."""
    activity = activity_that_is(Status.HELD, DELEGATION)
    activity.plan_action(wanted_action(), ANNE)
    activity.recorded.clear()
    return activity


@pytest.mark.parametrize("what", ACTION_DEEDS)
@pytest.mark.parametrize("status", [s for s in Status if s is not Status.HELD])
def test_actions_move_only_after_it_was_held(status: Status, what: str) -> None:
    """Before that there are none, and nothing moves once it is closed."""
    with pytest.raises(NotInState):
        ACTION_DEEDS[what](activity_that_is(status, DELEGATION))


def test_an_action_is_kept_in_the_two_ways_there_are() -> None:
    """Reported, disputed and reported again; a change and a waiver need both sides."""
    activity = with_action()
    day = wanted_action().due_on + timedelta(days=30)
    activity.report_action(1, EVIDENCE, ANNE)
    activity.dispute_action(1, REASON, LI)
    activity.reschedule_action(1, day, ANNE, NOW)
    activity.reschedule_action(1, day, LI, NOW)
    activity.waive_action(1, LI, NOW)
    activity.report_action(1, EVIDENCE, ANNE)
    activity.accept_action(1, LI)

    assert [type(event) for event in activity.recorded] == [
        ActivityActionReported, ActivityActionDisputed, ActivityActionReschedulingAgreed, ActivityActionRescheduled,
        ActivityActionWaiverAgreed, ActivityActionReported, ActivityActionAccepted, ActivityClosed,
    ]  # fmt: skip
    assert activity.status is Status.CLOSED


def test_it_closes_with_the_last_action_only() -> None:
    """One that is still open keeps it open; a waiver of the last one closes it too."""
    activity = with_action()
    activity.plan_action(wanted_action(), LI)
    activity.report_action(1, EVIDENCE, ANNE)
    activity.accept_action(1, LI)
    still = activity.status
    activity.recorded.clear()
    for by in (ANNE, LI):
        activity.waive_action(2, by, NOW)

    assert still is Status.HELD
    assert [type(event) for event in activity.recorded] == [
        ActivityActionWaiverAgreed, ActivityActionWaived, ActivityClosed,
    ]  # fmt: skip


@pytest.mark.parametrize("what", ["accept", "dispute"])
def test_what_was_not_reported_is_neither_accepted_nor_disputed(what: str) -> None:
    """The commitment's own table refuses it."""
    with pytest.raises(Refused):
        ACTION_DEEDS[what](with_action())
