"""A programme: one cooperation condition for one academic year.

Where places are counted, so that each rule lies inside one aggregate: the programme counts the places that it has
promised to its calls, a call those that its nominations take.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any, Self
from uuid import UUID

from pydantic import computed_field

from shared.contracts.condition import AcademicYear, Condition
from shared.contracts.programme import (
    ProgrammeAgreementGiven,
    ProgrammeChanged,
    ProgrammeClosed,
    ProgrammeClosingAgreed,
    ProgrammeOpened,
    ProgrammeProposed,
    ProgrammeWithdrawn,
)
from shared.contracts.values import Code, Day, FieldOfStudy, OrganisationId, Text, instant
from shared.domain.academic_year import first_day, last_day, years
from shared.domain.actor import Actor
from shared.domain.aggregate import Awaits, Lifecycle
from shared.domain.consent import Consent
from shared.domain.reason import Cause, Reason, WithReason
from shared.domain.refused import Invalid, NotInState, Refused
from shared.domain.side import bound_side, side_of


class PlacesPromised(Refused):
    """The programme has {free} places left, and the call asks for {number}; ask for fewer, or close a call that does
    not need its places.

    A call that is closed gives its unused places back.
    """

    free: int
    number: int


class Status(StrEnum):
    """Where a programme stands."""

    PROPOSED = "proposed"
    OPEN = "open"
    CLOSED = "closed"
    WITHDRAWN = "withdrawn"


LIFECYCLE = Lifecycle(
    [
        (Status.PROPOSED, "agree", Status.PROPOSED, ProgrammeAgreementGiven),  # by one institution
        (Status.PROPOSED, "agree", Status.OPEN, ProgrammeOpened),  # by the other
        (Status.PROPOSED, "withdraw", Status.WITHDRAWN, ProgrammeWithdrawn),
        (Status.OPEN, "change", Status.OPEN, ProgrammeChanged),  # an amendment applied
        (Status.OPEN, "close", Status.OPEN, ProgrammeClosingAgreed),  # by one institution
        (Status.OPEN, "close", Status.CLOSED, ProgrammeClosed),  # by the other, or the year or the agreement is over
    ]
)


def _agree_to_close(it: Any, actor: Actor, now: datetime) -> None:
    if not it.closing.given:
        raise NotInState(what="closing", kind="programme", status=str(it.status), possible="asked for")
    it.close(actor, Reason(it.reason_code), now)


AWAITS: Awaits = {
    Status.PROPOSED: {"agree": lambda it, actor, now: it.agree(actor, now)},
    Status.OPEN: {"close": _agree_to_close},
}


@dataclass(kw_only=True)
class Programme(WithReason):
    """What two institutions agreed for a year, and how many of its places are promised to calls."""

    agreement_id: UUID
    initiative_id: UUID | None = None
    academic_year: AcademicYear
    area: Code
    title: Text
    sending: OrganisationId
    receiving: OrganisationId
    condition: Condition
    by_agreement: bool
    """Whether the condition is one of the agreement's, so that it changes with that; else it was proposed."""
    time_zone: str
    """The zone in which its year ends."""
    agreed: Consent
    closing: Consent
    """Who wants to close it before its year is over."""
    promised: int = 0
    """The places that its calls have."""
    status: Status

    lifecycle = LIFECYCLE
    awaits = AWAITS
    keeps_versions = True

    @classmethod
    def proposed(
        cls, id: UUID, condition: Condition, year: str, agreement_id: UUID, time_zone: str, initiative_id: UUID | None,
        actor: Actor, at: datetime,
    ) -> Self:  # fmt: skip
        """A programme that no agreement's conditions name; somebody of an institution itself agrees by proposing it.

        Raises NotASide, and Invalid for a year that the condition does not have.
        """
        programme = cls._of(id, condition, year, agreement_id, time_zone, Status.PROPOSED, initiative_id=initiative_id)
        if not condition.first_year <= year <= condition.last_year:
            raise Invalid(reason="`academic_year` lies outside the years of the condition")
        side = side_of(actor, programme.sides, "programme")
        if side == actor.organisation:
            programme.agreed = programme.agreed.give("agreement", side, actor, at)
        programme.record(ProgrammeProposed, by=actor, party=side)
        return programme

    @classmethod
    def of_agreement(cls, id: UUID, condition: Condition, year: str, agreement_id: UUID, time_zone: str) -> Self:
        """A programme that an agreement in force promises: both institutions have signed its condition."""
        programme = cls._of(id, condition, year, agreement_id, time_zone, Status.OPEN, by_agreement=True)
        programme.record(ProgrammeOpened)
        return programme

    @classmethod
    def _of(
        cls, id: UUID, condition: Condition, year: str, agreement_id: UUID, time_zone: str, status: Status,
        *, initiative_id: UUID | None = None, by_agreement: bool = False,
    ) -> Self:  # fmt: skip
        consent = Consent(sides=[condition.sending, condition.receiving])
        return cls(
            id=id, agreement_id=agreement_id, initiative_id=initiative_id, academic_year=year, area=condition.area,
            title=condition.title, sending=condition.sending, receiving=condition.receiving, condition=condition,
            by_agreement=by_agreement, time_zone=time_zone, agreed=consent, closing=consent, status=status,
        )  # fmt: skip

    def agree(self, actor: Actor, at: datetime) -> None:
        """One institution agrees to the proposal; the other one's agreement opens it.

        Raises NotASide, OfficeOfAPart, NotInState, AgreedAlready, SamePerson.
        """
        side = bound_side(actor, self.sides, "programme")
        self.require("agree")
        self.agreed = self.agreed.give("agreement", side, actor, at)
        to = Status.OPEN if self.agreed.complete else Status.PROPOSED
        self.advance("agree", to=to, by=actor, party=side)

    def withdraw(self, actor: Actor, why: Reason) -> None:
        """One institution withdraws or declines the proposal; raises NotASide, OfficeOfAPart, NotInState."""
        side = bound_side(actor, self.sides, "programme")
        self.advance("withdraw", to=Status.WITHDRAWN, by=actor, party=side, why=why)

    def close(self, actor: Actor, why: Reason, at: datetime) -> None:
        """One institution wants to close it before its year is over; when the other wants it too, it is closed.

        Raises NotASide, OfficeOfAPart, NotInState, AgreedAlready, SamePerson.
        """
        side = bound_side(actor, self.sides, "programme")
        self.require("close")
        self.closing = self.closing.give("agreement to close", side, actor, at)
        to = Status.CLOSED if self.closing.complete else Status.OPEN
        self.advance("close", to=to, by=actor, party=side, why=why)

    def end(self, cause: Cause) -> None:
        """It is over because of a date or of its agreement; a proposal is withdrawn."""
        if self.status is Status.PROPOSED:
            self.advance("withdraw", to=Status.WITHDRAWN, why=Reason(cause))
        elif self.status is Status.OPEN:
            self.advance("close", to=Status.CLOSED, why=Reason(cause))

    def follow(self, condition: Condition | None, today: date) -> None:
        """The agreement was amended: takes its changed condition, or ends without one, if that is in time."""
        if self.status is not Status.OPEN or condition == self.condition or today > change_ends_on(self.academic_year):
            return
        if condition is None or (condition.sending, condition.receiving) != (self.sending, self.receiving):
            self.end(Cause.AGREEMENT_CHANGED)
            return
        self.condition, self.title, self.area = condition, condition.title, condition.area
        self.advance("change", to=Status.OPEN)

    def promise(self, places: int) -> None:
        """Promises places to a call; raises NotInState unless open, PlacesPromised when fewer are left."""
        self.require_open("opening a call")
        if places > self.places_left:
            raise PlacesPromised(free=self.places_left, number=places)
        self.promised += places

    def take_back(self, places: int) -> None:
        """Takes back places that a closed call no longer needs, so that another call can have them."""
        self.promised -= places

    def require_open(self, what: str) -> None:
        """Raises NotInState unless the programme is open."""
        if self.status is not Status.OPEN:
            raise NotInState(what=what, kind="programme", status=str(self.status), possible=str(Status.OPEN))

    def require_within(self, closes_on: Day) -> None:
        """Raises Invalid for a call that would take nominations when the year is over."""
        if closes_on > (last := last_day(self.academic_year)):
            raise Invalid(reason=f"a call closes on or before the last day of its academic year, {last}")

    def due(self) -> Mapping[str, datetime]:
        """An open one closes when its academic year is over."""
        if self.status is not Status.OPEN:
            return {}
        return {"year-over": instant(last_day(self.academic_year) + timedelta(days=1), self.time_zone)}

    @property
    def heading(self) -> dict[str, Any]:
        """What its calls and mobilities keep of it: the fields of `WithinProgramme`."""
        return {
            "programme_id": self.id,
            "programme_title": self.title,
            "agreement_id": self.agreement_id,
            "academic_year": self.academic_year,
            "area": self.area,
            "kind": self.condition.kind,
            "field_of_study": self.condition.field_of_study,
            "sending": self.sending,
            "receiving": self.receiving,
        }

    @computed_field
    @property
    def kind(self) -> Code:
        """The kind of its condition."""
        return self.condition.kind

    @computed_field
    @property
    def field_of_study(self) -> FieldOfStudy:
        """The subject area of its condition."""
        return self.condition.field_of_study

    @computed_field
    @property
    def places_left(self) -> int:
        """The places that no call has. A condition that was lowered takes nothing back from the calls there are."""
        return max(0, self.condition.mobilities_per_year - self.promised)

    @computed_field
    @property
    def sides(self) -> list[OrganisationId]:
        """Who sees it: its two institutions."""
        return [self.sending, self.receiving]


def change_ends_on(year: str) -> date:
    """The last day on which a condition can be changed for an academic year: the end of January before it."""
    return date(first_day(year).year, 1, 31)


def years_of(condition: Condition, today: date, ends_on: date | None) -> list[str]:
    """The years of a condition that are not over, and begin before the agreement ends."""
    return [
        year for year in years(condition.first_year, condition.last_year)
        if last_day(year) >= today and (ends_on is None or first_day(year) <= ends_on)
    ]  # fmt: skip
