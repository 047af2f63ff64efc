"""A notice has run out."""

from services.partners.app.work import Work
from services.partners.domain.agreement import Agreement
from shared.domain.actor import Actor
from shared.domain.command import Due


async def terminate_by_notice(ask: Due, actor: Actor, work: Work) -> Agreement:
    """Terminates the agreement; its annexes end with it."""
    agreement = await work.agreements.get(ask.aggregate_id)
    agreement.terminate_by_notice()
    await work.end_what_hangs_on(agreement)
    return agreement
