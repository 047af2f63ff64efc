"""Who may do what in an activity, what its numbers are, and what its events say."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from services.exchanges.domain.activity import Activity, ItemHeld
from services.exchanges.domain.activity_actions import MOST_ACTIONS, TooManyActions
from services.exchanges.domain.activity_attendance import (
    AttendanceMissing,
    NobodyEarned,
    NotAdmitted,
    NotOver,
    NotStarted,
)
from services.exchanges.domain.activity_kinds import ActivityKind, rules_of
from services.exchanges.domain.activity_people import AdmittedAlready, NoPlaceLeft, TakesPart
from services.exchanges.domain.activity_status import Status
from shared.contracts.activity import ActivityActionOverdue, ActivityCancelled, ActivityHeld, ActivityPlanned
from shared.domain.actor import Actor, Role
from shared.domain.commitment import OwnReport
from shared.domain.consent import AgreedAlready, RevisionChanged
from shared.domain.reason import Cause, Reason, ReasonCode
from shared.domain.refused import Invalid, NotAllowed, NotASide, NotFound, SamePerson
from shared.domain.side import OfficeOfAPart
from tests.unit.exchanges.activity_cast import (
    ACTIVITY,
    ANNE,
    BIRMINGHAM,
    CHEN,
    COUNCIL,
    DIRECTOR,
    EVERY_KIND,
    EVIDENCE,
    FIRST,
    KIT,
    LI,
    LIN,
    NANJING,
    NOW,
    OVER,
    REASON,
    SCHOOL,
    SECOND,
    SOUTHEAST,
    STRANGER,
    WU,
    ZHAO,
    activity_that_is,
    item,
    items,
    officer,
    plan,
    planned,
    record,
    wanted_action,
)

COHORT, DELEGATION = ActivityKind.TRAINING_COHORT, ActivityKind.DELEGATION
EVENT, WORKSHOP = ActivityKind.CULTURAL_EVENT, ActivityKind.WORKSHOP
CAPACITY = ReasonCode.CAPACITY


def test_an_institute_plans_for_its_university() -> None:
    """The event names the side, the organisation whose office was used, the days and the items; and nobody."""
    activity = Activity.plan(ACTIVITY, plan(), DIRECTOR)

    (event,) = activity.recorded
    assert isinstance(event, ActivityPlanned)
    assert (event.party, event.acting, event.by) == (BIRMINGHAM, DIRECTOR.organisation, DIRECTOR.person)
    assert (event.status, event.starts_on, event.ends_on) == ("planned", date(2027, 3, 1), date(2027, 3, 2))
    assert [(i.number, i.host, i.starts_at) for i in event.items] == [(1, BIRMINGHAM, FIRST), (2, SCHOOL, SECOND)]
    assert (event.revision.number, event.capacity) == (1, 2)


def test_the_days_are_those_of_its_own_zone() -> None:
    """What begins in the evening in Birmingham begins on the next day in Nanjing."""
    evening = datetime(2027, 3, 1, 18, tzinfo=UTC)
    activity = planned(time_zone="Asia/Shanghai", items=[item(evening, hours=2)])

    assert (activity.starts_on, activity.ends_on) == (date(2027, 3, 2), date(2027, 3, 2))


@pytest.mark.parametrize(
    "changed",
    [
        {"hosts": [BIRMINGHAM, BIRMINGHAM]},
        {"senders": [NANJING, NANJING]},
        {"senders": []},
        {"capacity": None},
        {"attendance_needed": None},
        {"items": [item(FIRST, host=COUNCIL)]},
        {"items": [item(FIRST, "stop")]},
        {"items": [item(FIRST, hours=0)]},
    ],
    ids=lambda changed: f"{min(changed)}",
)
def test_parts_that_do_not_fit_together_are_refused(changed: dict[str, Any]) -> None:
    """Hosts and senders once, what belongs to the kind, items of its hosts that take time."""
    with pytest.raises(Invalid):
        planned(**changed)


@pytest.mark.parametrize(
    ("kind", "changed"),
    [(EVENT, {"senders": [NANJING]}), (DELEGATION, {"capacity": 5}), (WORKSHOP, {"attendance_needed": 50})],
)
def test_what_another_kind_has_is_refused(kind: ActivityKind, changed: dict[str, Any]) -> None:
    """Nobody is sent to a public event, nobody enrols in a delegation, a workshop has no certificates."""
    with pytest.raises(Invalid):
        planned(kind, **changed)


@pytest.mark.parametrize("role", [Role.MOBILITY_COORDINATOR, Role.PARTNERSHIP_OFFICER, Role.CULTURE_OFFICER])
@pytest.mark.parametrize("kind", EVERY_KIND)
def test_the_table_of_kinds_says_who_plans(kind: ActivityKind, role: Role) -> None:
    """Coordinators a cohort, partnership officers a delegation, culture officers an event, anyone a workshop."""
    by = officer(BIRMINGHAM, 31, role)
    if role in rules_of(kind).officers:
        assert Activity.plan(ACTIVITY, plan(kind), by).status is Status.PLANNED
    else:
        with pytest.raises(NotAllowed):
            Activity.plan(ACTIVITY, plan(kind), by)


ACTS: dict[str, tuple[Status, Callable[[Activity, Actor], None], Actor]] = {
    "announce": (Status.AGREED, lambda a, by: a.announce(by), ANNE),
    "enrol": (Status.AGREED, lambda a, by: a.enrol_participant(WU, NANJING, by), LI),
    "withdraw": (Status.RUNNING, lambda a, by: a.withdraw_participant(LIN, CAPACITY, by), LI),
    "record": (Status.RUNNING, lambda a, by: a.record_presence(1, [], by, OVER), KIT),
    "hold": (Status.RUNNING, lambda a, by: a.hold(by, OVER), KIT),
    "certify": (Status.HELD, lambda a, by: a.certify(by, OVER), KIT),
    "postpone": (Status.AGREED, lambda a, by: a.postpone(items(COHORT), REASON, by), ANNE),
    "cancel": (Status.AGREED, lambda a, by: a.cancel(REASON, by), ANNE),
}


@pytest.mark.parametrize("what", ACTS)
def test_each_side_does_what_is_its_own(what: str) -> None:
    """Another side, a stranger and somebody without the office of the kind are refused."""
    status, act, right = ACTS[what]
    others = [by for by in (ANNE, LI, CHEN, STRANGER) if by.lineage.isdisjoint(right.lineage)]

    for by in others:
        with pytest.raises(NotASide):
            act(activity_that_is(status), by)
    with pytest.raises(NotAllowed):
        act(activity_that_is(status), officer(right.organisation, 41, Role.CULTURE_OFFICER))


def test_each_host_agrees_itself_to_the_plan_it_has_read() -> None:
    """Not a part of it, not twice, not one person for both, and not to an earlier plan."""
    activity = planned()
    first = activity.revision
    activity.postpone(items(COHORT, timedelta(days=7)), REASON, ANNE)

    with pytest.raises(OfficeOfAPart):
        activity.agree(DIRECTOR, activity.revision, NOW)
    with pytest.raises(RevisionChanged):
        activity.agree(ANNE, first, NOW)
    activity.agree(ANNE, activity.revision, NOW)
    with pytest.raises(AgreedAlready):
        activity.agree(officer(BIRMINGHAM, 42), activity.revision, NOW)
    with pytest.raises(SamePerson):
        activity.agree(officer(SCHOOL, 11), activity.revision, NOW)
    with pytest.raises(NotASide):
        activity.agree(LI, activity.revision, NOW)
    activity.agree(KIT, activity.revision, NOW)
    assert activity.status is Status.AGREED


def test_a_postponed_activity_is_agreed_again_and_keeps_its_people() -> None:
    """The days move, the revision rises, consents are void; its timer goes until it is announced again."""
    activity = activity_that_is(Status.ANNOUNCED)
    before = dict(activity.due())
    activity.postpone(items(COHORT, timedelta(days=30)), REASON, ANNE)

    assert before == {"begin": datetime(2027, 3, 1, tzinfo=UTC)}
    assert (activity.starts_on, activity.revision.number, activity.consents.given) == (date(2027, 3, 31), 2, {})
    assert [place.participant_id for place in activity.places] == [LIN]
    assert activity.due() == {}


def test_what_was_attended_is_not_postponed() -> None:
    """The rest of a cohort can move; a session with attendance on record stays."""
    activity = activity_that_is(Status.RUNNING)
    record(activity, 1)
    first, second = items(COHORT)

    with pytest.raises(ItemHeld):
        activity.postpone(items(COHORT, timedelta(days=1)), REASON, ANNE)
    activity.postpone([first, items(COHORT, timedelta(days=9))[1]], REASON, ANNE)
    assert (activity.ends_on, list(activity.attendance)) == (date(2027, 3, 11), [1])
    assert second.starts_at < activity.items[1].starts_at


def test_the_capacity_is_never_exceeded_and_a_place_that_is_freed_is_given_again() -> None:
    """More may be enrolled than admitted; whoever is withdrawn makes room."""
    activity = activity_that_is(Status.ANNOUNCED)
    for person in (WU, ZHAO):
        activity.enrol_participant(person, NANJING, LI)
    activity.admit_participant(WU, KIT)

    with pytest.raises(NoPlaceLeft):
        activity.admit_participant(ZHAO, ANNE)
    activity.withdraw_participant(LIN, CAPACITY, LI)
    activity.admit_participant(ZHAO, ANNE)
    assert (activity.admitted, [p.participant_id for p in activity.places]) == (2, [WU, ZHAO])


def test_nobody_takes_part_twice_and_nobody_is_admitted_twice() -> None:
    """By another organisation neither."""
    activity = activity_that_is(Status.ANNOUNCED)

    with pytest.raises(TakesPart):
        activity.enrol_participant(LIN, SOUTHEAST, CHEN)
    with pytest.raises(AdmittedAlready):
        activity.admit_participant(LIN, ANNE)
    with pytest.raises(AdmittedAlready):
        activity.decline_participant(LIN, CAPACITY, ANNE)
    with pytest.raises(NotFound):
        activity.admit_participant(WU, ANNE)


@pytest.mark.parametrize(("invited", "own", "other"), [(False, LI, ANNE), (True, ANNE, LI)])
def test_the_other_side_admits(invited: bool, own: Actor, other: Actor) -> None:
    """A host admits whom an organisation enrolled; the organisation admits whom a host invited."""
    activity = activity_that_is(Status.ANNOUNCED, WORKSHOP)
    act = activity.invite_participant if invited else activity.enrol_participant
    act(WU, NANJING, own)

    with pytest.raises(NotASide):
        activity.admit_participant(WU, own)
    activity.admit_participant(WU, other)
    assert activity.admitted == 2


def test_people_come_from_organisations_that_send_them() -> None:
    """Neither from a host nor from a stranger."""
    with pytest.raises(NotASide):
        activity_that_is(Status.AGREED).enrol_participant(WU, COUNCIL, STRANGER)
    with pytest.raises(NotFound):
        activity_that_is(Status.AGREED, DELEGATION).invite_participant(WU, COUNCIL, ANNE)


def test_names_are_for_officers_of_the_hosts_and_of_the_sending_side() -> None:
    """Not for another organisation that sends people, nor for readers, nor for officers of another kind."""
    activity = activity_that_is(Status.ANNOUNCED)
    (place,) = activity.places
    readers = [officer(BIRMINGHAM, 51, Role.READER), officer(NANJING, 52, Role.CULTURE_OFFICER)]

    assert [activity.knows(by, place) for by in (ANNE, KIT, DIRECTOR, LI)] == [True] * 4
    assert [activity.knows(by, place) for by in (CHEN, STRANGER, *readers)] == [False] * 4


def test_a_participant_sees_an_activity_once_their_own_organisation_has_said_yes() -> None:
    """Whoever is enrolled at once; whoever is invited when that is accepted; whoever was declined no more."""
    activity = activity_that_is(Status.ANNOUNCED, WORKSHOP)
    activity.enrol_participant(WU, NANJING, LI)
    activity.invite_participant(ZHAO, NANJING, ANNE)
    before = [activity.seen_by(Actor.participant(one)) for one in (LIN, WU, ZHAO)]
    activity.admit_participant(ZHAO, LI)
    activity.decline_participant(WU, CAPACITY, ANNE)

    assert before == [True, True, False]
    assert [activity.seen_by(Actor.participant(one)) for one in (LIN, WU, ZHAO)] == [True, False, True]


def test_attendance_is_of_people_who_were_admitted_and_of_items_that_have_begun() -> None:
    """Who is not admitted, named twice, or said to have come before the start is refused."""
    activity = activity_that_is(Status.RUNNING)

    for present, at, refusal in (
        ([WU], OVER, NotAdmitted),
        ([LIN, LIN], OVER, Invalid),
        ([LIN], FIRST - timedelta(seconds=1), NotStarted),
    ):
        with pytest.raises(refusal):
            activity.record_presence(1, present, ANNE, at)
    with pytest.raises(NotFound):
        activity.record_presence(3, [LIN], ANNE, OVER)


def test_it_is_held_on_its_last_day_with_all_attendance_on_record() -> None:
    """Not before, and not while an item lacks it; an item that did not take place has nobody."""
    activity = activity_that_is(Status.RUNNING)
    last_day = datetime(2027, 3, 2, tzinfo=UTC)
    record(activity, 1)

    with pytest.raises(NotOver):
        activity.hold(ANNE, last_day - timedelta(seconds=1))
    with pytest.raises(AttendanceMissing):
        activity.hold(ANNE, last_day)
    activity.record_presence(2, [], ANNE, OVER)
    activity.hold(ANNE, last_day)
    assert activity.numbers is not None
    assert activity.numbers.items_held == 1


def cohort_of_two() -> Activity:
    """Three sessions, two of them on the first day, with two people; Lin missed the last one, Wu the first two."""
    sessions = [item(FIRST, hours=2), item(FIRST + timedelta(hours=3), hours=2), item(SECOND, host=SCHOOL)]
    activity = planned(items=sessions)
    for by in (ANNE, KIT):
        activity.agree(by, activity.revision, NOW)
    for person in (LIN, WU):
        activity.enrol_participant(person, NANJING, LI)
        activity.admit_participant(person, ANNE)
    activity.announce(ANNE)
    activity.begin()
    for number, present in ((1, [LIN]), (2, [LIN]), (3, [WU])):
        activity.record_presence(number, present, ANNE, OVER)
    return activity


def test_the_numbers_of_a_cohort() -> None:
    """Two sessions on one day are one learner day; the event has numbers and nobody's id."""
    activity = cohort_of_two()
    activity.hold(ANNE, OVER)

    event = activity.recorded[-1]
    assert isinstance(event, ActivityHeld)
    assert (event.items_held, event.people, event.attended, event.learner_days) == (3, 2, 3, 2)
    assert str(LIN) not in event.model_dump_json()


