"""An operator or officer grants a person an office."""

from services.partners.app.work import Work
from services.partners.domain.person import Grant, Person
from shared.contracts.values import PersonId
from shared.domain.actor import Actor


class GrantOffice(Grant):
    """Grants a person an office, or offers it to a person who holds offices elsewhere only."""

    person_id: PersonId


async def grant_office(ask: GrantOffice, actor: Actor, work: Work) -> Person:
    """Gives or offers the office."""
    await work.active(ask.organisation_id)
    person = await work.people.get(ask.person_id)
    person.grant(ask, work.new_id(), actor, await work.lineage(ask.organisation_id), work.now)
    return person
