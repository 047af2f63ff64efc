"""Issuing the certificates of an activity."""

from uuid import UUID

from services.exchanges.app.work import Work
from services.exchanges.domain.activity import Activity
from shared.domain.actor import Actor
from shared.domain.command import Command


class CertifyActivity(Command):
    """A host issues certificates to those who attended enough."""

    activity_id: UUID


async def certify_activity(ask: CertifyActivity, actor: Actor, work: Work) -> Activity:
    """Issues them; each is then read as a PDF file."""
    activity = await work.activities.get(ask.activity_id)
    activity.certify(actor, work.now)
    return activity
