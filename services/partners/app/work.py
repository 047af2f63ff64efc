"""What the use cases of `partners` may ask for."""

from collections.abc import Sequence
from typing import Protocol

from services.partners.domain.agreement import Agreement
from services.partners.domain.organisation import Organisation
from services.partners.domain.person import Person
from shared.contracts.person import Account
from shared.contracts.values import Identifier, OrganisationId, PersonId
from shared.domain.refused import Refused
from shared.service.areas import Areas
from shared.service.work import Repository, UnitOfWork


class IdentifierTaken(Refused):
    """The identifier {identifier} belongs to the organisation {organisation}; amend that one, or correct it."""


class AccountTaken(Refused):
    """The account {account} belongs to the person {person}; grant that person an office instead.

    `POST /people/{person_id}/offices` grants it. If the account was mistyped, correct it.
    """


class Identifiers(Protocol):
    """Which organisation each identifier belongs to."""

    async def owner(self, identifier: Identifier) -> OrganisationId | None:
        """The organisation that an identifier in its normal form belongs to."""
        ...

    async def claim(self, organisation_id: OrganisationId, identifiers: Sequence[Identifier]) -> None:
        """Makes these the identifiers of the organisation; raises IdentifierTaken if another one has one of them."""
        ...


class Accounts(Protocol):
    """Which person each account belongs to."""

    async def owner(self, account: Account) -> PersonId | None:
        """The person that an account belongs to."""
        ...

    async def claim(self, person_id: PersonId, accounts: Sequence[Account]) -> None:
        """Makes these the accounts of the person; raises AccountTaken if another person has one of them."""
        ...


class Work(UnitOfWork):
    """The unit of work of `partners`."""

    organisations: Repository[Organisation]
    people: Repository[Person]
    areas: Areas
    agreements: Repository[Agreement]
    identifiers: Identifiers
    accounts: Accounts

    async def lineage(self, organisation_id: OrganisationId) -> list[OrganisationId]:
        """The organisation and those it is part of, from itself upwards; locks them. Raises NotFound."""
        found: list[OrganisationId] = []
        above: OrganisationId | None = organisation_id
        while above is not None:
            organisation = await self.organisations.get(above)
            found.append(organisation.id)
            above = organisation.parent_id
        return found
