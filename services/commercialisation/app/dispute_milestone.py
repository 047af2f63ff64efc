"""The other side's word that a milestone is not reached."""

from uuid import UUID

from services.commercialisation.app.work import Work
from services.commercialisation.domain.deal import Deal
from shared.contracts.values import Text
from shared.domain.actor import Actor
from shared.domain.command import Command


class DisputeMilestone(Command):
    """The side that did not report a milestone disputes that it is reached."""

    deal_id: UUID
    number: int
    reason: Text
    """For the public event: name no person."""


async def dispute_milestone(ask: DisputeMilestone, actor: Actor, work: Work) -> Deal:
    """Disputes it; it can be reported again."""
    deal = await work.deals.get(ask.deal_id)
    deal.dispute(ask.number, actor, ask.reason)
    return deal
