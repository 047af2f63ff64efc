"""What commercialisation's use cases may ask for."""

from services.commercialisation.domain.deal import Deal
from services.commercialisation.domain.match import Match
from services.commercialisation.domain.need import Need
from services.commercialisation.domain.offer import Offer
from shared.agreements.agreements import Agreements
from shared.directory.organisations import Organisations
from shared.initiatives.initiatives import Initiatives
from shared.service.work import Repository, UnitOfWork


class Work(UnitOfWork):
    """The unit of work of commercialisation. Locks are taken in the order deal, offer, need, match."""

    offers: Repository[Offer]
    needs: Repository[Need]
    matches: Repository[Match]
    deals: Repository[Deal]
    agreements: Agreements
    initiatives: Initiatives
    organisations: Organisations
