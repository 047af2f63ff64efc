"""Declaring an activity held."""

from uuid import UUID

from services.exchanges.app.work import Work
from services.exchanges.domain.activity import Activity
from shared.domain.actor import Actor
from shared.domain.command import Command


class HoldActivity(Command):
    """A host declares that the activity was held."""

    activity_id: UUID


async def hold_activity(ask: HoldActivity, actor: Actor, work: Work) -> Activity:
    """Declares it held, with its numbers; refused before its last day and while attendance is missing."""
    activity = await work.activities.get(ask.activity_id)
    activity.hold(actor, work.now)
    return activity
