"""The other side's confirmation that a milestone is reached."""

from uuid import UUID

from services.commercialisation.app.work import Work
from services.commercialisation.domain.deal import Deal
from shared.domain.actor import Actor
from shared.domain.command import Command


class ConfirmMilestone(Command):
    """The side that did not report a milestone confirms it."""

    deal_id: UUID
    number: int


async def confirm_milestone(ask: ConfirmMilestone, actor: Actor, work: Work) -> Deal:
    """Confirms it, even if it is late; the last one completes the deal, and the offer's readiness level follows."""
    deal = await work.deals.get(ask.deal_id)
    deal.confirm(ask.number, actor)
    return deal
