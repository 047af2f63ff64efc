"""An operator or officer enters a person in the directory, with a first office."""

from typing import Annotated

from pydantic import Field

from services.partners.app.work import Work
from services.partners.domain.person import Grant, Person
from shared.contracts.person import Account
from shared.contracts.values import Text
from shared.domain.actor import Actor


class RegisterPerson(Grant):
    """Adds a person to the directory, with the accounts to sign in with and a first office."""

    name: Text
    accounts: Annotated[list[Account], Field(min_length=1, max_length=10)]


async def register_person(ask: RegisterPerson, actor: Actor, work: Work) -> Person:
    """Adds them; each account belongs to one person."""
    await work.active(ask.organisation_id)
    person = Person.register(work.new_id(), ask.name, ask.accounts)
    person.grant(ask, work.new_id(), actor, await work.lineage(ask.organisation_id), work.now)
    work.people.add(person)
    await work.accounts.claim(person.id, person.accounts)
    return person
