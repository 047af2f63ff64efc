"""Who came to the items of an activity, what that adds up to, and the certificates that it earns."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict, Field

from services.exchanges.domain.activity_kinds import Part, require_part, rules_of
from services.exchanges.domain.activity_people import WithPeople
from services.exchanges.domain.activity_plan import days_of
from services.exchanges.domain.activity_status import Status
from shared.contracts.activity import Item
from shared.contracts.values import instant
from shared.domain.actor import Actor
from shared.domain.refused import Invalid, NotFound, Refused


class NotStarted(Refused):
    """This item starts at {starts_at}; record who came once it has started."""

    starts_at: datetime


class NotAdmitted(Refused):
    """{number} of these people are not admitted to the activity; name only those who are."""

    number: int


class NotOver(Refused):
    """The last day of the activity is {ends_on}; declare it held on that day or later."""

    ends_on: date


class AttendanceMissing(Refused):
    """No attendance is on record for the items {items}; record it, with nobody where an item did not take place."""


class NobodyEarned(Refused):
    """Nobody has attended {needed} percent of the sessions without having a certificate already."""

    needed: int


class Attendance(BaseModel):
    """Who came to an item."""

    model_config = ConfigDict(frozen=True, use_attribute_docstrings=True)

    present: list[UUID] = []
    """Those who were there, by opaque ids; none where heads are counted."""
    number: int
    """How many they were."""
    chargeable: bool = False
    """Whether people paid to come, where heads are counted."""


class Numbers(BaseModel):
    """What the attendance of an activity adds up to."""

    model_config = ConfigDict(frozen=True)

    items_held: int = 0
    people: int = 0
    attended: int = 0
    chargeable: int = 0
    learner_days: int = 0


class Certificate(BaseModel):
    """That somebody attended enough."""

    model_config = ConfigDict(frozen=True, use_attribute_docstrings=True)

    number: int = Field(ge=1)
    """1, 2, 3 … in the activity."""
    participant_id: UUID
    sessions: int
    """How many sessions they attended."""
    issued_on: date


@dataclass(kw_only=True)
class WithAttendance(WithPeople):
    """The items of an activity and who came to them."""

    items: list[Item]
    starts_on: date
    ends_on: date
    time_zone: str
    attendance_needed: int | None
    attendance: dict[int, Attendance] = field(default_factory=dict[int, Attendance])
    """By the number of the item."""
    numbers: Numbers | None = None
    """Once it was held."""
    certificates: list[Certificate] = field(default_factory=list[Certificate])

    def record_presence(self, number: int, present: list[UUID], actor: Actor, at: datetime) -> None:
        """A host records who came to an item; a later record replaces it.

        Raises NotOfThisKind, NotAllowed, NotASide, NotInState, NotFound, NotStarted, NotAdmitted, and Invalid where
        somebody is named twice.
        """
        require_part(self.kind, Part.PRESENCE)
        if len(set(present)) < len(present):
            raise Invalid(reason="name each person once")
        admitted = {place.participant_id for place in self.places if place.admitted}
        if missing := len(set(present) - admitted):
            raise NotAdmitted(number=missing)
        self._record(number, Attendance(present=sorted(present), number=len(present)), actor, at)

    def record_heads(self, number: int, heads: int, actor: Actor, at: datetime, *, chargeable: bool = False) -> None:
        """A host records how many came to an item of a public activity, and whether they paid.

        Raises as `record_presence`.
        """
        require_part(self.kind, Part.HEAD_COUNT)
        self._record(number, Attendance(number=heads, chargeable=chargeable), actor, at)

    def hold(self, actor: Actor, at: datetime) -> None:
        """A host declares it held, with its numbers.

        Raises NotAllowed, NotASide, NotInState, NotOver, AttendanceMissing.
        """
        party = self._party(actor, self.hosts)
        self.require("hold")
        if at < instant(self.ends_on, self.time_zone):
            raise NotOver(ends_on=self.ends_on)
        missing = [item.number for item in self.items if item.number not in self.attendance]
        if missing and rules_of(self.kind).counted:
            raise AttendanceMissing(items=", ".join(map(str, missing)))
        self.numbers = self._counted()
        self.advance("hold", to=Status.HELD, by=actor, party=party, **dict(self.numbers))

    def certify(self, actor: Actor, at: datetime) -> None:
        """A host issues a certificate to each person who attended enough.

        Raises NotOfThisKind, NotAllowed, NotASide, NotInState, NobodyEarned.
        """
        require_part(self.kind, Part.CERTIFICATES)
        party = self._party(actor, self.hosts)
        self.require("certify")
        day = at.astimezone(ZoneInfo(self.time_zone)).date()
        have = {one.participant_id for one in self.certificates}
        earned = [(person, sessions) for person, sessions in self._earned() if person not in have]
        if not earned:
            raise NobodyEarned(needed=self.attendance_needed)
        first = len(self.certificates) + 1
        self.certificates += [
            Certificate(number=number, participant_id=person, sessions=sessions, issued_on=day)
            for number, (person, sessions) in enumerate(earned, first)
        ]
        self.advance("certify", to=Status.HELD, by=actor, party=party, first=first, issued=len(earned))

    def certificate_of(self, participant_id: UUID) -> int | None:
        """The number of the person's certificate, if they have one."""
        return next((one.number for one in self.certificates if one.participant_id == participant_id), None)

    def _record(self, number: int, attendance: Attendance, actor: Actor, at: datetime) -> None:
        party = self._party(actor, self.hosts)
        self.require("record attendance")
        item = next((item for item in self.items if item.number == number), None)
        if item is None:
            raise NotFound(what="item", id=number)
        if at < item.starts_at:
            raise NotStarted(starts_at=item.starts_at)
        self.attendance[number] = attendance
        self.advance(
            "record attendance", to=self.status, by=actor, party=party,
            number=number, attended=attendance.number, chargeable=attendance.chargeable,
        )  # fmt: skip

    def _counted(self) -> Numbers:
        there = [(item, self.attendance[item.number]) for item in self.items if item.number in self.attendance]
        present = {(person, days_of([item], self.time_zone)[0]) for item, one in there for person in one.present}
        learns = Part.LEARNER_DAYS in rules_of(self.kind).parts
        return Numbers(
            items_held=sum(one.number > 0 for _, one in there),
            people=len({person for person, _ in present}),
            attended=sum(one.number for _, one in there),
            chargeable=sum(one.number for _, one in there if one.chargeable),
            learner_days=len(present) if learns else 0,
        )

    def _earned(self) -> Iterator[tuple[UUID, int]]:
        """Those still admitted who attended enough, with the number of their sessions."""
        for place in self.places:
            sessions = sum(place.participant_id in one.present for one in self.attendance.values())
            if place.admitted and self.attendance_needed and sessions * 100 >= self.attendance_needed * len(self.items):
                yield place.participant_id, sessions
