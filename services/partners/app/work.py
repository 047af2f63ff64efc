"""What the use cases of `partners` may ask for."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Protocol
from uuid import UUID

from services.partners.domain.agreement import Agreement
from services.partners.domain.amendment import Amendment
from services.partners.domain.annex import require_conditions, require_within
from services.partners.domain.initiative import Initiative
from services.partners.domain.organisation import Organisation
from services.partners.domain.organisation_details import Details
from services.partners.domain.person import Person
from services.partners.domain.terms import Terms
from shared.agreements.agreement import AgreementCopy
from shared.contracts.person import Account
from shared.contracts.values import Code, Identifier, OrganisationId, PersonId
from shared.directory.organisations import Organisation as Known
from shared.domain.reason import Cause
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

    async def has_people(self, organisation_id: OrganisationId, at: datetime) -> bool:
        """Whether anybody holds, or is offered, an office in the organisation itself that has not ended by then."""
        ...


class Work(UnitOfWork):
    """The unit of work of `partners`."""

    organisations: Repository[Organisation]
    people: Repository[Person]
    areas: Areas
    agreements: Repository[Agreement]
    amendments: Repository[Amendment]
    initiatives: Repository[Initiative]
    identifiers: Identifiers
    accounts: Accounts

    async def active(self, organisation_id: OrganisationId) -> Organisation:
        """The organisation, locked; raises NotFound, and OrganisationReplaced or
        OrganisationGone if it is gone."""
        organisation = await self.organisations.get(organisation_id)
        organisation.require_active()
        return organisation

    async def named_by(self, details: Details, of: Organisation | None = None) -> list[OrganisationId]:
        """The parent that `details` name and those that is part of.

        Raises as `active` for all that they name. Past memberships of `of` in merged or closed ones may stay.
        """
        kept = {each.organisation_id for each in of.memberships} if of else set[OrganisationId]()
        for organisation_id in sorted({each.organisation_id for each in details.memberships} - kept):
            await self.active(organisation_id)
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

    async def require_sound(self, terms: Terms) -> None:
        """Checks what terms name: areas, organisations and the parent agreement.

        Raises AreaUnknown, and what `active`, `require_within` and `require_conditions` raise.
        """
        self.areas.require(terms.areas)
        lineages: dict[OrganisationId, list[OrganisationId]] = {}
        for side in sorted([*terms.signatories, *terms.participants]):  # in one order: two drafts never deadlock
            await self.active(side)
        if terms.parent_agreement_id:
            parent = await self.agreements.get(terms.parent_agreement_id)
            for side in [*terms.signatories, *terms.participants]:
                lineages[side] = await self.lineage(side)
            require_within(parent, terms, lineages)
        named = {one for each in terms.conditions for one in each.organisations}
        for one in sorted(named):
            await self.active(one)
            lineages[one] = await self.lineage(one)
        require_conditions(terms, lineages)

    async def end_what_hangs_on(self, agreement: Agreement) -> None:
        """Ends the annexes and open amendments of an agreement that is over; does nothing for another."""
        if not agreement.over:
            return
        for annex in await self.agreements.where(parent_agreement_id=agreement.id):
            annex.end_with_parent()
            await self.end_what_hangs_on(annex)
        for amendment in await self.amendments.where(agreement_id=agreement.id):
            amendment.lapse(Cause.AGREEMENT_ENDED)

    async def admit(self, agreement_id: UUID, area: Code, organisations: Iterable[OrganisationId]) -> None:
        """Raises the refusal that fits unless these may begin something in `area` under the agreement now.

        The same rule as that of other services, which know agreements by their copies. Locks all that it reads.
        """
        agreement = await self.agreements.get(agreement_id)
        known = [await self._known(one) for one in sorted(organisations)]
        AgreementCopy(
            agreement_id=agreement.id, status=str(agreement.status), areas=frozenset(agreement.areas),
            signatories=frozenset(agreement.signatories), participants=frozenset(agreement.participants),
        ).admit(area, known)  # fmt: skip

    async def _known(self, organisation_id: OrganisationId) -> Known:
        organisation = await self.active(organisation_id)
        above = await self.lineage(organisation_id)
        return Known(organisation.id, organisation.name, frozenset(above[1:]))
