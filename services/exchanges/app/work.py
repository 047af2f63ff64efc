"""What exchanges' use cases may ask for."""

from uuid import UUID

from services.exchanges.domain.call import Call
from services.exchanges.domain.mobility import Mobility
from services.exchanges.domain.programme import Programme
from shared.agreements.agreements import Agreements
from shared.directory.organisations import Organisations
from shared.initiatives.initiatives import Initiatives
from shared.service.areas import Areas
from shared.service.work import Repository, UnitOfWork


class Work(UnitOfWork):
    """The unit of work of exchanges. Locks are taken in the order call, mobility, programme."""

    programmes: Repository[Programme]
    calls: Repository[Call]
    mobilities: Repository[Mobility]
    areas: Areas
    agreements: Agreements
    initiatives: Initiatives
    organisations: Organisations
