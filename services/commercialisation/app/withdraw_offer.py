"""Withdrawing a technology offer."""

from uuid import UUID

from services.commercialisation.app.work import Work
from services.commercialisation.domain.offer import Offer
from shared.domain.actor import Actor
from shared.domain.reason import Reasoned


class WithdrawOffer(Reasoned):
    """The organisation withdraws its offer: its open matches lapse, running deals go on."""

    offer_id: UUID


async def withdraw_offer(ask: WithdrawOffer, actor: Actor, work: Work) -> Offer:
    """Withdraws it; its matches follow by `lapse_matches_of_offer`."""
    offer = await work.offers.get(ask.offer_id)
    offer.withdraw(actor, ask.why)
    return offer
