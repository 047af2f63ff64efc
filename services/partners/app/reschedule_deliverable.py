"""Giving a deliverable another day."""

from uuid import UUID

from services.partners.app.work import Work
from services.partners.domain.initiative import Initiative
from shared.contracts.values import Day
from shared.domain.actor import Actor
from shared.domain.command import Command


class RescheduleDeliverable(Command):
    """Agrees, for one side, to another day for a deliverable."""

    initiative_id: UUID
    number: int
    """The deliverable's number in the initiative."""
    due_on: Day


async def reschedule_deliverable(ask: RescheduleDeliverable, actor: Actor, work: Work) -> Initiative:
    """Agrees to it; the last side that names the same day sets it."""
    initiative = await work.initiatives.get(ask.initiative_id)
    initiative.reschedule(ask.number, ask.due_on, actor, work.now)
    return initiative
