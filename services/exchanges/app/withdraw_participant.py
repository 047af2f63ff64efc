"""Withdrawing a person from an activity."""

from uuid import UUID

from services.exchanges.app.work import Work
from services.exchanges.domain.activity import Activity
from shared.domain.actor import Actor
from shared.domain.command import Command
from shared.domain.reason import ReasonCode


class WithdrawParticipant(Command):
    """The sending organisation withdraws one of its people."""

    activity_id: UUID
    participant_id: UUID
    reason_code: ReasonCode
    """Stands on the public event. No sentence goes with it, because every side reads the activity."""


async def withdraw_participant(ask: WithdrawParticipant, actor: Actor, work: Work) -> Activity:
    """Withdraws them and frees their place; the hosts see the record no more."""
    activity = await work.activities.get(ask.activity_id)
    activity.withdraw_participant(ask.participant_id, ask.reason_code, actor)
    return activity
