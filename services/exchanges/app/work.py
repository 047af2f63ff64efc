"""What exchanges' use cases may ask for."""

from services.exchanges.domain.call import Call
from services.exchanges.domain.exchange import Exchange
from services.exchanges.domain.programme import Programme
from shared.agreements.agreements import Agreements
from shared.directory.organisations import Organisations
from shared.initiatives.initiatives import Initiatives
from shared.service.areas import Areas
from shared.service.work import Repository, UnitOfWork


class Work(UnitOfWork):
    """The unit of work of exchanges. Locks are taken in the order exchange, call, programme."""

    programmes: Repository[Programme]
    calls: Repository[Call]
    exchanges: Repository[Exchange]
    areas: Areas
    agreements: Agreements
    initiatives: Initiatives
    organisations: Organisations

    async def release_place(self, exchange: Exchange) -> None:
        """Gives the place that `exchange` had or waited for back to its call, or from a closed one to its programme."""
        call = await self.calls.get(exchange.call_id)
        if surplus := call.release(exchange.id):
            programme = await self.programmes.get(call.programme_id)
            programme.take_back(surplus)
