"""The counterpart's acceptance of a follow-up action."""

from uuid import UUID

from services.exchanges.app.work import Work
from services.exchanges.domain.activity import Activity
from shared.domain.actor import Actor
from shared.domain.command import Command


class AcceptAction(Command):
    """Accepts the report of an action."""

    activity_id: UUID
    number: int
    """The action's number in the activity."""


async def accept_action(ask: AcceptAction, actor: Actor, work: Work) -> Activity:
    """Accepts it; with the last open action the activity closes."""
    activity = await work.activities.get(ask.activity_id)
    activity.accept_action(ask.number, actor)
    return activity
