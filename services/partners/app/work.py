"""What the use cases of `partners` may ask for."""

from collections.abc import Sequence
from typing import Protocol

from services.partners.domain.agreement import Agreement
from services.partners.domain.organisation import Details, Organisation
from services.partners.domain.person import Person
from shared.contracts.person import Account
from shared.contracts.values import Identifier, OrganisationId, PersonId
from shared.domain.refused import Refused
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
    agreements: Repository[Agreement]
    identifiers: Identifiers
    accounts: Accounts

    async def active(self, organisation_id: OrganisationId) -> Organisation:
        """The organisation, locked; raises NotFound, and MergedInto or ClosedAlready if it is gone."""
        organisation = await self.organisations.get(organisation_id)
        organisation.require_active()
        return organisation

    async def named_by(self, details: Details) -> list[OrganisationId]:
        """The parent that `details` name and those that is part of; raises as `active` for all that they name."""
        for membership in sorted(details.memberships, key=lambda each: each.organisation_id):
            await self.active(membership.organisation_id)
        if details.parent_id is None:
            return []
        await self.active(details.parent_id)
        return await self.lineage(details.parent_id)

    async def lineage(self, organisation_id: OrganisationId) -> list[OrganisationId]:
        """The organisation and those it is part of, from itself upwards; locks them. Raises NotFound."""
        found: list[OrganisationId] = []
        above: OrganisationId | None = organisation_id
        while above is not None:
            organisation = await self.organisations.get(above)
            found.append(organisation.id)
            above = organisation.parent_id
        return found
