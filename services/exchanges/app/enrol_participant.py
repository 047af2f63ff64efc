"""Enrolling a person in an activity."""

from uuid import UUID

from services.exchanges.app.work import Work
from services.exchanges.domain.activity import Activity
from shared.contracts.values import OrganisationId, Text
from shared.domain.actor import Actor
from shared.domain.command import Command


class EnrolParticipant(Command):
    """The sending organisation enrols one of its people."""

    activity_id: UUID
    participant_id: UUID
    """An opaque id of the person."""
    sending: OrganisationId
    """The organisation that the person comes from."""
    name: Text | None = None
    """For officers of the hosts and of the sending side, never on an event; forgotten once it is of no use."""


async def enrol_participant(ask: EnrolParticipant, actor: Actor, work: Work) -> Activity:
    """Enrols them; a host admits or declines."""
    activity = await work.activities.get(ask.activity_id)
    activity.enrol_participant(ask.participant_id, ask.sending, actor)
    await work.names.keep(activity.id, ask.participant_id, ask.name)
    return activity
