"""A deliverable's day is over."""

from services.partners.app.work import Work
from services.partners.domain.initiative import Initiative
from shared.domain.actor import Actor
from shared.domain.command import Due


async def note_overdue_deliverables(ask: Due, actor: Actor, work: Work) -> Initiative:
    """Records each deliverable that was not reported by the end of its day, in its owner's zone."""
    initiative = await work.initiatives.get(ask.aggregate_id)
    initiative.note_overdue(ask.at)
    return initiative
