"""The receiving institution asks for a cancellation."""

from uuid import UUID

from services.exchanges.app.work import Work
from services.exchanges.domain.mobility import Mobility
from shared.domain.actor import Actor
from shared.domain.reason import Reasoned


class RequestCancellation(Reasoned):
    """The receiving institution asks the sending one to cancel."""

    mobility_id: UUID


async def request_cancellation(ask: RequestCancellation, actor: Actor, work: Work) -> Mobility:
    """Asks for it; the mobility goes on until the sending institution cancels."""
    mobility = await work.mobilities.get(ask.mobility_id)
    mobility.request_cancellation(actor, ask.why)
    return mobility
