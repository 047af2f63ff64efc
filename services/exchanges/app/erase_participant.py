"""A participant, or the home institution's coordinator for them, has the record erased."""

from uuid import UUID

from services.exchanges.app.work import Work
from services.exchanges.domain.participant import Participant
from shared.domain.actor import Actor
from shared.domain.command import Command


class EraseParticipant(Command):
    """Whose record."""

    participant_id: UUID


async def erase_participant(ask: EraseParticipant, actor: Actor, work: Work) -> Participant:
    """Erases all but the opaque id, at once and for good; what they took part in goes on under the id."""
    participant = await work.participants.get(ask.participant_id)
    await work.erase(participant, actor)
    return participant
