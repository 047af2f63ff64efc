"""Drafting a deal from a confidential match."""

from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from services.commercialisation.app.work import Work
from services.commercialisation.domain.deal import Deal
from services.commercialisation.domain.milestone import Milestone
from services.commercialisation.domain.technology import CooperationForm
from shared.contracts.technology import Readiness
from shared.contracts.values import Day, Text, Zone
from shared.domain.actor import Actor
from shared.domain.command import Command
from shared.domain.consent import Consent


class MilestoneWanted(BaseModel):
    """What the deal is to reach, and by when; milestones are numbered in the order given."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)

    title: Text
    due_on: Day
    """The last day on which it is in time; one that is past makes it late as soon as the deal runs."""
    trl: Readiness | None = None
    """The technology readiness level that is reached with it, if it is one of readiness."""


class DraftDeal(Command):
    """Writes a deal for both sides of a match to sign."""

    match_id: UUID
    title: Text
    """For the public events; it must not contain anything confidential."""
    form: CooperationForm
    time_zone: Zone
    """Where the milestones' days begin and end."""
    milestones: Annotated[list[MilestoneWanted], Field(min_length=1, max_length=50)]
    """In the order of their days."""


async def draft_deal(ask: DraftDeal, actor: Actor, work: Work) -> Deal:
    """Drafts it; refused until confidentiality is signed, and once the agreement is over."""
    match = await work.matches.get(ask.match_id)
    milestones = [Milestone(number=n, **dict(wanted)) for n, wanted in enumerate(ask.milestones, 1)]
    deal = Deal(
        id=work.new_id(), match_id=match.id, **match.between, title=ask.title, form=ask.form, time_zone=ask.time_zone,
        milestones=milestones, signatures=Consent(sides=match.sides),
    ).drafted(actor)  # fmt: skip
    match.require_confidential()
    (await work.agreements.get(match.agreement_id)).require_in_force()
    work.deals.add(deal)
    return deal
