"""Inviting a person to an activity."""

from uuid import UUID

from services.exchanges.app.work import Work
from services.exchanges.domain.activity import Activity
from shared.contracts.values import OrganisationId
from shared.domain.actor import Actor
from shared.domain.command import Command


class InviteParticipant(Command):
    """A host or the organiser invites somebody of a sending organisation."""

    activity_id: UUID
    participant_id: UUID
    """As the sending organisation gave it to you. The record is shown to you once that organisation accepts."""
    sending: OrganisationId
    """The organisation that the person comes from."""


async def invite_participant(ask: InviteParticipant, actor: Actor, work: Work) -> Activity:
    """Invites them; their organisation admits or declines."""
    activity = await work.activities.get(ask.activity_id)
    activity.invite_participant(ask.participant_id, ask.sending, actor)
    return activity
