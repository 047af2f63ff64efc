"""Inviting a person to an activity."""

from uuid import UUID

from services.exchanges.app.work import Work
from services.exchanges.domain.activity import Activity
from shared.contracts.values import OrganisationId, Text
from shared.domain.actor import Actor
from shared.domain.command import Command


class InviteParticipant(Command):
    """A host or the organiser invites somebody of a sending organisation."""

    activity_id: UUID
    participant_id: UUID
    """An opaque id of the person."""
    sending: OrganisationId
    """The organisation that the person comes from."""
    name: Text | None = None
    """For officers of the hosts and of the sending side, never on an event; forgotten once it is of no use."""


async def invite_participant(ask: InviteParticipant, actor: Actor, work: Work) -> Activity:
    """Invites them; their organisation admits or declines."""
    activity = await work.activities.get(ask.activity_id)
    activity.invite_participant(ask.participant_id, ask.sending, actor)
    await work.names.keep(activity.id, ask.participant_id, ask.name)
    return activity
