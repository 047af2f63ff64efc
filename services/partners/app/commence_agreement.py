"""Brings a signed agreement into force on its first day."""

from services.partners.app.work import Work
from services.partners.domain.agreement import Agreement
from shared.domain.actor import Actor
from shared.domain.command import Due


async def commence_agreement(ask: Due, actor: Actor, work: Work) -> Agreement:
    """Puts it in force."""
    agreement = await work.agreements.get(ask.aggregate_id)
    agreement.commence(work.now)
    return agreement
