"""One host's agreement to an activity."""

from uuid import UUID

from services.exchanges.app.work import Work
from services.exchanges.domain.activity import Activity
from shared.contracts.agreement import Revision
from shared.domain.actor import Actor
from shared.domain.command import Command


class AgreeActivity(Command):
    """A host agrees to the plan of the activity."""

    activity_id: UUID
    revision: Revision
    """The plan agreed to."""


async def agree_activity(ask: AgreeActivity, actor: Actor, work: Work) -> Activity:
    """Agrees; refused while the agreement is not in force."""
    activity = await work.activities.get(ask.activity_id)
    activity.agree(actor, ask.revision, work.now)
    (await work.agreements.hold(activity.agreement_id)).require_in_force()
    return activity
