"""The other side's word that a milestone is not reached."""

from uuid import UUID

from services.commercialisation.app.work import Work
from services.commercialisation.domain.deal import Deal
from shared.domain.actor import Actor
from shared.domain.reason import Reasoned


class DisputeMilestone(Reasoned):
    """The side that did not report a milestone disputes that it is reached."""

    deal_id: UUID
    number: int


async def dispute_milestone(ask: DisputeMilestone, actor: Actor, work: Work) -> Deal:
    """Disputes it; it can be reported again."""
    deal = await work.deals.get(ask.deal_id)
    deal.dispute(ask.number, actor, ask.why)
    return deal
