"""A participant's retention is over."""

from services.exchanges.app.work import Work
from services.exchanges.domain.participant import Participant
from shared.domain.actor import Actor
from shared.domain.command import Due


async def erase_expired_participant(ask: Due, actor: Actor, work: Work) -> Participant:
    """Erases the record at the first moment after its last day."""
    participant = await work.participants.get(ask.aggregate_id)
    await work.erase(participant, actor)
    return participant
