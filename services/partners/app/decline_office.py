"""Somebody declines an office that another organisation than theirs offers."""

from uuid import UUID

from services.partners.app.work import Work
from services.partners.domain.person import Person
from shared.contracts.values import PersonId
from shared.domain.actor import Actor
from shared.domain.command import Command


class DeclineOffice(Command):
    """Does without an office that is offered to you; `GET /me` lists the offers."""

    person_id: PersonId
    office_id: UUID


async def decline_office(ask: DeclineOffice, actor: Actor, work: Work) -> Person:
    """Declines the office; it can be offered again."""
    person = await work.people.get(ask.person_id)
    person.decline(ask.office_id, actor)
    return person
