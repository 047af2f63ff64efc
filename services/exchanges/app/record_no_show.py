"""Somebody did not come."""

from uuid import UUID

from services.exchanges.app.work import Work
from services.exchanges.domain.mobility import Mobility
from shared.domain.actor import Actor
from shared.domain.command import Command


class RecordNoShow(Command):
    """The receiving institution records that the person did not come."""

    mobility_id: UUID


async def record_no_show(ask: RecordNoShow, actor: Actor, work: Work) -> Mobility:
    """Records it; the sending institution then cancels, or the arrival is recorded after all."""
    mobility = await work.mobilities.get(ask.mobility_id)
    mobility.miss(actor)
    return mobility
