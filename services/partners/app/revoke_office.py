"""An operator or officer takes an office away."""

from uuid import UUID

from services.partners.app.work import Work
from services.partners.domain.person import Person
from shared.contracts.values import PersonId
from shared.domain.actor import Actor
from shared.domain.command import Command


class RevokeOffice(Command):
    """Takes an office, or the offer of one, away from a person."""

    person_id: PersonId
    office_id: UUID


async def revoke_office(ask: RevokeOffice, actor: Actor, work: Work) -> Person:
    """Takes it away; the person keeps their other offices."""
    person = await work.people.get(ask.person_id)
    organisation_id = person.office(ask.office_id).organisation_id
    person.revoke(ask.office_id, actor, await work.lineage(organisation_id))
    return person
