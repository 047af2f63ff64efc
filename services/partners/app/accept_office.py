"""Somebody accepts an office that another organisation than theirs offers."""

from uuid import UUID

from services.partners.app.work import Work
from services.partners.domain.person import Person
from shared.contracts.values import PersonId
from shared.domain.actor import Actor
from shared.domain.command import Command


class AcceptOffice(Command):
    """Takes an office that is offered to you; `GET /me` lists the offers."""

    person_id: PersonId
    office_id: UUID


async def accept_office(ask: AcceptOffice, actor: Actor, work: Work) -> Person:
    """Accepts the office: it is valid from now on, in its term. Refused if its organisation was merged or closed."""
    person = await work.people.get(ask.person_id)
    person.accept(ask.office_id, actor)
    await work.active(person.office(ask.office_id).organisation_id)
    return person
