"""The days of an agreement: when it begins, ends or renews itself, and when its sides are reminded of that."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from services.partners.domain.agreement_lifecycle import RUNNING, Status
from services.partners.domain.kinds import Renewal
from services.partners.domain.months import months_later
from shared.contracts.values import Code, instant
from shared.domain.reason import WithReason

REMINDERS = (180, 90, 30)
"""How many days before the end, or before the last day for notice, the sides are reminded."""


@dataclass(kw_only=True)
class WithDays(WithReason):
    """What an agreement does because a day has come."""

    time_zone: str
    starts_on: date | None
    ends_on: date | None
    notice_days: int | None = None
    renewal: Code = Renewal.NONE
    renewal_months: int | None = None
    terminates_on: date | None = None
    """The last day under a notice."""
    reminded: list[int] = field(default_factory=list[int])
    """The reminders that need not come any more, in days before the deadline."""
    status: Status = Status.DRAFT

    @property
    def starts_at(self) -> datetime | None:
        """The first moment of the first day, in UTC; None while that is the day of the last signature."""
        return instant(self.starts_on, self.time_zone) if self.starts_on else None

    @property
    def ends_at(self) -> datetime | None:
        """The first moment after the last day, in UTC; None for an agreement without end."""
        return self._after(self.ends_on) if self.ends_on else None

    @property
    def deadline(self) -> date | None:
        """The last day on which the sides can act: for notice before it renews itself, otherwise its last day."""
        if self.ends_on and self.renewal == Renewal.AUTOMATIC and self.notice_days:
            return self.ends_on - timedelta(days=self.notice_days)
        return self.ends_on

    def due(self) -> Mapping[str, datetime]:
        """`commence` when signed by all; `end`, `notice` and the reminders `remind-DAYS` when in force."""
        if self.status is Status.SIGNED and self.starts_at:
            return {"commence": self.starts_at}
        if self.status not in RUNNING:
            return {}
        due = {"end": self.ends_at} if self.ends_at else {}
        if self.terminates_on:
            return due | {"notice": self._after(self.terminates_on)}
        return due | {f"remind-{days}": at for days, at in self._reminders().items() if days not in self.reminded}

    def commence(self, at: datetime) -> None:
        """Puts it in force: its first day has come."""
        self.require("commence")
        self._skip_reminders(at)
        self.advance("commence", to=Status.IN_FORCE)

    def remind(self, days: int) -> None:
        """Reminds the sides that the deadline is near; once for each number of `days`."""
        self.require("remind")
        self.reminded = sorted({*self.reminded, days})
        self.advance("remind", to=self.status, days=days, deadline=self.deadline)

    def end(self, at: datetime) -> None:
        """Its last day is over: it ends, or renews itself unless notice was given."""
        if self.renewal == Renewal.AUTOMATIC and not self.terminates_on and self.ends_on and self.renewal_months:
            self.require("renew")
            while self.ends_on and self.ends_at and self.ends_at <= at:  # more than once after a long outage
                self.ends_on = months_later(self.ends_on, self.renewal_months)
            self._skip_reminders(at)
            self.advance("renew", to=self.status)
        else:
            self.advance("end", to=Status.ENDED)

    def _standing(self, at: datetime) -> Status:
        if self.ends_at and at >= self.ends_at:
            return Status.ENDED
        return Status.SIGNED if self.starts_at and at < self.starts_at else Status.IN_FORCE

    def _reminders(self) -> dict[int, datetime]:
        # At the beginning of the day, so that whoever is reminded has the whole of it.
        deadline = self.deadline
        return {n: instant(deadline - timedelta(days=n), self.time_zone) for n in REMINDERS} if deadline else {}

    def _skip_reminders(self, at: datetime) -> None:
        """Of the reminders whose time has passed already, none comes."""
        self.reminded = sorted(days for days, moment in self._reminders().items() if moment <= at)

    def _day(self, at: datetime) -> date:
        return at.astimezone(ZoneInfo(self.time_zone)).date()

    def _after(self, day: date) -> datetime:
        return instant(day + timedelta(days=1), self.time_zone)
