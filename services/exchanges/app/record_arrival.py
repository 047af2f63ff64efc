"""Somebody arrived."""

from uuid import UUID

from services.exchanges.app.work import Work
from services.exchanges.domain.mobility import Mobility
from shared.contracts.values import Day
from shared.domain.actor import Actor
from shared.domain.command import Command


class RecordArrival(Command):
    """The receiving institution records the day of arrival."""

    mobility_id: UUID
    on: Day


async def record_arrival(ask: RecordArrival, actor: Actor, work: Work) -> Mobility:
    """Records the day, or corrects it."""
    mobility = await work.mobilities.get(ask.mobility_id)
    mobility.arrive(actor, ask.on)
    return mobility
