"""Waiving a deliverable."""

from uuid import UUID

from services.partners.app.work import Work
from services.partners.domain.initiative import Initiative
from shared.domain.actor import Actor
from shared.domain.command import Command


class WaiveDeliverable(Command):
    """Agrees, for one side, that a deliverable need not be kept."""

    initiative_id: UUID
    number: int
    """The deliverable's number in the initiative."""


async def waive_deliverable(ask: WaiveDeliverable, actor: Actor, work: Work) -> Initiative:
    """Agrees to it; the last side waives the deliverable."""
    initiative = await work.initiatives.get(ask.initiative_id)
    initiative.waive(ask.number, actor, work.now)
    return initiative
