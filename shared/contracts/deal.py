"""Deals: what two organisations agreed to do with a technology, and the milestones on the way."""

from uuid import UUID

from pydantic import Field

from shared.contracts.examples import BIRMINGHAM
from shared.contracts.match import BetweenTwo
from shared.contracts.technology import CooperationForm, PlannedMilestone, Readiness
from shared.contracts.values import Day, OrganisationId, Signatory, Text, ZoneName


class DealEvent(BetweenTwo, topic="entente.commercialisation.deal"):
    """Something happened to a deal."""

    deal_id: UUID
    title: Text = Field(examples=[{"en": "Cold for Nanjing's buses", "zh": "南京公交蓄冷项目"}])
    form: CooperationForm = Field(examples=["joint-development"])
    time_zone: ZoneName
    """Where the milestones' days begin and end."""


class DealActed(DealEvent):
    """One of the two sides acted."""

    party: OrganisationId = Field(examples=[BIRMINGHAM])
    """The side that acted."""
    by: Signatory


class DealDrafted(DealActed, fact="drafted"):
    """One side wrote a deal for both to sign."""

    milestones: list[PlannedMilestone]


class DealSignatureAdded(DealActed, fact="signature-added"):
    """One side signed; the other's signature is awaited."""


class DealSigned(DealActed, fact="signed"):
    """Both sides have signed, the last one now: the deal runs."""

    milestones: list[PlannedMilestone]


class DealWithdrawn(DealEvent, fact="withdrawn"):
    """The deal was given up before both sides had signed."""

    reason: Text
    party: OrganisationId | None = Field(None, examples=[BIRMINGHAM])
    """The side that withdrew it; none when its match is over or came to another deal."""
    by: Signatory | None = None


class DealCompleted(DealEvent, fact="completed"):
    """All milestones are achieved."""


class DealTerminated(DealActed, fact="terminated"):
    """One side ended the running deal before its last milestone."""

    reason: Text


class MilestoneEvent(DealEvent):
    """Something happened to a milestone of a running deal."""

    number: int = Field(examples=[2])
    """The milestone's number in the deal."""
    milestone_title: Text = Field(examples=[{"en": "Ten buses in service", "zh": "十辆公交车投入运行"}])
    due_on: Day = Field(examples=["2027-06-30"])
    """The last day on which it is in time, in the deal's time zone."""
    trl: Readiness | None = None
    """The technology readiness level that is reached with it, if it is one of readiness."""
    late: bool
    """Whether its day went by before both sides agreed that it was achieved."""


class MilestoneActed(MilestoneEvent):
    """One of the two sides acted on a milestone."""

    party: OrganisationId = Field(examples=[BIRMINGHAM])
    """The side that acted."""
    by: Signatory


class DealMilestoneReported(MilestoneActed, fact="milestone-reported"):
    """One side reports, with evidence that the two sides see, that a milestone is reached; the other is to confirm."""


class DealMilestoneAchieved(MilestoneActed, fact="milestone-achieved"):
    """The other side confirmed: the milestone is achieved."""


class DealMilestoneDisputed(MilestoneActed, fact="milestone-disputed"):
    """The other side disputes that the milestone is reached; it can be reported again."""

    reason: Text


class DealMilestoneLate(MilestoneEvent, fact="milestone-late"):
    """The milestone's day went by before both sides agreed that it was achieved; it still can be."""
