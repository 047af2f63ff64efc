"""Planning a follow-up action."""

from uuid import UUID

from services.exchanges.app.work import Work
from services.exchanges.domain.activity import Activity
from services.exchanges.domain.activity_actions import WantedAction
from shared.domain.actor import Actor


class PlanAction(WantedAction):
    """Plans what one organisation of the activity promises to another."""

    activity_id: UUID


async def plan_action(ask: PlanAction, actor: Actor, work: Work) -> Activity:
    """Plans it, for its owner or its counterpart."""
    activity = await work.activities.get(ask.activity_id)
    activity.plan_action(ask, actor)
    return activity
