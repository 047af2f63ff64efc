"""A year has passed since an activity was held."""

from services.exchanges.app.work import Work
from services.exchanges.domain.activity import Activity
from shared.domain.actor import Actor
from shared.domain.command import Due


async def close_activity(ask: Due, actor: Actor, work: Work) -> Activity:
    """Closes it; only home institutions still see who took part."""
    activity = await work.activities.get(ask.aggregate_id)
    activity.close()
    return activity
