"""When a milestone is achieved, the offer's readiness rises."""

from services.commercialisation.app.work import Work
from shared.contracts.deal import DealMilestoneAchieved


async def advance_offer(event: DealMilestoneAchieved, work: Work) -> None:
    """Raises the offer to the level that the milestone names, unless it is that high or no longer offered."""
    if event.trl is not None:
        (await work.offers.get(event.offer_id)).advance_to(event.trl)
