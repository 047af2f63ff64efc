"""Ending a running deal before its last milestone."""

from uuid import UUID

from services.commercialisation.app.work import Work
from services.commercialisation.domain.deal import Deal
from shared.contracts.values import Text
from shared.domain.actor import Actor
from shared.domain.command import Command


class TerminateDeal(Command):
    """Either side ends a running deal."""

    deal_id: UUID
    reason: Text
    """For the public event: name no person."""


async def terminate_deal(ask: TerminateDeal, actor: Actor, work: Work) -> Deal:
    """Terminates it; what was achieved stays achieved."""
    deal = await work.deals.get(ask.deal_id)
    deal.terminate(actor, ask.reason)
    return deal
