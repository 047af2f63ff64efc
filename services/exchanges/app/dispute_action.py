"""The counterpart's dispute of a follow-up action."""

from uuid import UUID

from services.exchanges.app.work import Work
from services.exchanges.domain.activity import Activity
from shared.domain.actor import Actor
from shared.domain.reason import Reasoned


class DisputeAction(Reasoned):
    """Disputes the report of an action."""

    activity_id: UUID
    number: int
    """The action's number in the activity."""


async def dispute_action(ask: DisputeAction, actor: Actor, work: Work) -> Activity:
    """Disputes it; the action can be reported again."""
    activity = await work.activities.get(ask.activity_id)
    activity.dispute_action(ask.number, ask.why, actor)
    return activity