def test_certificates_go_to_those_who_attended_enough() -> None:
    """Lin attended 2 of 3, Wu 1 of 3, and 60 percent is needed; nobody gets two."""
    activity = cohort_of_two()
    activity.hold(ANNE, OVER)
    activity.certify(KIT, datetime(2027, 3, 2, 23, 30, tzinfo=UTC))

    (certificate,) = activity.certificates
    assert (certificate.number, certificate.participant_id, certificate.sessions) == (1, LIN, 2)
    assert certificate.issued_on == date(2027, 3, 2)
    with pytest.raises(NobodyEarned):
        activity.certify(KIT, OVER)


def test_the_heads_of_a_public_event_are_counted() -> None:
    """A correction replaces the earlier count; there are no learner days and nobody by id."""
    activity = activity_that_is(Status.RUNNING, EVENT)
    for number, heads, chargeable in ((1, 300, True), (2, 90, True), (1, 310, False)):
        activity.record_heads(number, heads, ANNE, OVER, chargeable=chargeable)
    activity.hold(ANNE, OVER)

    assert activity.numbers is not None
    assert activity.numbers.model_dump() == {
        "items_held": 2, "people": 0, "attended": 400, "chargeable": 90, "learner_days": 0,
    }  # fmt: skip


def test_a_delegation_is_held_without_counting() -> None:
    """Its result are follow-up actions."""
    activity = activity_that_is(Status.RUNNING, DELEGATION)
    activity.hold(ANNE, OVER)

    assert activity.status is Status.HELD


