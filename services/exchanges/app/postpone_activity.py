"""Postponing an activity."""

from uuid import UUID

from services.exchanges.app.work import Work
from services.exchanges.domain.activity import Activity
from services.exchanges.domain.activity_plan import WantedItems
from shared.domain.actor import Actor
from shared.domain.reason import Reasoned


class PostponeActivity(Reasoned):
    """The organiser gives the activity other days or items."""

    activity_id: UUID
    items: WantedItems
    """All of them, as they are now to be."""


async def postpone_activity(ask: PostponeActivity, actor: Actor, work: Work) -> Activity:
    """Postpones it; each host agrees again. Refused while the agreement is not in force."""
    activity = await work.activities.get(ask.activity_id)
    activity.postpone(ask.items, ask.why, actor)
    (await work.agreements.hold(activity.agreement_id)).require_in_force()
    return activity
