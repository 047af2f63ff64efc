"""One side's approval of an exchange."""

from uuid import UUID

from services.exchanges.app.work import Work
from services.exchanges.domain.exchange import Exchange, Status
from shared.domain.actor import Actor
from shared.domain.command import Command


class ApproveExchange(Command):
    """The sending or the receiving institution approves; the last approval takes a place."""

    exchange_id: UUID


async def approve_exchange(ask: ApproveExchange, actor: Actor, work: Work) -> Exchange:
    """Approves it; without a place left the last approval is refused and it stays nominated."""
    exchange = await work.exchanges.get(ask.exchange_id)
    exchange.approve(actor, work.now)
    if exchange.status is Status.APPROVED:
        call = await work.calls.get(exchange.call_id)
        call.place(exchange.id)
    return exchange