def test_those_enrolled_are_counted_when_it_is_cancelled() -> None:
    """And the event says why by a code, the document by a sentence."""
    activity = activity_that_is(Status.ANNOUNCED)
    activity.cancel(REASON, ANNE)

    event = activity.recorded[-1]
    assert isinstance(event, ActivityCancelled)
    assert (event.enrolled, event.senders, event.reason_code) == (1, [NANJING, SOUTHEAST], "capacity")
    assert activity.reason == REASON.text


def test_an_agreement_that_is_over_cancels_what_is_planned() -> None:
    """Nobody acted, and the cause says so."""
    activity = planned()
    activity.lapse(Reason(Cause.AGREEMENT_ENDED))

    event = activity.recorded[-1]
    assert isinstance(event, ActivityCancelled)
    assert (event.status, event.reason_code, event.by) == ("cancelled", "agreement-ended", None)


def test_an_action_binds_its_owner_and_its_counterpart() -> None:
    """The owner reports and does not accept; a third side does neither."""
    activity = activity_that_is(Status.HELD, DELEGATION)
    with pytest.raises(NotASide):
        activity.plan_action(wanted_action(), CHEN)
    activity.plan_action(wanted_action(), ANNE)

    for by in (LI, CHEN):
        with pytest.raises(NotASide):
            activity.report_action(1, EVIDENCE, by)
    activity.report_action(1, EVIDENCE, DIRECTOR)
    with pytest.raises(OwnReport):
        activity.accept_action(1, ANNE)
    with pytest.raises(NotASide):
        activity.accept_action(1, CHEN)
    activity.accept_action(1, LI)
    assert activity.actions[0].status == "accepted"


