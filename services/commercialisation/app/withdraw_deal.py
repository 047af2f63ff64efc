"""Withdrawing a deal before both sides have signed it."""

from uuid import UUID

from services.commercialisation.app.work import Work
from services.commercialisation.domain.deal import Deal
from shared.contracts.values import Text
from shared.domain.actor import Actor
from shared.domain.command import Command


class WithdrawDeal(Command):
    """Either side withdraws a deal before both have signed it."""

    deal_id: UUID
    reason: Text
    """For the public event: name no person."""


async def withdraw_deal(ask: WithdrawDeal, actor: Actor, work: Work) -> Deal:
    """Withdraws it; another can be drafted from the same match."""
    deal = await work.deals.get(ask.deal_id)
    deal.withdraw(actor, ask.reason)
    return deal
