"""A mobility coordinator corrects what is recorded of a participant."""

from uuid import UUID

from services.exchanges.app.work import Work
from services.exchanges.domain.participant import Participant
from services.exchanges.domain.participant_details import Details
from shared.domain.actor import Actor


class CorrectParticipant(Details):
    """Replaces what is recorded, all of it."""

    participant_id: UUID


async def correct_participant(ask: CorrectParticipant, actor: Actor, work: Work) -> Participant:
    """Corrects it; nothing of what stood there before is kept."""
    participant = await work.participants.get(ask.participant_id)
    participant.correct(ask, actor, work.now)
    return participant
