"""Somebody who is a participant too was erased from the directory."""

from uuid import UUID

from services.exchanges.app.work import Work
from shared.contracts.event import Tombstone
from shared.contracts.person import PersonEvent


async def erase_participants_of_person(event: PersonEvent, work: Work) -> None:
    """Erases their records as participants."""
    if not isinstance(event, Tombstone):
        return
    for participant in await work.participants.where(person_id=UUID(event.envelope.subject)):
        await work.erase(participant, work.actor)
