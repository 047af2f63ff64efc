"""A call: the days on which the sending institution nominates, and which nominations have one of its places.

Places go by rank. Of the nominations that are not decided, those with the best ranks are pending as far as there are
places, and the others wait.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Self
from uuid import UUID

from pydantic import BaseModel, ConfigDict, computed_field

from services.exchanges.domain.mobility_lifecycle import UNDECIDED
from services.exchanges.domain.mobility_lifecycle import Status as Standing
from services.exchanges.domain.within_programme import WithinProgramme
from shared.contracts.call import CallClosed, CallOpened
from shared.contracts.values import Day, Zone, instant
from shared.domain.actor import Actor
from shared.domain.aggregate import Lifecycle
from shared.domain.reason import Cause, Reason
from shared.domain.refused import Invalid, Refused
from shared.domain.side import side_of


class CallNotOpen(Refused):
    """The call takes nominations from {opens_on} to the end of {closes_on} ({time_zone}) and is {state}; nominate in a
    call that is open.

    `GET /calls?status=open` lists the open calls.
    """

    opens_on: date
    closes_on: date


class ParticipantNominated(Refused):
    """This person is nominated in this call already (mobility {mobility_id}); correct that nomination, or cancel it
    first."""

    mobility_id: UUID


class RankTaken(Refused):
    """Another nomination of this call has rank {rank} (mobility {mobility_id}); give another rank, or none for the next
    one."""

    rank: int
    mobility_id: UUID


class Status(StrEnum):
    """Where a call stands."""

    OPEN = "open"
    CLOSED = "closed"


class Nomination(BaseModel):
    """A nomination that may need a place: waiting, pending, rejected but open to correction, or approved."""

    model_config = ConfigDict(frozen=True)

    participant_id: UUID
    rank: int
    standing: Standing


@dataclass(kw_only=True)
class Call(WithinProgramme):
    """Its days, its places, and who needs them: never more nominations are pending or approved than it has places."""

    places: int
    opens_on: Day
    closes_on: Day
    time_zone: Zone
    nominations: dict[UUID, Nomination] = field(default_factory=dict[UUID, Nomination])
    """By mobility."""
    status: Status = Status.OPEN

    keeps_versions = True
    lifecycle = Lifecycle([(Status.OPEN, "close", Status.CLOSED, CallClosed)])

    def opened(self, actor: Actor, now: datetime) -> Self:
        """Records that `actor` opened it for the sending institution; raises NotASide, Invalid."""
        party = self._sender(actor)
        if self.closes_on < self.opens_on or self.closes_at <= now:
            raise Invalid(reason="a call closes on or after the day on which it opens, and not in the past")
        self.record(CallOpened, by=actor, party=party)
        return self

    def close(self, actor: Actor, why: Reason) -> None:
        """The sending institution closes it before its last day; raises NotASide, NotInState."""
        self.advance("close", to=Status.CLOSED, by=actor, party=self._sender(actor), why=why)

    def end(self, cause: Cause) -> None:
        """It closes because its last day or its programme is over."""
        self.advance("close", to=Status.CLOSED, why=Reason(cause))

    def nominate(self, mobility_id: UUID, participant_id: UUID, rank: int | None, now: datetime) -> Nomination:
        """Notes a nomination; without a rank it comes last. Raises CallNotOpen, ParticipantNominated, RankTaken."""
        self._require_open(now)
        for other, one in self.nominations.items():
            if one.participant_id == participant_id:
                raise ParticipantNominated(mobility_id=other)
            if one.rank == rank:
                raise RankTaken(rank=rank, mobility_id=other)
        last = max((one.rank for one in self.nominations.values()), default=0)
        noted = Nomination(participant_id=participant_id, rank=rank or last + 1, standing=Standing.WAITING)
        self.nominations[mobility_id] = noted
        self._stand(mobility_id, self._by_rank()[mobility_id])
        return self.nominations[mobility_id]

    def correct(self, mobility_id: UUID) -> Standing:
        """A rejected nomination is undecided again: pending, if there is a place for its rank."""
        self._stand(mobility_id, Standing.WAITING)
        self._stand(mobility_id, self._by_rank()[mobility_id])
        return self.nominations[mobility_id].standing

    def approve(self, mobility_id: UUID) -> None:
        """A pending nomination takes its place."""
        self._stand(mobility_id, Standing.APPROVED)

    def reject(self, mobility_id: UUID) -> None:
        """A pending nomination has no place until it is corrected."""
        self._stand(mobility_id, Standing.REJECTED)

    def release(self, mobility_id: UUID) -> None:
        """Forgets a mobility that is cancelled."""
        del self.nominations[mobility_id]

    def reorder(self) -> dict[UUID, Standing]:
        """Gives the places by rank to what is undecided. Returns whose turn has come, and who must wait again."""
        moves = {id: to for id, to in self._by_rank().items() if to is not self.nominations[id].standing}
        for id, to in moves.items():
            self._stand(id, to)
        return moves

    def give_back(self) -> int:
        """The places of a closed call that none of its nominations needs, which are then the programme's again."""
        if self.status is Status.OPEN:
            return 0
        unused = max(0, self.places - len(self.nominations))
        self.places -= unused
        return unused

    @property
    def undecided(self) -> list[UUID]:
        """The mobilities that wait or are pending, and those rejected that may still be corrected."""
        return [id for id, one in self.nominations.items() if one.standing is not Standing.APPROVED]

    def begun(self, now: datetime) -> bool:
        """Whether its first day has come."""
        return now >= instant(self.opens_on, self.time_zone)

    def due(self) -> Mapping[str, datetime]:
        """An open call closes at the first moment after its last day."""
        return {"deadline": self.closes_at} if self.status is Status.OPEN else {}

    @computed_field
    @property
    def places_left(self) -> int:
        """The places that no approved mobility has."""
        return self.places - self._approved

    @property
    def _approved(self) -> int:
        return sum(one.standing is Standing.APPROVED for one in self.nominations.values())

    @property
    def closes_at(self) -> datetime:
        """The first moment after its last day."""
        return instant(self.closes_on + timedelta(days=1), self.time_zone)

    def _by_rank(self) -> dict[UUID, Standing]:
        """Where each undecided nomination should stand."""
        undecided = [id for id, one in self.nominations.items() if one.standing in UNDECIDED]
        undecided.sort(key=lambda id: self.nominations[id].rank)
        free = self.places - self._approved
        return {id: Standing.PENDING if n < free else Standing.WAITING for n, id in enumerate(undecided)}

    def _stand(self, mobility_id: UUID, standing: Standing) -> None:
        self.nominations[mobility_id] = self.nominations[mobility_id].model_copy(update={"standing": standing})

    def _require_open(self, now: datetime) -> None:
        if not self.begun(now):
            state = "not open yet"
        elif self.status is Status.CLOSED or now >= self.closes_at:
            state = "closed"
        else:
            return
        raise CallNotOpen(
            opens_on=str(self.opens_on), closes_on=str(self.closes_on), time_zone=self.time_zone, state=state
        )

    def _sender(self, actor: Actor) -> UUID:
        return side_of(actor, [self.sending], "programme as its sending institution")
