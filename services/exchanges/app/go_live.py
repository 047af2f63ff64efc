"""A mobility becomes live."""

from uuid import UUID

from services.exchanges.app.work import Work
from services.exchanges.domain.mobility import Mobility
from shared.domain.actor import Actor
from shared.domain.command import Command


class GoLive(Command):
    """The sending institution declares that the person goes."""

    mobility_id: UUID


async def go_live(ask: GoLive, actor: Actor, work: Work) -> Mobility:
    """Makes it live; needs a learning agreement that all three have signed."""
    mobility = await work.mobilities.get(ask.mobility_id)
    mobility.go_live(actor)
    return mobility
