"""Activities: training cohorts, delegations, cultural events and workshops under an agreement."""

from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from shared.contracts.agreement import Revision
from shared.contracts.examples import BIRMINGHAM, NANJING
from shared.contracts.family import AggregateEvent, ReasonedEvent
from shared.contracts.values import Code, Day, Instant, OrganisationId, Text, ZoneName

MOST_ATTENDED = 2_000_000_000
"""200 items, each with at most ten million people."""


class Item(BaseModel, frozen=True):
    """One session of a cohort, stop of an itinerary, or performance."""

    model_config = ConfigDict(extra="ignore", use_attribute_docstrings=True)

    number: Annotated[int, Field(ge=1, le=200, examples=[1])]
    """1, 2, 3 … in the activity."""
    kind: Code = Field(examples=["session"])
    """`session`, `stop`, `performance` or `exhibition`, for example."""
    title: Text = Field(examples=[{"en": "Data for public health", "zh": "公共卫生数据"}])
    host: OrganisationId = Field(examples=[BIRMINGHAM])
    """The host that receives people there."""
    place: Text = Field(examples=[{"en": "Edgbaston campus, Birmingham", "zh": "伯明翰埃德巴斯顿校区"}])
    starts_at: Instant
    ends_at: Instant = Field(examples=["2026-11-24T11:00:00Z"])


class ActivityEvent(AggregateEvent, topic="entente.exchanges.activity"):
    """Something happened to an activity."""

    activity_id: UUID
    kind: Code = Field(examples=["training-cohort"])
    title: Text = Field(examples=[{"en": "Training of health personnel", "zh": "卫生人员培训"}])
    area: Code = Field(examples=["health"])
    """The area of cooperation, which the agreement covers."""
    agreement_id: UUID
    initiative_id: UUID | None = None
    """The initiative that it belongs to, if any."""
    organiser: OrganisationId = Field(examples=[BIRMINGHAM])
    """The organisation that planned it."""
    hosts: list[OrganisationId] = Field(examples=[[BIRMINGHAM]])
    """The organisations that receive people; each agrees to the plan."""
    senders: list[OrganisationId] = Field(examples=[[NANJING]])
    """The organisations whose people take part; none where it is public."""
    starts_on: Day
    """The first day, in `time_zone`."""
    ends_on: Day
    """The last day."""
    time_zone: ZoneName


class ScheduledEvent(ActivityEvent):
    """Says what is planned, and when."""

    revision: Revision
    """The plan that the hosts agree to: SHA-256 over its kind, parties, numbers and items."""
    items: list[Item]
    capacity: int | None = Field(examples=[30])
    """The most people admitted; null where nobody is enrolled."""


class ActivityPlanned(ScheduledEvent, fact="planned"):
    """An organisation planned the activity under an agreement in force. Each host has yet to agree."""


class ActivityHostAgreed(ActivityEvent, fact="host-agreed"):
    """One host agreed to the plan; others have yet to."""


class ActivityAgreed(ScheduledEvent, fact="agreed"):
    """The last host agreed to the plan. It goes on even if the agreement ends."""


class ActivityAnnounced(ScheduledEvent, fact="announced"):
    """The organiser announced it. It begins by itself on its first day."""


class PersonEvent(ActivityEvent):
    """Something happened to one person's part in the activity."""

    participant_id: UUID
    """An opaque id."""
    sending: OrganisationId = Field(examples=[NANJING])
    """The organisation that the person comes from."""


class ActivityParticipantEnrolled(PersonEvent, fact="participant-enrolled"):
    """The person's organisation enrolled them; a host has yet to admit them."""


class ActivityParticipantInvited(PersonEvent, fact="participant-invited"):
    """A host invited the person; their organisation has yet to accept."""


class ActivityParticipantAdmitted(PersonEvent, fact="participant-admitted"):
    """The other side accepted: the person takes part."""


class ActivityParticipantDeclined(PersonEvent, ReasonedEvent, fact="participant-declined"):
    """The other side declined; it sees the record no more."""


class ActivityParticipantWithdrawn(PersonEvent, ReasonedEvent, fact="participant-withdrawn"):
    """The person's organisation withdrew them; their place is free, and the hosts see the record no more."""


