"""What commercialisation's use cases may ask for."""

from typing import Protocol
from uuid import UUID

from services.commercialisation.domain.deal import Deal
from services.commercialisation.domain.framework import Framework, Organisation
from services.commercialisation.domain.match import Match
from services.commercialisation.domain.need import Need
from services.commercialisation.domain.offer import Offer
from shared.contracts.values import OrganisationId
from shared.messaging.work import Repository, UnitOfWork


class Frameworks(Protocol):
    """The copy of agreements."""

    async def get(self, agreement_id: UUID) -> Framework:
        """The agreement as last heard of; raises AgreementUnknown."""
        ...


class Directory(Protocol):
    """The copy of organisations."""

    async def organisation(self, id: OrganisationId) -> Organisation:
        """The organisation with what it lies within; raises OrganisationUnknown."""
        ...


class Work(UnitOfWork):
    """The unit of work of commercialisation. Locks are taken in the order deal, offer, need, match."""

    offers: Repository[Offer]
    needs: Repository[Need]
    matches: Repository[Match]
    deals: Repository[Deal]
    frameworks: Frameworks
    directory: Directory
