"""Who is notified of what becomes of an activity: the officers of its kind."""

from typing import NamedTuple

from services.notifications.domain.audience import Audience, Part
from services.notifications.domain.kind import Kind
from services.notifications.domain.rule import Rule, Where
from shared.contracts.activity import (
    ActivityActionAccepted,
    ActivityActionDisputed,
    ActivityActionOverdue,
    ActivityActionPlanned,
    ActivityActionReported,
    ActivityActionRescheduled,
    ActivityActionReschedulingAgreed,
    ActivityActionWaived,
    ActivityActionWaiverAgreed,
    ActivityAgreed,
    ActivityAnnounced,
    ActivityCancelled,
    ActivityCertificatesIssued,
    ActivityClosed,
    ActivityEvent,
    ActivityHeld,
    ActivityHostAgreed,
    ActivityParticipantAdmitted,
    ActivityParticipantDeclined,
    ActivityParticipantEnrolled,
    ActivityParticipantInvited,
    ActivityParticipantWithdrawn,
    ActivityPlanned,
    ActivityPostponed,
)
from shared.domain.actor import Role

COORDINATOR, OFFICER, CULTURE = Role.MOBILITY_COORDINATOR, Role.PARTNERSHIP_OFFICER, Role.CULTURE_OFFICER
OF_KIND = {
    "training-cohort": (COORDINATOR,),
    "delegation": (OFFICER,),
    "cultural-event": (CULTURE,),
    "workshop": (COORDINATOR, OFFICER, CULTURE, Role.TECHNOLOGY_TRANSFER_OFFICER),
}
"""The officers who act in an activity of a kind."""


class To(NamedTuple):
    """The organisations that are told, and their part; an audience without the roles."""

    at: tuple[str, ...]
    part: Part
    within: bool = True


# Only a host itself agrees, so people in organisations within it are not asked to.
AGREEING = To(("hosts",), Part.ACTIVITY_HOST, within=False)
HOSTS = To(("hosts",), Part.ACTIVITY_HOST)
PLANNING = To(("organiser", "hosts"), Part.ACTIVITY_SIDE)
SENDING = To(("sending",), Part.ACTIVITY_SENDER)
BOTH = To(("hosts", "sending"), Part.ACTIVITY_SIDE)
ALL = To(("organiser", "hosts", "senders"), Part.ACTIVITY_SIDE)
BOUND = To(("owner", "counterpart"), Part.ACTION_SIDE)

ROWS: list[tuple[type[ActivityEvent], To, Kind]] = [
    # event                            who is notified  of what
    (ActivityPlanned,                  AGREEING,        Kind.ACTIVITY_TO_AGREE),
    (ActivityHostAgreed,               PLANNING,        Kind.ACTIVITY_HOST_AGREED),
    (ActivityAgreed,                   ALL,             Kind.ACTIVITY_AGREED),
    (ActivityAnnounced,                ALL,             Kind.ACTIVITY_ANNOUNCED),
    (ActivityParticipantEnrolled,      HOSTS,           Kind.PARTICIPANT_TO_ADMIT),
    (ActivityParticipantInvited,       SENDING,         Kind.PARTICIPANT_INVITED),
    (ActivityParticipantAdmitted,      BOTH,            Kind.PARTICIPANT_ADMITTED),
    (ActivityParticipantDeclined,      BOTH,            Kind.PARTICIPANT_DECLINED),
    (ActivityParticipantWithdrawn,     HOSTS,           Kind.PARTICIPANT_WITHDRAWN),
    (ActivityHeld,                     ALL,             Kind.ACTIVITY_HELD),
    (ActivityCertificatesIssued,       ALL,             Kind.CERTIFICATES_ISSUED),
    (ActivityPostponed,                ALL,             Kind.ACTIVITY_POSTPONED),
    (ActivityCancelled,                ALL,             Kind.ACTIVITY_CANCELLED),
    (ActivityClosed,                   ALL,             Kind.ACTIVITY_CLOSED),
    (ActivityActionPlanned,            BOUND,           Kind.ACTION_PLANNED),
    (ActivityActionReported,           BOUND,           Kind.ACTION_TO_ACCEPT),
    (ActivityActionAccepted,           BOUND,           Kind.ACTION_ACCEPTED),
    (ActivityActionDisputed,           BOUND,           Kind.ACTION_DISPUTED),
    (ActivityActionOverdue,            BOUND,           Kind.ACTION_OVERDUE),
    (ActivityActionReschedulingAgreed, BOUND,           Kind.ACTION_RESCHEDULING_TO_AGREE),
    (ActivityActionRescheduled,        BOUND,           Kind.ACTION_RESCHEDULED),
    (ActivityActionWaiverAgreed,       BOUND,           Kind.ACTION_WAIVER_TO_AGREE),
    (ActivityActionWaived,             BOUND,           Kind.ACTION_WAIVED),
]  # fmt: skip

ACTIVITY_RULES = [
    Rule(event, Audience(roles, *to), kind, Where("kind", (activity,)))
    for event, to, kind in ROWS
    for activity, roles in OF_KIND.items()
]
"""Each row for the officers of each kind."""
