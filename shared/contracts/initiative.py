"""Initiatives: what organisations build up together under an agreement, such as a joint institute."""

from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from shared.contracts.commitment import PlannedCommitment
from shared.contracts.examples import BIRMINGHAM, NANJING
from shared.contracts.family import AggregateEvent, ReasonedEvent
from shared.contracts.values import Code, Day, FieldOfStudy, OrganisationId, Text, Words, ZoneName


class Participation(BaseModel, frozen=True):
    """What an organisation other than a lead does in an initiative."""

    model_config = ConfigDict(extra="ignore", use_attribute_docstrings=True)

    organisation_id: OrganisationId = Field(examples=[NANJING])
    role: Code = Field(examples=["host"])
    """`partner`, `host` or `funder`, for example."""


class Output(BaseModel, frozen=True):
    """What an initiative brought forth."""

    model_config = ConfigDict(extra="ignore", use_attribute_docstrings=True)

    kind: Code = Field(examples=["publication"])
    scheme: Code = Field(examples=["doi"])
    """How `value` names it: `doi`, `patent` (a number) or `address`."""
    value: Words = Field(examples=["10.1000/182"])
    on: Day = Field(examples=["2028-03-31"])
    """The day on which it was published, granted or opened."""


class InitiativeEvent(AggregateEvent, topic="entente.partners.initiative"):
    """Something happened to an initiative."""

    initiative_id: UUID
    kind: Code = Field(examples=["joint-institute"])
    title: Text = Field(examples=[{"en": "Joint institute of biomedical engineering", "zh": "生物医学工程联合研究院"}])
    agreement_id: UUID
    area: Code = Field(examples=["research-innovation"])
    """The area of cooperation, which the agreement covers."""
    fields_of_study: list[FieldOfStudy] = Field(examples=[["0914"]])
    """Detailed fields of ISCED-F 2013, in numerical order."""
    leads: list[OrganisationId] = Field(examples=[[BIRMINGHAM, NANJING]])
    """The organisations that lead it; each appraises and approves it."""
    participants: list[Participation]
    """What others do in it; a lead that also hosts or funds it stands here too."""


class PlannedEvent(InitiativeEvent):
    """Says what the initiative promises."""

    deliverables: list[PlannedCommitment]


class InitiativeProposed(PlannedEvent, fact="proposed"):
    """An organisation proposed the initiative under an agreement in force."""


class InitiativeAppraisalGiven(InitiativeEvent, fact="appraisal-given"):
    """One lead found the initiative worth approving; others have yet to."""


class InitiativeAppraised(InitiativeEvent, fact="appraised"):
    """The last lead found the initiative worth approving; it can be approved."""


class InitiativeApprovalGiven(InitiativeEvent, fact="approval-given"):
    """One lead approved the initiative; others have yet to."""


class InitiativeApproved(PlannedEvent, fact="approved"):
    """The last lead approved the initiative; it can begin."""


class InitiativeActivated(InitiativeEvent, fact="activated"):
    """The initiative began: its deliverables are awaited, and programmes and offers can name it."""


class InitiativePaused(InitiativeEvent, ReasonedEvent, fact="paused"):
    """A lead paused the initiative. Nothing becomes overdue until it is resumed."""


class InitiativeResumed(InitiativeEvent, fact="resumed"):
    """A lead resumed the initiative."""


class InitiativeCompleted(InitiativeEvent, fact="completed"):
    """Every deliverable is accepted or waived, and a lead declared the initiative complete."""


class InitiativeClosed(InitiativeEvent, fact="closed"):
    """A lead closed the file of the completed initiative: no more outputs are recorded."""


class InitiativeDeclined(InitiativeEvent, ReasonedEvent, fact="declined"):
    """A lead declined the initiative before it began."""


class InitiativeWithdrawn(InitiativeEvent, ReasonedEvent, fact="withdrawn"):
    """The side that proposed the initiative withdrew it before it began."""


class InitiativeAuthorityApproved(InitiativeEvent, fact="authority-approved"):
    """An authority, such as a ministry, gave the approval that the initiative needed."""

    authority: Text = Field(examples=[{"en": "Ministry of Education of China", "zh": "中华人民共和国教育部"}])
    reference: Words = Field(examples=["MOE-2027-118"])
    """How the authority calls its decision."""
    approved_on: Day


class InitiativeOutputRecorded(InitiativeEvent, fact="output-recorded"):
    """A result of the initiative was recorded."""

    output: Output


class DeliverableEvent(InitiativeEvent):
    """Something happened to a deliverable of an initiative."""

    number: int = Field(examples=[2])
    """The deliverable's number in the initiative."""
    deliverable_title: Text = Field(examples=[{"en": "First annual report", "zh": "首份年度报告"}])
    deliverable_status: Code = Field(examples=["planned"])
    """Where the deliverable stands after the event."""
    owner: OrganisationId = Field(examples=[BIRMINGHAM])
    """The organisation that promised it."""
    due_on: Day = Field(examples=["2027-06-30"])
    """The last day on which it is on time."""
    time_zone: ZoneName
    """The owner's zone, in which that day ends."""
    overdue: bool
    """Whether its day passed without a valid report. A reported deliverable is never overdue."""


class InitiativeDeliverableReported(DeliverableEvent, fact="deliverable-reported"):
    """Its owner reported the deliverable, with evidence for the others, who now accept or dispute it."""


class InitiativeDeliverableAccepted(DeliverableEvent, fact="deliverable-accepted"):
    """Another side accepted the report."""


class InitiativeDeliverableDisputed(DeliverableEvent, ReasonedEvent, fact="deliverable-disputed"):
    """Another side disputed the report. The deliverable can be reported again."""


class InitiativeDeliverableOverdue(DeliverableEvent, fact="deliverable-overdue"):
    """The deliverable's day passed without a report that stands. It can still be reported."""


class InitiativeDeliverableReschedulingAgreed(DeliverableEvent, fact="deliverable-rescheduling-agreed"):
    """One side agreed to a new day for the deliverable; others have yet to."""

    proposed_on: Day = Field(examples=["2027-09-30"])
    """The new day."""


class InitiativeDeliverableWaiverAgreed(DeliverableEvent, fact="deliverable-waiver-agreed"):
    """One side agreed that the deliverable need not be kept; others have yet to."""


class InitiativeDeliverableRescheduled(DeliverableEvent, fact="deliverable-rescheduled"):
    """The last side agreed to a new day for the deliverable."""


class InitiativeDeliverableWaived(DeliverableEvent, fact="deliverable-waived"):
    """The last side agreed that the deliverable need not be kept."""
