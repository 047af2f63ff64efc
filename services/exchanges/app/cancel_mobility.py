"""The sending institution cancels a mobility."""

from uuid import UUID

from services.exchanges.app.work import Work
from services.exchanges.domain.mobility import Mobility
from shared.domain.actor import Actor
from shared.domain.reason import Reasoned


class CancelMobility(Reasoned):
    """The sending institution cancels a nomination or a mobility."""

    mobility_id: UUID


async def cancel_mobility(ask: CancelMobility, actor: Actor, work: Work) -> Mobility:
    """Cancels it; a place that nobody has used goes to the next on the waiting list."""
    mobility, call = await work.nomination(ask.mobility_id)
    mobility.cancel(actor, ask.why)
    if not mobility.uses_place:
        call.release(mobility.id)
        await work.settle(call)
    return mobility
