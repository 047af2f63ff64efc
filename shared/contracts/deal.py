"""Deals: what two organisations agree to do with a technology, and by which milestones."""

from uuid import UUID

from pydantic import Field

from shared.contracts.agreement import Signature
from shared.contracts.family import ReasonedEvent
from shared.contracts.match import BetweenTwo
from shared.contracts.technology import PlannedMilestone, Readiness
from shared.contracts.values import Code, Day, OrganisationId, Text, ZoneName


class DealEvent(BetweenTwo, topic="entente.commercialisation.deal"):
    """Something happened to a deal."""

    deal_id: UUID
    title: Text = Field(examples=[{"en": "Cold for Nanjing's buses", "zh": "南京公交蓄冷项目"}])
    form: Code = Field(examples=["joint-development"])
    time_zone: ZoneName
    """The zone in which the milestones' days begin and end."""


class DealDrafted(DealEvent, fact="drafted"):
    """One side drafted a deal for both to sign."""

    milestones: list[PlannedMilestone]


class SignatureEvent(DealEvent):
    """A signature was given."""

    signatures: dict[OrganisationId, Signature]
    """Every signature so far, by the organisation that it was given for."""


class DealSignatureAdded(SignatureEvent, fact="signature-added"):
    """One side signed; the other has yet to."""


class DealSigned(SignatureEvent, fact="signed"):
    """The second side signed: the deal is running."""

    milestones: list[PlannedMilestone]


class DealWithdrawn(DealEvent, ReasonedEvent, fact="withdrawn"):
    """The deal was withdrawn before both sides had signed it."""


class DealCompleted(DealEvent, fact="completed"):
    """Every milestone is achieved: the deal is complete."""


class DealTerminated(DealEvent, ReasonedEvent, fact="terminated"):
    """One side ended the running deal before every milestone was achieved."""


class MilestoneEvent(DealEvent):
    """Something happened to a milestone of a running deal."""

    number: int = Field(examples=[2])
    """The milestone's number in the deal."""
    milestone_title: Text = Field(examples=[{"en": "Ten buses in service", "zh": "十辆公交车投入运行"}])
    due_on: Day = Field(examples=["2027-06-30"])
    """The last day on which it is on time, in the deal's time zone."""
    trl: Readiness | None = None
    """The technology readiness level that achieving it proves; null if it is about something else."""
    late: bool
    """Whether its day passed before both sides agreed that it was achieved."""


class DealMilestoneReported(MilestoneEvent, fact="milestone-reported"):
    """One side reported the milestone as achieved, with evidence for the other, which now confirms or disputes it."""


class DealMilestoneAchieved(MilestoneEvent, fact="milestone-achieved"):
    """The other side confirmed the report: the milestone is achieved."""


class DealMilestoneDisputed(MilestoneEvent, ReasonedEvent, fact="milestone-disputed"):
    """The other side disputed the report. The milestone can be reported again."""


class DealMilestoneLate(MilestoneEvent, fact="milestone-late"):
    """The milestone's day passed before both sides agreed that it was achieved. It can still be."""