class ActivityBegan(ActivityEvent, fact="began"):
    """The first day came."""


class ActivityAttendanceRecorded(ActivityEvent, fact="attendance-recorded"):
    """A host recorded how many people came to an item; a later record of the same item replaces it."""

    number: int = Field(examples=[1])
    """The item's number."""
    attended: int = Field(ge=0, examples=[28])
    chargeable: bool = False
    """Whether people paid to come."""


class ActivityHeld(ActivityEvent, fact="held"):
    """It is over and was held, with these numbers."""

    items_held: int = Field(ge=0, examples=[5])
    """Those of its items with attendance on record."""
    people: int = Field(ge=0, examples=[28])
    """Different people who were there at least once; 0 where heads are counted."""
    attended: int = Field(ge=0, le=MOST_ATTENDED, examples=[135])
    """The attendance of all items added up."""
    chargeable: int = Field(0, ge=0, le=MOST_ATTENDED)
    """How much of `attended` was at items that people paid for; HE-BCI's table 5 asks for both."""
    learner_days: int = Field(ge=0, examples=[135])
    """One for each person and day with a session attended; 0 where nobody learns."""


class ActivityCertificatesIssued(ActivityEvent, fact="certificates-issued"):
    """A host issued certificates to those who attended enough."""

    first: int = Field(ge=1, examples=[1])
    """The number of the first of them; certificates are numbered in the activity."""
    issued: int = Field(ge=1, examples=[27])
    """How many."""


class ActivityPostponed(ScheduledEvent, ReasonedEvent, fact="postponed"):
    """The organiser gave it other days or items; each host agrees again. Those enrolled stay enrolled."""


class ActivityCancelled(ActivityEvent, ReasonedEvent, fact="cancelled"):
    """It will not be held. Those enrolled are told, and the hosts see their records no more."""

    enrolled: int = Field(ge=0, examples=[28])
    """How many people were enrolled or invited."""


class ActivityClosed(ActivityEvent, fact="closed"):
    """Its follow-up actions are done, or a year has passed; the hosts see no records of participants any more."""


class ActionEvent(ActivityEvent):
    """Something happened to a follow-up action."""

    number: int = Field(examples=[1])
    """The action's number in the activity."""
    action_title: Text = Field(examples=[{"en": "Draft the joint degree", "zh": "起草联合学位方案"}])
    action_status: Code = Field(examples=["planned"])
    """Where the action stands after the event."""
    owner: OrganisationId = Field(examples=[BIRMINGHAM])
    """The organisation that promised it."""
    counterpart: OrganisationId = Field(examples=[NANJING])
    """The organisation that it was promised to."""
    due_on: Day = Field(examples=["2027-06-30"])
    """The last day on which it is on time."""
    owner_zone: ZoneName
    """The owner's time zone, in which that day ends."""
    overdue: bool
    """Whether its day passed without a report that stands. What is reported is never overdue."""


class ActivityActionPlanned(ActionEvent, fact="action-planned"):
    """The owner promised a follow-up action to its counterpart."""


class ActivityActionReported(ActionEvent, fact="action-reported"):
    """The owner reported the action as done; its counterpart accepts or disputes."""


class ActivityActionAccepted(ActionEvent, fact="action-accepted"):
    """The counterpart accepted the report."""


class ActivityActionDisputed(ActionEvent, ReasonedEvent, fact="action-disputed"):
    """The counterpart disputed the report. The action can be reported again."""


class ActivityActionOverdue(ActionEvent, fact="action-overdue"):
    """The action's day passed without a report that stands. It can still be reported."""


class ActivityActionReschedulingAgreed(ActionEvent, fact="action-rescheduling-agreed"):
    """One side agreed to a new day for the action; the other has yet to."""

    proposed_on: Day = Field(examples=["2027-09-30"])
    """The new day."""


class ActivityActionRescheduled(ActionEvent, fact="action-rescheduled"):
    """Both sides agreed to a new day for the action."""


class ActivityActionWaiverAgreed(ActionEvent, fact="action-waiver-agreed"):
    """One side agreed that the action need not be done; the other has yet to."""


class ActivityActionWaived(ActionEvent, fact="action-waived"):
    """Both sides agreed that the action need not be done."""
