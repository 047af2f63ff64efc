"""Withdrawing a deal before both sides have signed it."""

from uuid import UUID

from services.commercialisation.app.work import Work
from services.commercialisation.domain.deal import Deal
from shared.domain.actor import Actor
from shared.domain.reason import Reasoned


class WithdrawDeal(Reasoned):
    """Either side withdraws a deal before both have signed it."""

    deal_id: UUID


async def withdraw_deal(ask: WithdrawDeal, actor: Actor, work: Work) -> Deal:
    """Withdraws it; another can be drafted from the same match."""
    deal = await work.deals.get(ask.deal_id)
    deal.withdraw(actor, ask.why)
    return deal
