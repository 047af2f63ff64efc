"""The receiving institution approves a nomination."""

from uuid import UUID

from services.exchanges.app.work import Work
from services.exchanges.domain.mobility import Mobility
from shared.domain.actor import Actor
from shared.domain.command import Command


class ApproveMobility(Command):
    """The receiving institution approves the nomination, which takes a place."""

    mobility_id: UUID


async def approve_mobility(ask: ApproveMobility, actor: Actor, work: Work) -> Mobility:
    """Approves it; only a nomination with a place is pending."""
    mobility, call = await work.nomination(ask.mobility_id)
    mobility.approve(actor)
    call.approve(mobility.id)
    return mobility
