"""The end of an agreement, or the last day for notice, is near."""

from services.partners.app.work import Work
from services.partners.domain.agreement import Agreement
from shared.domain.actor import Actor
from shared.domain.command import Due


async def remind_agreement(ask: Due, actor: Actor, work: Work) -> Agreement:
    """Reminds its sides; the timer's kind says how many days are left."""
    agreement = await work.agreements.get(ask.aggregate_id)
    agreement.remind(int(ask.kind.rpartition("-")[2]))
    return agreement
