"""An operator erases a person."""

from services.partners.app.work import Work
from services.partners.domain.person import Person
from shared.contracts.values import PersonId
from shared.domain.actor import Actor
from shared.domain.command import Command


class ErasePerson(Command):
    """Erases a person from the directory."""

    person_id: PersonId


async def erase_person(ask: ErasePerson, actor: Actor, work: Work) -> Person:
    """Erases all but the opaque id, here and in every copy."""
    person = await work.people.get(ask.person_id)
    person.erase(work.now)
    await work.accounts.claim(person.id, [])
    return person
