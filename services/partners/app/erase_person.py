"""An operator erases a person."""

from services.partners.app.work import Work
from services.partners.domain.person import Person
from shared.contracts.values import PersonId
from shared.domain.actor import Actor
from shared.domain.command import Command


class ErasePerson(Command):
    """The person to be forgotten."""

    person_id: PersonId


async def erase_person(ask: ErasePerson, actor: Actor, work: Work) -> Person:
    """Keeps the id only; raises NotFound for a person erased before."""
    person = await work.people.get(ask.person_id)
    person.erase(work.now)
    await work.accounts.claim(person.id, [])
    return person
