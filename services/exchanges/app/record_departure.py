"""Somebody departed."""

from uuid import UUID

from services.exchanges.app.work import Work
from services.exchanges.domain.mobility import Mobility
from shared.contracts.values import Day
from shared.domain.actor import Actor
from shared.domain.command import Command


class RecordDeparture(Command):
    """The receiving institution records the day of departure."""

    mobility_id: UUID
    on: Day


async def record_departure(ask: RecordDeparture, actor: Actor, work: Work) -> Mobility:
    """Records the last day of the stay."""
    mobility = await work.mobilities.get(ask.mobility_id)
    mobility.depart(actor, ask.on)
    return mobility
