"""A counterpart's acceptance of a deliverable."""

from uuid import UUID

from services.partners.app.work import Work
from services.partners.domain.initiative import Initiative
from shared.domain.actor import Actor
from shared.domain.command import Command


class AcceptDeliverable(Command):
    """Accepts the report of a deliverable; for a counterpart of its owner."""

    initiative_id: UUID
    number: int
    """The deliverable's number in the initiative."""


async def accept_deliverable(ask: AcceptDeliverable, actor: Actor, work: Work) -> Initiative:
    """Accepts it."""
    initiative = await work.initiatives.get(ask.initiative_id)
    initiative.accept(ask.number, actor)
    return initiative
