"""A call: the days on which nominations are taken, and the programme's places that it may give."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Self
from uuid import UUID

from pydantic import BaseModel, ConfigDict, computed_field

from services.exchanges.domain.authority import party_of
from services.exchanges.domain.places import Count, counted, listed
from services.exchanges.domain.within_programme import WithinProgramme
from shared.contracts.call import CallClosed, CallOpened
from shared.contracts.programme import Direction, Places
from shared.contracts.values import Day, OrganisationId, PersonId, Zone, instant
from shared.domain.actor import Actor
from shared.domain.aggregate import Lifecycle
from shared.domain.reason import Reason, WithReason
from shared.domain.refused import Invalid, Refused


class CallNotOpen(Refused):
    """The call takes nominations from {opens_on} to the end of {closes_on} ({time_zone}) and is {state}; nominate in a
    call that is open.

    `GET /calls?status=open` lists the open calls.
    """

    opens_on: date
    closes_on: date


class DirectionNotInCall(Refused):
    """The call has no places from {sending} to {receiving}; nominate in a direction that has places, or open a call for
    this one.

    Check first which institution sends and which receives.
    """

    sending: UUID
    receiving: UUID


class NomineeNominated(Refused):
    """This person is nominated in this call already (exchange {exchange_id}); withdraw that nomination first."""

    exchange_id: UUID


class NoPlacesLeft(Refused):
    """No place is left of the {places} that the call has in this direction; withdraw an approved exchange, or decline
    this nomination and open a call with more places."""

    places: int


class Status(StrEnum):
    """Where a call stands."""

    OPEN = "open"
    CLOSED = "closed"


class Standing(BaseModel):
    """A nomination that is neither declined nor withdrawn; `placed` once both sides approved it."""

    model_config = ConfigDict(frozen=True)

    nominee: PersonId
    direction: Direction
    placed: bool = False


@dataclass(kw_only=True)
class Call(WithinProgramme, WithReason):
    """Counts what its standing nominations need: `places` are never fewer than those that approved exchanges have."""

    places: list[Places]
    opens_on: Day
    closes_on: Day
    time_zone: Zone
    status: Status = Status.OPEN
    standing: dict[UUID, Standing] = field(default_factory=dict[UUID, Standing])
    """By exchange."""

    keeps_versions = True
    lifecycle = Lifecycle([(Status.OPEN, "close", Status.CLOSED, CallClosed)])

    def opened(self, actor: Actor, now: datetime) -> Self:
        """Records that `actor` opened it; raises Invalid if its fields are inconsistent, NotAllowed, NotASide."""
        party = party_of(actor, self.programme_kind, self.institutions, "programme")
        if self.closes_on < self.opens_on or self.closes_at <= now:
            raise Invalid(reason="a call closes on or after the day on which it opens, and not in the past")
        if len(counted(self.places)) != len(self.places) or not any(p.number for p in self.places):
            raise Invalid(reason="give the places of each direction once, and at least one place")
        self.record(CallOpened, by=actor, party=party)
        return self

    def close(self, actor: Actor, why: Reason) -> Count:
        """One of its institutions closes it. Returns what the programme has back; raises NotAllowed, NotASide,
        NotInState."""
        party = party_of(actor, self.programme_kind, self.institutions, "programme")
        self.require("close")
        surplus = self._surplus()
        self.advance("close", to=Status.CLOSED, by=actor, party=party, why=why)
        return surplus

    def end(self, why: Reason) -> Count:
        """It closes because its last day or its programme is over. Returns what the programme has back."""
        self.require("close")
        surplus = self._surplus()
        self.advance("close", to=Status.CLOSED, why=why)
        return surplus

    def nominate(self, exchange_id: UUID, nominee: PersonId, direction: Direction, now: datetime) -> None:
        """Notes a nomination; raises CallNotOpen, DirectionNotInCall, NomineeNominated."""
        self._require_open(now)
        if not counted(self.places)[direction]:
            raise DirectionNotInCall(**direction.model_dump())
        for other, standing in self.standing.items():
            if standing.nominee == nominee:
                raise NomineeNominated(exchange_id=other)
        self.standing[exchange_id] = Standing(nominee=nominee, direction=direction)

    def place(self, exchange_id: UUID) -> None:
        """Gives an approved exchange its place, also after closing; raises NoPlacesLeft."""
        standing = self.standing[exchange_id]
        places = counted(self.places)[standing.direction]
        if self.taken[standing.direction] >= places:
            raise NoPlacesLeft(places=places)
        self.standing[exchange_id] = standing.model_copy(update={"placed": True})

    def release(self, exchange_id: UUID) -> Count:
        """Forgets an exchange that was declined or withdrawn. Returns what the programme has back: none while open."""
        del self.standing[exchange_id]
        return self._surplus() if self.status is Status.CLOSED else Counter()

    def due(self) -> Mapping[str, datetime]:
        """An open call closes at the first moment after its last day."""
        return {"deadline": self.closes_at} if self.status is Status.OPEN else {}

    @property
    def taken(self) -> Count:
        """The places that approved exchanges have."""
        return Counter(s.direction for s in self.standing.values() if s.placed)

    @property
    def closes_at(self) -> datetime:
        """The first moment after its last day."""
        return instant(self.closes_on + timedelta(days=1), self.time_zone)

    @computed_field
    @property
    def sides(self) -> list[OrganisationId]:
        """Who sees it: the institutions of its programme."""
        return self.institutions

    def _require_open(self, now: datetime) -> None:
        if now < instant(self.opens_on, self.time_zone):
            state = "not open yet"
        elif self.status is Status.CLOSED or now >= self.closes_at:
            state = "closed"
        else:
            return
        raise CallNotOpen(
            opens_on=str(self.opens_on), closes_on=str(self.closes_on), time_zone=self.time_zone, state=state
        )

    def _surplus(self) -> Count:
        # A closed call keeps what its standing nominations may still take, so that each can be approved.
        places, needed = counted(self.places), Counter(s.direction for s in self.standing.values())
        surplus = places - needed
        self.places = listed(places - surplus)
        return surplus
