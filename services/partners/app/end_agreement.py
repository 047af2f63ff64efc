"""The last day of an agreement in force is over."""

from services.partners.app.work import Work
from services.partners.domain.agreement import Agreement
from shared.domain.actor import Actor
from shared.domain.command import Due


async def end_agreement(ask: Due, actor: Actor, work: Work) -> Agreement:
    """Ends or renews it; what runs under it in other services follows there."""
    agreement = await work.agreements.get(ask.aggregate_id)
    agreement.end(work.now)
    await work.end_what_hangs_on(agreement)
    return agreement
