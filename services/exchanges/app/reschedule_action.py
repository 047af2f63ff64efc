"""Giving a follow-up action another day."""

from uuid import UUID

from services.exchanges.app.work import Work
from services.exchanges.domain.activity import Activity
from shared.contracts.values import Day
from shared.domain.actor import Actor
from shared.domain.command import Command


class RescheduleAction(Command):
    """Agrees, for one side, to another day for an action."""

    activity_id: UUID
    number: int
    """The action's number in the activity."""
    due_on: Day


async def reschedule_action(ask: RescheduleAction, actor: Actor, work: Work) -> Activity:
    """Agrees to it; the other side sets it by naming the same day."""
    activity = await work.activities.get(ask.activity_id)
    activity.reschedule_action(ask.number, ask.due_on, actor, work.now)
    return activity
