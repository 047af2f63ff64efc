"""Ending a running deal before its last milestone."""

from uuid import UUID

from services.commercialisation.app.work import Work
from services.commercialisation.domain.deal import Deal
from shared.domain.actor import Actor
from shared.domain.reason import Reasoned


class TerminateDeal(Reasoned):
    """Either side ends a running deal."""

    deal_id: UUID


async def terminate_deal(ask: TerminateDeal, actor: Actor, work: Work) -> Deal:
    """Terminates it; what was achieved stays achieved."""
    deal = await work.deals.get(ask.deal_id)
    deal.terminate(actor, ask.why)
    return deal
