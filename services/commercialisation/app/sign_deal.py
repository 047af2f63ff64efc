"""One side's signature under a deal."""

from uuid import UUID

from services.commercialisation.app.work import Work
from services.commercialisation.domain.deal import Deal, Status
from shared.domain.actor import Actor
from shared.domain.command import Command


class SignDeal(Command):
    """The organisation that offers, or the one that seeks, signs the deal as it was drafted."""

    deal_id: UUID


async def sign_deal(ask: SignDeal, actor: Actor, work: Work) -> Deal:
    """Signs it; the last signature makes it run, refused when its match is over or concluded by another deal."""
    deal = await work.deals.get(ask.deal_id)
    deal.sign(actor, work.now)
    match = await work.matches.get(deal.match_id)
    match.require_confidential()
    if deal.status is Status.RUNNING:
        match.conclude(deal.id)
    return deal
