"""The sending side has the nominee's name forgotten."""

from uuid import UUID

from services.exchanges.app.work import Work
from services.exchanges.domain.exchange import Exchange
from shared.domain.actor import Actor
from shared.domain.command import Command


class ForgetNominee(Command):
    """Whose name is no longer to be kept: for a nominee who is not in the directory and asks to be forgotten."""

    exchange_id: UUID


async def forget_nominee(ask: ForgetNominee, actor: Actor, work: Work) -> Exchange:
    """Forgets the name; the exchange goes on under the opaque reference."""
    exchange = await work.exchanges.get(ask.exchange_id)
    exchange.forget_nominee(actor)
    return exchange
