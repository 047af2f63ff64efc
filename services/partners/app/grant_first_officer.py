"""An organisation's first officer, granted by the owner of the database, since no person has a role yet."""

from dataclasses import dataclass
from typing import Protocol, Self

from pydantic import Field, model_validator

from services.partners.app.register_organisation import RegisterOrganisation, register_organisation
from services.partners.app.register_person import RegisterPerson, register_person
from services.partners.app.work import Work
from services.partners.domain.organisation import alike
from services.partners.domain.person import Grant, Person
from shared.contracts.person import Account
from shared.contracts.values import OrganisationId, PersonId, Text
from shared.domain.actor import Actor, Role
from shared.domain.command import Command
from shared.domain.identifiers import CheckedIdentifier
from shared.domain.refused import Invalid


class FirstOfficer(Command):
    """An officer, and the organisation: one that has `identifier`, or one that is as `organisation` describes it."""

    account: Account
    name: Text
    title: Text
    roles: frozenset[Role] = Field(min_length=1)
    identifier: CheckedIdentifier | None = None
    organisation: RegisterOrganisation | None = None

    @model_validator(mode="after")
    def _says_which(self) -> Self:
        if self.identifier is None and self.organisation is None:
            raise ValueError("name the organisation by an identifier, or describe it")
        return self


@dataclass(frozen=True)
class Granted:
    """Who holds the office, and where."""

    person_id: PersonId
    organisation_id: OrganisationId


class Admissions(Protocol):
    """The accounts that the installation's setting has admitted, including those of people erased since."""

    async def note(self, account: Account) -> bool:
        """Records the account; False if it was recorded before."""
        ...


class OwnersWork(Work):
    """The unit of work of the database's owner."""

    admissions: Admissions


async def grant_once(ask: FirstOfficer, actor: Actor, work: OwnersWork) -> Granted | None:
    """Like `grant_first_officer`, but does nothing and returns None for an account noted before or in the directory.

    So a setting left in place never gives back what the API took away or erased.
    """
    if not await work.admissions.note(ask.account) or await work.accounts.owner(ask.account):
        return None
    return await grant_first_officer(ask, actor, work)


async def grant_first_officer(ask: FirstOfficer, actor: Actor, work: Work) -> Granted:
    """Grants the office, and registers the person and organisation if missing; a repetition changes nothing.

    Raises Invalid when no organisation has the identifier and none is described.
    """
    organisation_id = await _organisation(ask, actor, work)
    office = {"organisation_id": organisation_id, "title": ask.title, "roles": ask.roles}
    person_id = await work.accounts.owner(ask.account)
    if person_id is None:
        new = RegisterPerson.model_validate({**office, "name": ask.name, "accounts": [ask.account]})
        return Granted((await register_person(new, actor, work)).id, organisation_id)
    person = await work.people.get(person_id)
    if not _holds(person, ask, organisation_id):
        await work.active(organisation_id)
        grant = Grant.model_validate(office)
        person.grant(grant, work.new_id(), actor, await work.lineage(organisation_id), work.now)
    return Granted(person.id, organisation_id)


def _holds(person: Person, ask: FirstOfficer, organisation_id: OrganisationId) -> bool:
    return any(
        o.organisation_id == organisation_id and o.title == ask.title and set(o.roles) == set(map(str, ask.roles))
        for o in person.offices
    )


async def _organisation(ask: FirstOfficer, actor: Actor, work: Work) -> OrganisationId:
    if found := await _find(ask, work):
        return found
    if ask.organisation is None:
        known = ask.identifier and f"{ask.identifier.scheme}:{ask.identifier.value}"
        raise Invalid(reason=f"no organisation has {known}: also say its kind, name, country and city to register it")
    identifiers = [ask.identifier] if ask.identifier else ask.organisation.identifiers
    described = ask.organisation.model_copy(update={"identifiers": identifiers})
    return (await register_organisation(described, actor, work)).id


async def _find(ask: FirstOfficer, work: Work) -> OrganisationId | None:
    if ask.identifier is not None:
        return await work.identifiers.owner(ask.identifier)
    wanted = ask.organisation
    if wanted is None:
        return None
    those = await work.organisations.where(country=wanted.country)
    return next((found.id for found in those if alike(found, wanted)), None)
