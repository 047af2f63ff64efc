"""A milestone's day is over."""

from services.commercialisation.app.work import Work
from services.commercialisation.domain.deal import Deal
from shared.domain.actor import Actor
from shared.domain.command import Due


async def note_late_milestones(ask: Due, actor: Actor, work: Work) -> Deal:
    """Records each milestone that is not achieved by the end of its day, in the deal's time zone."""
    deal = await work.deals.get(ask.aggregate_id)
    deal.note_late(ask.at)
    return deal
