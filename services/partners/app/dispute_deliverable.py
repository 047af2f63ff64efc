"""A counterpart's objection to a deliverable."""

from uuid import UUID

from services.partners.app.work import Work
from services.partners.domain.initiative import Initiative
from shared.domain.actor import Actor
from shared.domain.reason import Reasoned


class DisputeDeliverable(Reasoned):
    """Disputes the report of a deliverable; for a counterpart of its owner."""

    initiative_id: UUID
    number: int
    """The deliverable's number in the initiative."""


async def dispute_deliverable(ask: DisputeDeliverable, actor: Actor, work: Work) -> Initiative:
    """Disputes it; it can be reported again."""
    initiative = await work.initiatives.get(ask.initiative_id)
    initiative.dispute(ask.number, ask.why, actor)
    return initiative
