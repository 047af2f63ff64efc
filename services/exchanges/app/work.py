"""What exchanges' use cases may ask for."""

from datetime import datetime
from typing import NamedTuple, Protocol
from uuid import UUID

from services.exchanges.domain.call import Call
from services.exchanges.domain.exchange import Exchange
from services.exchanges.domain.letter import Letter
from services.exchanges.domain.participant import Participant
from services.exchanges.domain.programme import Programme
from shared.agreements.agreements import Agreements
from shared.contracts.person import Account
from shared.directory.organisations import Organisations
from shared.domain.actor import Actor
from shared.initiatives.initiatives import Initiatives
from shared.service.areas import Areas
from shared.service.work import Repository, UnitOfWork


class Given(NamedTuple):
    """A session that was given to a participant."""

    participant_id: UUID
    token: str
    expires_at: datetime


class Access(Protocol):
    """How participants sign in. Secrets are stored as digests only."""

    async def redeem(self, code: str) -> Given | None:
        """A session for the code of a one-time link, which then works no more; None if it does not work."""
        ...

    async def claim(self, participant_id: UUID, account: Account) -> bool:
        """Makes it the participant's account, in place of an earlier one; False if it is another's."""
        ...

    async def forget(self, participant_id: UUID) -> None:
        """Deletes account, links, sessions, letters that wait, answers that are kept and names in nominations."""
        ...


class Letters(Protocol):
    """Mails to participants."""

    async def send(self, letter: Letter) -> None:
        """Sends it after this work commits, to the address that they then have; once for each id."""
        ...


class Work(UnitOfWork):
    """The unit of work of exchanges. Locks are taken in the order exchange, call, programme, participant."""

    participants: Repository[Participant]
    programmes: Repository[Programme]
    calls: Repository[Call]
    exchanges: Repository[Exchange]
    access: Access
    letters: Letters
    areas: Areas
    agreements: Agreements
    initiatives: Initiatives
    organisations: Organisations

    async def erase(self, participant: Participant, actor: Actor) -> None:
        """Erases a participant's record, and with it every way to sign in; raises NotASide, NotInState."""
        participant.erase(actor)
        await self.access.forget(participant.id)

    async def release_place(self, exchange: Exchange) -> None:
        """Gives the place that `exchange` had or waited for back to its call, or from a closed one to its programme."""
        call = await self.calls.get(exchange.call_id)
        if surplus := call.release(exchange.id):
            programme = await self.programmes.get(call.programme_id)
            programme.take_back(surplus)
