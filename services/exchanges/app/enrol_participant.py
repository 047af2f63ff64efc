"""Enrolling a person in an activity."""

from uuid import UUID

from services.exchanges.app.work import Work
from services.exchanges.domain.activity import Activity
from shared.contracts.values import OrganisationId
from shared.domain.actor import Actor
from shared.domain.command import Command


class EnrolParticipant(Command):
    """The sending organisation enrols one of its people."""

    activity_id: UUID
    participant_id: UUID
    """Of a participant whom your institution registered; somebody of the directory goes under their id there."""
    sending: OrganisationId
    """The organisation that the person comes from."""


async def enrol_participant(ask: EnrolParticipant, actor: Actor, work: Work) -> Activity:
    """Enrols them; a host admits or declines. Refused for another institution's participant."""
    activity = await work.activities.get(ask.activity_id)
    activity.enrol_participant(ask.participant_id, ask.sending, actor)
    await work.require_own(ask.participant_id, actor)
    return activity
