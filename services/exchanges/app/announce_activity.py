"""Announcing an activity."""

from uuid import UUID

from services.exchanges.app.work import Work
from services.exchanges.domain.activity import Activity
from shared.domain.actor import Actor
from shared.domain.command import Command


class AnnounceActivity(Command):
    """The organiser announces an activity that all hosts agreed to."""

    activity_id: UUID


async def announce_activity(ask: AnnounceActivity, actor: Actor, work: Work) -> Activity:
    """Announces it; it begins by itself on its first day."""
    activity = await work.activities.get(ask.activity_id)
    activity.announce(actor)
    return activity
