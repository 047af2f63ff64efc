"""The sending side withdraws an exchange."""

from uuid import UUID

from services.exchanges.app.work import Work
from services.exchanges.domain.exchange import Exchange
from shared.domain.actor import Actor
from shared.domain.reason import Reasoned


class WithdrawExchange(Reasoned):
    """The sending institution withdraws a nomination or an approved exchange."""

    exchange_id: UUID


async def withdraw_exchange(ask: WithdrawExchange, actor: Actor, work: Work) -> Exchange:
    """Withdraws it; a place that it had is free again."""
    exchange = await work.exchanges.get(ask.exchange_id)
    exchange.withdraw(actor, ask.why)
    await work.release_place(exchange)
    return exchange
