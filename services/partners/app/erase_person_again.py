"""The tombstone of an erased person is sent again, so that a stale copy cannot outlive it."""

from services.partners.app.work import Work
from services.partners.domain.person import Person
from shared.domain.actor import Actor
from shared.domain.command import Due


async def erase_person_again(ask: Due, actor: Actor, work: Work) -> Person:
    """Records the erasure once more, an hour and a day after the first."""
    person = await work.people.get(ask.aggregate_id)
    person.erase_again(ask.kind)
    return person
