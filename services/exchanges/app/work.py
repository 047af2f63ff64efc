"""What exchanges' use cases may ask for."""

from typing import Protocol
from uuid import UUID

from services.exchanges.domain.activity import Activity
from services.exchanges.domain.activity_status import Status as ActivityStatus
from services.exchanges.domain.call import Call
from services.exchanges.domain.exchange import Exchange
from services.exchanges.domain.programme import Programme
from shared.agreements.agreements import Agreements
from shared.contracts.values import Text
from shared.directory.organisations import Organisations
from shared.initiatives.initiatives import Initiatives
from shared.service.areas import Areas
from shared.service.work import Repository, UnitOfWork


class Names(Protocol):
    """The names of those who take part in activities, apart from the documents that all sides read."""

    async def keep(self, activity_id: UUID, participant_id: UUID, name: Text | None) -> None:
        """Keeps a name, if it is given."""
        ...

    async def forget(self, activity_id: UUID, participant_id: UUID | None = None) -> None:
        """Forgets the name of one person, or all names of an activity."""
        ...


class Work(UnitOfWork):
    """The unit of work of exchanges. Locks are taken in the order exchange, call, programme."""

    programmes: Repository[Programme]
    calls: Repository[Call]
    exchanges: Repository[Exchange]
    activities: Repository[Activity]
    names: Names
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

    async def forget_names_of(self, activity: Activity) -> None:
        """Forgets the names of those who took part in an activity that is closed or cancelled."""
        if activity.status in (ActivityStatus.CLOSED, ActivityStatus.CANCELLED):
            await self.names.forget(activity.id)
