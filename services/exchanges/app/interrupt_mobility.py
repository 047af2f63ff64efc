"""A stay is broken off."""

from uuid import UUID

from services.exchanges.app.work import Work
from services.exchanges.domain.mobility import Mobility
from shared.contracts.values import Day
from shared.domain.actor import Actor
from shared.domain.reason import Reasoned


class InterruptMobility(Reasoned):
    """The sending institution records that the stay was broken off."""

    mobility_id: UUID
    on: Day
    """The last day of the stay."""


async def interrupt_mobility(ask: InterruptMobility, actor: Actor, work: Work) -> Mobility:
    """Records it: after force majeure what was done can be recognised, otherwise the mobility is cancelled."""
    mobility = await work.mobilities.get(ask.mobility_id)
    mobility.interrupt(actor, ask.on, ask.why)
    return mobility
