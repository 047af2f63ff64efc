"""An operator or officer takes an office away."""

from services.partners.app.work import Work
from services.partners.domain.person import Person
from shared.contracts.values import OrganisationId, PersonId
from shared.domain.actor import Actor
from shared.domain.command import Command


class RevokeOffice(Command):
    """Takes an office away from a person."""

    person_id: PersonId
    organisation_id: OrganisationId
    """Where the office is held."""


async def revoke_office(ask: RevokeOffice, actor: Actor, work: Work) -> Person:
    """Takes it away; the person keeps offices in other organisations."""
    person = await work.people.get(ask.person_id)
    person.revoke(ask.organisation_id, actor, await work.lineage(ask.organisation_id))
    return person
