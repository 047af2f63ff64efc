"""An activity's first day has come."""

from services.exchanges.app.work import Work
from services.exchanges.domain.activity import Activity
from shared.domain.actor import Actor
from shared.domain.command import Due


async def begin_activity(ask: Due, actor: Actor, work: Work) -> Activity:
    """Begins it."""
    activity = await work.activities.get(ask.aggregate_id)
    activity.begin()
    return activity
