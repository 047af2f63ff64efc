"""Declining a person for an activity."""

from uuid import UUID

from services.exchanges.app.work import Work
from services.exchanges.domain.activity import Activity
from shared.domain.actor import Actor
from shared.domain.command import Command
from shared.domain.reason import ReasonCode


class DeclineParticipant(Command):
    """The other side declines somebody who was enrolled or invited."""

    activity_id: UUID
    participant_id: UUID
    reason_code: ReasonCode
    """Stands on the public event. No sentence goes with it, because every side reads the activity."""


async def decline_participant(ask: DeclineParticipant, actor: Actor, work: Work) -> Activity:
    """Declines them; the other side sees the record no more."""
    activity = await work.activities.get(ask.activity_id)
    activity.decline_participant(ask.participant_id, ask.reason_code, actor)
    return activity