@pytest.mark.parametrize("changed", [{"counterpart": BIRMINGHAM}, {"counterpart": COUNCIL}, {"owner": COUNCIL}])
def test_an_action_is_between_two_sides(changed: dict[str, Any]) -> None:
    """Not with itself, and not with a stranger."""
    with pytest.raises(Invalid):
        activity_that_is(Status.HELD, DELEGATION).plan_action(wanted_action(**changed), ANNE)


def test_actions_have_a_limit() -> None:
    """So that a document stays one that people can read."""
    activity = activity_that_is(Status.HELD, DELEGATION)
    for _ in range(MOST_ACTIONS):
        activity.plan_action(wanted_action(), ANNE)

    with pytest.raises(TooManyActions):
        activity.plan_action(wanted_action(), ANNE)


def test_an_action_becomes_overdue_once_after_its_day_in_its_owners_zone() -> None:
    """The end of 30 June in Birmingham's summer time; the other timer closes it a year after its last day."""
    activity = activity_that_is(Status.HELD, DELEGATION)
    activity.plan_action(wanted_action(), ANNE)
    over = datetime(2027, 6, 30, 23, tzinfo=UTC)
    due = dict(activity.due())
    activity.recorded.clear()
    for at in (over - timedelta(seconds=1), over, over + timedelta(days=1)):
        activity.note_overdue_actions(at)

    assert due == {"action-overdue": over, "close": datetime(2028, 3, 1, tzinfo=UTC)}
    assert [type(event) for event in activity.recorded] == [ActivityActionOverdue]
    assert (activity.overdue, dict(activity.due())) == (True, {"close": due["close"]})
