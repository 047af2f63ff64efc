"""One side declines a nomination."""

from uuid import UUID

from services.exchanges.app.work import Work
from services.exchanges.domain.exchange import Exchange
from shared.contracts.values import Text
from shared.domain.actor import Actor
from shared.domain.command import Command


class DeclineExchange(Command):
    """The sending or the receiving institution declines a nomination."""

    exchange_id: UUID
    reason: Text
    """For the public event: name no person."""


async def decline_exchange(ask: DeclineExchange, actor: Actor, work: Work) -> Exchange:
    """Declines it; the person can be nominated again."""
    exchange = await work.exchanges.get(ask.exchange_id)
    exchange.decline(actor, ask.reason)
    await work.release_place(exchange)
    return exchange
