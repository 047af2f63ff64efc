"""The rows of activities: cohorts, delegations, cultural events and workshops."""

from services.exchanges.adapters.activity_calendar import read_calendar
from services.exchanges.adapters.activity_people import read_people
from services.exchanges.adapters.certificate import read_certificate
from services.exchanges.adapters.itinerary import read_itinerary
from services.exchanges.adapters.own_activities import read_own_activities
from services.exchanges.app.accept_action import accept_action
from services.exchanges.app.admit_participant import admit_participant
from services.exchanges.app.agree_activity import agree_activity
from services.exchanges.app.announce_activity import announce_activity
from services.exchanges.app.begin_activity import begin_activity
from services.exchanges.app.cancel_activities_of_ended_agreement import cancel_activities_of_ended_agreement
from services.exchanges.app.cancel_activity import cancel_activity
from services.exchanges.app.certify_activity import certify_activity
from services.exchanges.app.close_activity import close_activity
from services.exchanges.app.decline_participant import decline_participant
from services.exchanges.app.dispute_action import dispute_action
from services.exchanges.app.enrol_participant import enrol_participant
from services.exchanges.app.follow_enrolment import follow_enrolment
from services.exchanges.app.hold_activity import hold_activity
from services.exchanges.app.invite_participant import invite_participant
from services.exchanges.app.note_overdue_actions import note_overdue_actions
from services.exchanges.app.plan_action import plan_action
from services.exchanges.app.plan_activity import plan_activity
from services.exchanges.app.postpone_activity import postpone_activity
from services.exchanges.app.record_attendance import record_attendance
from services.exchanges.app.report_action import report_action
from services.exchanges.app.reschedule_action import reschedule_action
from services.exchanges.app.tell_participants import tell_participants
from services.exchanges.app.waive_action import waive_action
from services.exchanges.app.withdraw_participant import withdraw_participant
from services.exchanges.domain.activity import Activity
from services.exchanges.domain.activity_kinds import ANY_OFFICER
from services.exchanges.domain.activity_status import ENROLLING, Status
from shared.contracts.activity import (
    ActivityActionAccepted,
    ActivityActionDisputed,
    ActivityActionOverdue,
    ActivityActionReported,
    ActivityActionRescheduled,
    ActivityActionReschedulingAgreed,
    ActivityActionWaived,
    ActivityActionWaiverAgreed,
    ActivityCancelled,
    ActivityClosed,
    ActivityPlanned,
)
from shared.domain.actor import Role
from shared.http.previews import Touches
from shared.messaging.reactions import policy
from shared.service.rows import changes, creates, holds, lists, reads, timer

ONE = "/activities/{activity_id}"
PERSON = f"{ONE}/participants/{{participant_id}}"
ACTION = f"{ONE}/actions/{{number}}"
TAKING_PART = [Role.READER, Role.PARTICIPANT]
OFFICERS = ANY_OFFICER
"""The table of kinds says which of them act for an activity of a kind; the aggregate checks it."""

ACTIVITIES = lists(
    Activity,
    path="/activities",
    filters=["status", "kind", "area", "agreement_id", "initiative_id", "organiser", "host", "sender", "overdue"],
    sorts=["starts_on", "ends_on"],
    search=["title"],
)
ACTIVITIES_ENDING = [
    Touches(ACTIVITIES, "cancel", [Status.PLANNED]),
    Touches(ACTIVITIES, "go on", [*ENROLLING, Status.RUNNING, Status.HELD]),
]
"""What is cancelled when an agreement ends, and what goes on."""
ACTIVITY_COMMANDS = [
    creates("/activities", plan_activity, may=OFFICERS, emits=[ActivityPlanned]),
    changes(f"{ONE}/agreements", agree_activity, may=OFFICERS),
    changes(f"{ONE}/announcement", announce_activity, may=OFFICERS),
    changes(f"{ONE}/enrolments", enrol_participant, may=OFFICERS),
    changes(f"{ONE}/invitations", invite_participant, may=OFFICERS),
    changes(f"{PERSON}/admission", admit_participant, may=OFFICERS),
    changes(f"{PERSON}/declines", decline_participant, may=OFFICERS),
    changes(f"{PERSON}/withdrawal", withdraw_participant, may=OFFICERS),
    changes(f"{ONE}/items/{{number}}/attendance", record_attendance, may=OFFICERS),
    changes(f"{ONE}/holding", hold_activity, may=OFFICERS),
    changes(f"{ONE}/certificates", certify_activity, may=OFFICERS),
    changes(f"{ONE}/actions", plan_action, may=OFFICERS),
    changes(f"{ACTION}/reports", report_action, may=OFFICERS, emits=[ActivityActionReported]),
    changes(f"{ACTION}/acceptance", accept_action, may=OFFICERS, emits=[ActivityActionAccepted, ActivityClosed]),
    changes(f"{ACTION}/disputes", dispute_action, may=OFFICERS, emits=[ActivityActionDisputed]),
    changes(
        f"{ACTION}/reschedulings",
        reschedule_action,
        may=OFFICERS,
        emits=[ActivityActionReschedulingAgreed, ActivityActionRescheduled],
    ),
    changes(
        f"{ACTION}/waivers",
        waive_action,
        may=OFFICERS,
        emits=[ActivityActionWaiverAgreed, ActivityActionWaived, ActivityClosed],
    ),
    changes(f"{ONE}/postponements", postpone_activity, may=OFFICERS),
    changes(f"{ONE}/cancellation", cancel_activity, may=OFFICERS),
]
ACTIVITY_QUERIES = [
    ACTIVITIES,
    reads(f"{ONE}/people", read_people),
    reads(f"{ONE}/certificates/{{number}}", read_certificate, may=TAKING_PART),
    reads(f"{ONE}/itinerary", read_itinerary, may=TAKING_PART),
    reads(f"{ONE}/calendar", read_calendar, may=TAKING_PART),
    reads("/participants/{participant_id}/activities", read_own_activities, may=Role.PARTICIPANT),
]
ACTIVITY_TIMERS = [
    timer("begin", begin_activity),
    timer("action-overdue", note_overdue_actions, emits=[ActivityActionOverdue]),
    timer("close", close_activity),
]
ACTIVITY_POLICIES = [
    policy(cancel_activities_of_ended_agreement, emits=[ActivityCancelled]),
    policy(follow_enrolment),
    policy(tell_participants),
]
_WHO = "jsonb_build_object('person', $1::text)"
OWN_PART = f"""jsonb_build_object('activity_id', id, 'title', body->'title', 'starts_on', body->'starts_on',
    'place', jsonb_path_query_first(body, '$.places[*] ? (@.participant_id == $person)', {_WHO}),
    'attended', jsonb_path_query_array(body,
        '$.attendance.keyvalue() ? (@.value.present[*] == $person).key', {_WHO}),
    'certificate', jsonb_path_query_first(body, '$.certificates[*] ? (@.participant_id == $person)', {_WHO}))"""
"""What somebody may know of an activity: nothing of others who take part."""
ACTIVITY_HELD = [
    holds(
        "activity",
        what="Who plans it; who is invited, enrolled, attends and has a certificate, by the opaque id.",
        until="As long as the document; only the opaque id, which names nobody once the person is erased.",
        shows=OWN_PART,
    ),
]
