"""What exchanges' use cases may ask for."""

from datetime import datetime
from typing import NamedTuple, Protocol
from uuid import UUID

from services.exchanges.domain.activity import Activity
from services.exchanges.domain.call import Call
from services.exchanges.domain.learning_agreement import LearningAgreement
from services.exchanges.domain.letter import Letter
from services.exchanges.domain.mobility import Mobility
from services.exchanges.domain.participant import Participant
from services.exchanges.domain.programme import Programme, Status
from shared.agreements.agreements import Agreements
from shared.contracts.person import Account
from shared.directory.organisations import Organisations
from shared.domain.actor import Actor
from shared.domain.reason import Cause
from shared.domain.refused import NotFound
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
        """Deletes account, links, sessions, letters that wait, and answers that are kept."""
        ...


class Letters(Protocol):
    """Mails to participants."""

    async def send(self, letter: Letter) -> None:
        """Sends it after this work commits, to the address that they then have; once for each id."""
        ...


class Work(UnitOfWork):
    """The unit of work of exchanges.

    Locks are taken in the order call, mobility, programme, learning agreement or activity, participant.
    """

    participants: Repository[Participant]
    programmes: Repository[Programme]
    calls: Repository[Call]
    mobilities: Repository[Mobility]
    learning_agreements: Repository[LearningAgreement]
    access: Access
    letters: Letters
    activities: Repository[Activity]
    areas: Areas
    agreements: Agreements
    initiatives: Initiatives
    organisations: Organisations

    async def require_own(self, participant_id: UUID, actor: Actor) -> None:
        """Raises NotFound for the participant of another institution, and ParticipantGone.

        Whoever could send somebody else's participant would show their record to the other side. An id of nobody who
        is registered, such as one of the directory, is nobody else's.
        """
        participant = await self.participants.find(participant_id)
        if participant and participant.home not in actor.lineage:
            raise NotFound(what="participant", id=participant_id)
        if participant:
            participant.require_present()

    async def erase(self, participant: Participant, actor: Actor) -> None:
        """Erases a participant's record, and with it every way to sign in; raises NotASide, NotInState."""
        participant.erase(actor)
        await self.access.forget(participant.id)

    async def studying(self, mobility_id: UUID) -> Mobility:
        """A mobility whose learning agreement can be drafted, signed or changed; raises NotFound, NotInState."""
        mobility = await self.mobilities.get(mobility_id)
        mobility.require_studying()
        return mobility

    async def nomination(self, mobility_id: UUID) -> tuple[Mobility, Call]:
        """A mobility and its call, whose lock is taken first; raises NotFound."""
        peeked, _ = await self.mobilities.peek(mobility_id)
        call = await self.calls.get(peeked.call_id)
        return await self.mobilities.get(mobility_id), call

    async def settle(self, call: Call) -> None:
        """Gives free places to whose turn it is, and those that a closed call does not need back to its programme."""
        for mobility_id, standing in call.reorder().items():
            (await self.mobilities.get(mobility_id)).move(standing)
        if unused := call.give_back():
            (await self.programmes.get(call.programme_id)).take_back(unused)

    async def end_nominations(self, call: Call) -> None:
        """Settles a call that has closed; if its programme is closed as well, what is undecided lapses."""
        programme = await self.programmes.get(call.programme_id)
        if programme.status is Status.CLOSED:
            await self.lapse_undecided(call, Cause.PROGRAMME_CLOSED)
        else:
            await self.settle(call)

    async def lapse_undecided(self, call: Call, cause: Cause) -> None:
        """Cancels the nominations of a call whose time for a decision is over, and settles it."""
        for mobility_id in call.undecided:
            (await self.mobilities.get(mobility_id)).lapse(cause)
            call.release(mobility_id)
        await self.settle(call)
