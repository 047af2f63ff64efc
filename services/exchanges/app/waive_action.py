"""Waiving a follow-up action."""

from uuid import UUID

from services.exchanges.app.work import Work
from services.exchanges.domain.activity import Activity
from shared.domain.actor import Actor
from shared.domain.command import Command


class WaiveAction(Command):
    """Agrees, for one side, that an action need not be done."""

    activity_id: UUID
    number: int
    """The action's number in the activity."""


async def waive_action(ask: WaiveAction, actor: Actor, work: Work) -> Activity:
    """Agrees to it; the other side waives the action, and with the last open one the activity closes."""
    activity = await work.activities.get(ask.activity_id)
    activity.waive_action(ask.number, actor, work.now)
    return activity
