"""Cancelling an activity."""

from uuid import UUID

from services.exchanges.app.work import Work
from services.exchanges.domain.activity import Activity
from shared.domain.actor import Actor
from shared.domain.reason import Reasoned


class CancelActivity(Reasoned):
    """The organiser cancels an activity that was not held yet."""

    activity_id: UUID


async def cancel_activity(ask: CancelActivity, actor: Actor, work: Work) -> Activity:
    """Cancels it; only home institutions still see who was enrolled."""
    activity = await work.activities.get(ask.activity_id)
    activity.cancel(ask.why, actor)
    return activity
