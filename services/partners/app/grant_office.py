"""An operator or officer gives somebody an office."""

from services.partners.app.work import Work
from services.partners.domain.person import Grant, Person
from shared.contracts.values import PersonId
from shared.domain.actor import Actor


class GrantOffice(Grant):
    """Gives a person an office, in place of an earlier one in the same organisation."""

    person_id: PersonId


async def grant_office(ask: GrantOffice, actor: Actor, work: Work) -> Person:
    """Gives the office."""
    person = await work.people.get(ask.person_id)
    person.grant(ask, actor, await work.lineage(ask.organisation_id), work.now)
    return person
