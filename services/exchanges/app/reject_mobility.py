"""The receiving institution rejects a nomination."""

from uuid import UUID

from services.exchanges.app.work import Work
from services.exchanges.domain.mobility import Mobility
from shared.domain.actor import Actor
from shared.domain.reason import Reasoned


class RejectMobility(Reasoned):
    """The receiving institution rejects the nomination; the sending one can correct it."""

    mobility_id: UUID


async def reject_mobility(ask: RejectMobility, actor: Actor, work: Work) -> Mobility:
    """Rejects it; its place goes to the next on the waiting list."""
    mobility, call = await work.nomination(ask.mobility_id)
    mobility.reject(actor, ask.why)
    call.reject(mobility.id)
    await work.settle(call)
    return mobility
