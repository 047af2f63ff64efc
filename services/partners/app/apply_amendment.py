"""Applies a signed amendment on its day."""

from services.partners.app.work import Work
from services.partners.domain.amendment import Amendment
from shared.domain.actor import Actor
from shared.domain.command import Due
from shared.domain.reason import Cause


async def apply_amendment(ask: Due, actor: Actor, work: Work) -> Amendment:
    """Gives the agreement its new terms; other amendments of the old ones lapse."""
    amendment = await work.amendments.get(ask.aggregate_id)
    agreement = await work.agreements.get(amendment.agreement_id)
    amendment.apply_to(agreement, work.now)
    for other in await work.amendments.where(agreement_id=agreement.id):
        if other.base != agreement.revision:
            other.lapse(Cause.AGREEMENT_CHANGED)
    return amendment
