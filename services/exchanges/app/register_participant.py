"""A mobility coordinator registers somebody who will take part."""

from services.exchanges.app.work import Work
from services.exchanges.domain.participant import Participant
from services.exchanges.domain.participant_details import Details
from shared.contracts.values import OrganisationId, PersonId
from shared.domain.actor import Actor


class RegisterParticipant(Details):
    """Enters a student or another participant, under the terms that they were told."""

    home: OrganisationId
    """Yours, or the one that yours is part of."""
    person_id: PersonId | None = None
    """The same person in the directory, if they are there."""


async def register_participant(ask: RegisterParticipant, actor: Actor, work: Work) -> Participant:
    """Registers them; the event has an opaque id and nothing personal."""
    await work.organisations.those([ask.home])
    participant = Participant(id=work.new_id(), home=ask.home, person_id=ask.person_id, **ask.said)
    work.participants.add(participant.registered(actor, work.now))
    return participant
