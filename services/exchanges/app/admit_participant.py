"""Admitting a person to an activity."""

from uuid import UUID

from services.exchanges.app.work import Work
from services.exchanges.domain.activity import Activity
from shared.domain.actor import Actor
from shared.domain.command import Command


class AdmitParticipant(Command):
    """The other side accepts somebody who was enrolled or invited."""

    activity_id: UUID
    participant_id: UUID


async def admit_participant(ask: AdmitParticipant, actor: Actor, work: Work) -> Activity:
    """Admits them; refused once all places are taken, and for an invited participant of another institution."""
    activity = await work.activities.get(ask.activity_id)
    if activity.admit_participant(ask.participant_id, actor).invited:
        await work.require_own(ask.participant_id, actor)
    return activity
