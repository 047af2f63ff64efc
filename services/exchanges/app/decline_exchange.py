"""One side declines a nomination."""

from uuid import UUID

from services.exchanges.app.work import Work
from services.exchanges.domain.exchange import Exchange
from shared.domain.actor import Actor
from shared.domain.reason import Reasoned


class DeclineExchange(Reasoned):
    """The sending or the receiving institution declines a nomination."""

    exchange_id: UUID


async def decline_exchange(ask: DeclineExchange, actor: Actor, work: Work) -> Exchange:
    """Declines it; the person can be nominated again."""
    exchange = await work.exchanges.get(ask.exchange_id)
    exchange.decline(actor, ask.why)
    await work.release_place(exchange)
    return exchange
