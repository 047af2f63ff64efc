"""A follow-up action's day is over."""

from services.exchanges.app.work import Work
from services.exchanges.domain.activity import Activity
from shared.domain.actor import Actor
from shared.domain.command import Due


async def note_overdue_actions(ask: Due, actor: Actor, work: Work) -> Activity:
    """Records each action that was not reported by the end of its day, in its owner's zone."""
    activity = await work.activities.get(ask.aggregate_id)
    activity.note_overdue_actions(ask.at)
    return activity
