"""An activity: planned, agreed by its hosts, announced, running, held, closed; before it is held, also cancelled."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Self
from uuid import UUID

from services.exchanges.domain.activity_actions import WithActions
from services.exchanges.domain.activity_plan import ActivityPlan, WantedItem, days_of, numbered, revision_of
from services.exchanges.domain.activity_status import BEFORE_HELD, ENROLLING, Status
from services.exchanges.domain.activity_tasks import AWAITS
from shared.contracts.activity import (
    ActivityActionPlanned,
    ActivityAgreed,
    ActivityAnnounced,
    ActivityAttendanceRecorded,
    ActivityBegan,
    ActivityCancelled,
    ActivityCertificatesIssued,
    ActivityClosed,
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
from shared.contracts.agreement import Revision
from shared.contracts.values import Code, Text
from shared.domain.actor import Actor
from shared.domain.aggregate import Lifecycle
from shared.domain.consent import Consent
from shared.domain.reason import Reason
from shared.domain.refused import Refused
from shared.domain.side import bound_side


class ItemHeld(Refused):
    """Attendance is on record for item {number}, so it stays as it is; change only what is still to come."""

    number: int


LIFECYCLE = Lifecycle(
    [
        (Status.PLANNED, "agree", Status.PLANNED, ActivityHostAgreed),  # by one host
        (Status.PLANNED, "agree", Status.AGREED, ActivityAgreed),  # by the last
        (Status.AGREED, "announce", Status.ANNOUNCED, ActivityAnnounced),
        (Status.ANNOUNCED, "begin", Status.RUNNING, ActivityBegan),  # a timer, on the first day
        *((status, "enrol participant", status, ActivityParticipantEnrolled) for status in ENROLLING),
        *((status, "invite participant", status, ActivityParticipantInvited) for status in ENROLLING),
        *((status, "admit participant", status, ActivityParticipantAdmitted) for status in ENROLLING),
        *((status, "decline participant", status, ActivityParticipantDeclined) for status in BEFORE_HELD),
        *((status, "withdraw participant", status, ActivityParticipantWithdrawn) for status in BEFORE_HELD),
        (Status.RUNNING, "record attendance", Status.RUNNING, ActivityAttendanceRecorded),
        (Status.RUNNING, "hold", Status.HELD, ActivityHeld),
        (Status.HELD, "certify", Status.HELD, ActivityCertificatesIssued),
        (Status.HELD, "plan action", Status.HELD, ActivityActionPlanned),
        (Status.HELD, "close", Status.CLOSED, ActivityClosed),  # with the last action, or a timer a year later
        *((status, "postpone", Status.PLANNED, ActivityPostponed) for status in BEFORE_HELD),
        *((status, "cancel", Status.CANCELLED, ActivityCancelled) for status in BEFORE_HELD),
    ]
)


@dataclass(kw_only=True)
class Activity(WithActions):
    """Its plan, who agreed to it, who takes part, who came and what follows from it.

    What binds a host needs an office in that host itself. Whoever carries work out may hold one in any organisation
    within a side. The table of kinds says which officers act.
    """

    lifecycle = LIFECYCLE
    awaits = AWAITS

    title: Text
    area: Code
    agreement_id: UUID
    initiative_id: UUID | None
    revision: Revision
    """The plan that the hosts agree to."""
    consents: Consent

    @classmethod
    def plan(cls, id: UUID, plan: ActivityPlan, actor: Actor) -> Self:
        """A new activity, planned by somebody of its organiser or within it.

        Raises Invalid if its parts do not fit together, NotAllowed, NotASide.
        """
        plan.check()
        items = plan.numbered()
        starts_on, ends_on = days_of(items, plan.time_zone)
        planned: dict[str, Any] = dict(plan) | {"kind": str(plan.kind), "items": items}
        revision = revision_of(1, planned)
        consents = Consent(sides=plan.hosts, revision=revision)
        activity = cls(id=id, starts_on=starts_on, ends_on=ends_on, revision=revision, consents=consents, **planned)
        party = activity._party(actor, [plan.organiser])
        activity.record(ActivityPlanned, by=actor, party=party)
        return activity

    def agree(self, actor: Actor, revision: Revision, at: datetime) -> None:
        """One host agrees to the plan; the last one makes it agreed.

        Raises NotAllowed, NotASide, OfficeOfAPart, NotInState, RevisionChanged, AgreedAlready, SamePerson.
        """
        self._require_officer(actor)
        party = bound_side(actor, self.hosts, "activity as a host")
        self.require("agree")
        self.consents = self.consents.give("agreement", party, actor, at, revision=revision)
        to = Status.AGREED if self.consents.complete else Status.PLANNED
        self.advance("agree", to=to, by=actor, party=party)

    def announce(self, actor: Actor) -> None:
        """The organiser announces it; raises NotAllowed, NotASide, NotInState."""
        self.advance("announce", to=Status.ANNOUNCED, by=actor, party=self._party(actor, [self.organiser]))

    def begin(self) -> None:
        """Its first day came; raises NotInState."""
        self.advance("begin", to=Status.RUNNING)

    def postpone(self, items: list[WantedItem], why: Reason, actor: Actor) -> None:
        """The organiser gives it other days or items; each host agrees again, and people keep their places.

        Raises NotAllowed, NotASide, NotInState, Invalid, and ItemHeld where an item with attendance would change.
        """
        party = self._party(actor, [self.organiser])
        self.require("postpone")
        planned = numbered(items, self.kind, self.hosts)
        for number in sorted(self.attendance):
            if planned[number - 1 : number] != self.items[number - 1 : number]:
                raise ItemHeld(number=number)
        self.items, (self.starts_on, self.ends_on) = planned, days_of(planned, self.time_zone)
        plan = {name: getattr(self, name) for name in ActivityPlan.model_fields}
        self.revision = revision_of(self.revision.number + 1, plan)
        self.consents = Consent(sides=self.hosts, revision=self.revision)
        self.advance("postpone", to=Status.PLANNED, by=actor, party=party, why=why)

    def cancel(self, why: Reason, actor: Actor) -> None:
        """The organiser cancels it; raises NotAllowed, NotASide, NotInState."""
        party = self._party(actor, [self.organiser])
        enrolled = len(self.places)
        self.advance("cancel", to=Status.CANCELLED, by=actor, party=party, why=why, enrolled=enrolled)

    def lapse(self, why: Reason) -> None:
        """What nobody is bound by yet is cancelled because its agreement is over; raises NotInState."""
        self.advance("cancel", to=Status.CANCELLED, why=why, enrolled=len(self.places))
