"""A programme: institutions, an area, and places for each direction, under an agreement in force.

Where places are counted, so that each rule lies inside one aggregate: the programme counts the places that it has
promised to its calls, a call the places that its approved exchanges have taken.
"""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Self
from uuid import UUID

from pydantic import computed_field

from services.exchanges.domain.authority import party_of
from services.exchanges.domain.kinds import ProgrammeKind
from services.exchanges.domain.places import Count, counted, listed
from shared.contracts.programme import Places, ProgrammeClosed, ProgrammeOpened
from shared.contracts.values import Code, Day, OrganisationId, Text
from shared.domain.actor import Actor
from shared.domain.aggregate import Lifecycle
from shared.domain.reason import Reason, WithReason
from shared.domain.refused import Invalid, NotInState, Refused


class PlacesPromised(Refused):
    """The programme has {free} places left from {sending} to {receiving}, and the call asks for {number}; ask for
    fewer, or close a call that does not need its places.

    A call that is closed gives its unused places back.
    """

    free: int
    number: int
    sending: UUID
    receiving: UUID


class Status(StrEnum):
    """Where a programme stands."""

    OPEN = "open"
    CLOSED = "closed"


@dataclass(kw_only=True)
class Programme(WithReason):
    """Its institutions, its places, and which of these it has `promised` to calls."""

    programme_kind: Code
    title: Text
    area: Code
    agreement_id: UUID
    initiative_id: UUID | None = None
    institutions: list[OrganisationId]
    places: list[Places]
    starts_on: Day
    ends_on: Day
    status: Status = Status.OPEN
    promised: list[Places] = field(default_factory=list[Places])

    keeps_versions = True
    lifecycle = Lifecycle([(Status.OPEN, "close", Status.CLOSED, ProgrammeClosed)])

    def opened(self, actor: Actor) -> Self:
        """Records that `actor` opened it; raises Invalid, NotASide or NotAllowed."""
        party = self._party(actor)
        self._check_dates()
        self._check_institutions()
        self._check_places()
        self.record(ProgrammeOpened, by=actor, party=party)
        return self

    def close(self, actor: Actor, why: Reason) -> None:
        """One of its institutions closes it; raises NotASide, NotAllowed, NotInState."""
        party = self._party(actor)
        self.advance("close", to=Status.CLOSED, by=actor, party=party, why=why)

    def end(self, why: Reason) -> None:
        """Closes it because its agreement is over."""
        self.advance("close", to=Status.CLOSED, why=why)

    def promise(self, places: list[Places]) -> None:
        """Promises `places` to a call; raises PlacesPromised when fewer are left, NotInState if closed."""
        self.require_open("opening a call")
        total, promised = counted(self.places), counted(self.promised)
        for direction, number in (asked := counted(places)).items():
            if number > (free := total[direction] - promised[direction]):
                raise PlacesPromised(free=free, number=number, **direction.model_dump())
        self.promised = listed(promised + asked)

    def require_within(self, closes_on: Day) -> None:
        """Raises Invalid for a call that would take nominations when the programme is over."""
        if closes_on > self.ends_on:
            raise Invalid(reason=f"a call closes on or before the last day of its programme, {self.ends_on}")

    def take_back(self, places: Count) -> None:
        """Takes back places that a closed call no longer needs, so that another call can have them."""
        self.promised = listed(counted(self.promised) - places)

    def require_open(self, what: str) -> None:
        """Raises NotInState unless the programme is open."""
        if self.status is not Status.OPEN:
            raise NotInState(what=what, kind="programme", status=str(self.status), possible=str(Status.OPEN))

    @property
    def heading(self) -> dict[str, Any]:
        """What its calls and exchanges keep of it: the fields of `WithinProgramme`."""
        return {
            "programme_id": self.id,
            "programme_kind": self.programme_kind,
            "programme_title": self.title,
            "area": self.area,
            "agreement_id": self.agreement_id,
            "institutions": self.institutions,
        }

    @computed_field
    @property
    def sides(self) -> list[OrganisationId]:
        """Who sees it: its institutions."""
        return self.institutions

    def _party(self, actor: Actor) -> OrganisationId:
        return party_of(actor, self.programme_kind, self.institutions, "programme")

    def _check_dates(self) -> None:
        if self.ends_on < self.starts_on:
            raise Invalid(reason="a programme ends on or after the day on which it starts")

    def _check_institutions(self) -> None:
        number = len(set(self.institutions))
        if number != len(self.institutions) or number < 2:
            raise Invalid(reason="a programme has two or more different institutions")
        if self.programme_kind == ProgrammeKind.STUDENT_EXCHANGE and number != 2:
            raise Invalid(reason="a student exchange has exactly two institutions, its two sides")

    def _check_places(self) -> None:
        directions = list(counted(self.places))
        if len(directions) != len(self.places) or not directions:
            raise Invalid(reason="give the places of each direction once, and of at least one direction")
        if any(d.sending == d.receiving or not {d.sending, d.receiving} <= set(self.institutions) for d in directions):
            raise Invalid(reason="places lead from one institution of the programme to another")
        if self.programme_kind == ProgrammeKind.STUDENT_EXCHANGE and len(directions) != 2:
            raise Invalid(reason="a student exchange gives places in both directions; 0 is allowed")
