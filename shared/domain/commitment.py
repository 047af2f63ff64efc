"""Commitments: what one side promised to others, such as a deliverable, a milestone or a report."""

from collections.abc import Collection, Mapping
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any, ClassVar, Self

from pydantic import BaseModel, ConfigDict, HttpUrl

from shared.contracts.commitment import PlannedCommitment
from shared.contracts.event import Event
from shared.contracts.values import Code, Day, OrganisationId, Signatory, Text, instant
from shared.domain.actor import Actor
from shared.domain.aggregate import Lifecycle
from shared.domain.consent import Consent
from shared.domain.reason import Reason
from shared.domain.refused import Invalid, NotInState, Refused, SamePerson


class OwnReport(Refused):
    """Your organisation reported this itself; another side confirms or disputes it."""


class Status(StrEnum):
    """The status of a commitment."""

    PLANNED = "planned"
    REPORTED = "reported"
    ACCEPTED = "accepted"
    DISPUTED = "disputed"
    WAIVED = "waived"


AWAITED = (Status.PLANNED, Status.DISPUTED)
"""The states in which its report is awaited. A report that awaits acceptance is never overdue."""
ROWS = [
    (Status.PLANNED, "report", Status.REPORTED),
    (Status.PLANNED, "miss", Status.PLANNED),  # a timer, after its day
    (Status.PLANNED, "agree rescheduling", Status.PLANNED),  # one side agrees
    (Status.PLANNED, "reschedule", Status.PLANNED),  # the last side does
    (Status.PLANNED, "agree waiver", Status.PLANNED),
    (Status.PLANNED, "waive", Status.WAIVED),
    (Status.REPORTED, "accept", Status.ACCEPTED),
    (Status.REPORTED, "dispute", Status.DISPUTED),
    (Status.DISPUTED, "report", Status.REPORTED),
    (Status.DISPUTED, "miss", Status.DISPUTED),
    (Status.DISPUTED, "agree rescheduling", Status.DISPUTED),
    (Status.DISPUTED, "reschedule", Status.PLANNED),
    (Status.DISPUTED, "agree waiver", Status.DISPUTED),
    (Status.DISPUTED, "waive", Status.WAIVED),
]


def commitment_lifecycle(events: Mapping[str, type[Event]]) -> Lifecycle:
    """The lifecycle of one kind of commitment; `events` has the event of each act."""
    return Lifecycle((source, what, target, events[what]) for source, what, target in ROWS)


class Evidence(BaseModel, frozen=True):
    """Evidence that something was achieved. For the sides only: it is on no event."""

    model_config = ConfigDict(extra="forbid", use_attribute_docstrings=True)

    text: Text
    uri: HttpUrl | None = None
    """Where to read more."""


class CommitmentReport(BaseModel, frozen=True):
    """The owner's report that a commitment is kept."""

    by: Signatory
    evidence: Evidence


class Change(BaseModel, frozen=True):
    """A change that one side proposed and others have yet to agree to."""

    model_config = ConfigDict(use_attribute_docstrings=True)

    due_on: Day | None
    """The new day; null to waive the commitment."""
    consent: Consent


class Commitment(PlannedCommitment, frozen=True):
    """A commitment as planned, with its progress; each act returns its event and a new commitment.

    A subclass names its events with `lifecycle = commitment_lifecycle({…})`.
    """

    lifecycle: ClassVar[Lifecycle]
    status: Status = Status.PLANNED
    overdue: bool = False
    """Whether its day passed without a valid report."""
    report: CommitmentReport | None = None
    """The newest report."""
    accepted_by: Signatory | None = None
    change: Change | None = None
    """The change that awaits the consent of others."""
    reason_code: Code | None = None
    """Why the newest report was disputed."""
    reason: Text | None = None
    """More about it, for the sides only."""

    @property
    def kept_or_waived(self) -> bool:
        """Whether nothing more is expected of its owner."""
        return self.status in (Status.ACCEPTED, Status.WAIVED)

    @property
    def missed_at(self) -> datetime | None:
        """The first moment after its day in its owner's zone; None if it can no longer become overdue."""
        return _day_ends(self.due_on, self.time_zone) if self.status in AWAITED and not self.overdue else None

    def report_by(self, actor: Actor, evidence: Evidence) -> tuple[type[Event], Self]:
        """The owner reports it as kept; raises NotInState."""
        report = CommitmentReport(by=actor.signatory, evidence=evidence)
        return self._moved(
            "report", Status.REPORTED, report=report, overdue=False, change=None, reason_code=None, reason=None
        )

    def accept_by(self, actor: Actor) -> tuple[type[Event], Self]:
        """Another side accepts the report; raises NotInState, OwnReport, SamePerson."""
        self._require_other("accept", actor)
        return self._moved("accept", Status.ACCEPTED, accepted_by=actor.signatory)

    def dispute_by(self, actor: Actor, why: Reason) -> tuple[type[Event], Self]:
        """Another side disputes the report; raises NotInState, OwnReport, SamePerson."""
        self._require_other("dispute", actor)
        return self._moved("dispute", Status.DISPUTED, reason_code=str(why.code), reason=why.text)

    def miss(self) -> tuple[type[Event], Self]:
        """Its day is over without a valid report; raises NotInState."""
        return self._moved("miss", self.status, overdue=True)

    def reschedule_by(
        self, actor: Actor, sides: Collection[OrganisationId], due_on: date, at: datetime
    ) -> tuple[type[Event], Self]:
        """One side agrees to the new day; the last one sets it.

        Raises NotInState, NotASide, AgreedAlready, SamePerson, and Invalid for the current day and one that is over.
        """
        self.require("reschedule")
        if due_on == self.due_on or _day_ends(due_on, self.time_zone) <= at:
            raise Invalid(reason="`due_on` must differ from the current day, and not be over")
        change = self._agreed(actor, sides, due_on, at)
        if not change.consent.complete:
            return self._moved("agree rescheduling", self.status, change=change)
        return self._moved("reschedule", Status.PLANNED, due_on=due_on, overdue=False, change=None)

    def waive_by(self, actor: Actor, sides: Collection[OrganisationId], at: datetime) -> tuple[type[Event], Self]:
        """One side agrees that it need not be kept; the last one waives it.

        Raises NotInState, NotASide, AgreedAlready, SamePerson.
        """
        self.require("waive")
        change = self._agreed(actor, sides, None, at)
        if not change.consent.complete:
            return self._moved("agree waiver", self.status, change=change)
        return self._moved("waive", Status.WAIVED, overdue=False, change=None)

    def require(self, what: str) -> None:
        """Raises NotInState unless the lifecycle allows `what` in the current state."""
        if not self.lifecycle.allows(self.status, what):
            kind, possible = type(self).__name__.lower(), self.lifecycle.possible(what)
            raise NotInState(what=what, kind=kind, status=str(self.status), possible=possible)

    def _agreed(self, actor: Actor, sides: Collection[OrganisationId], due_on: date | None, at: datetime) -> Change:
        # A different change is a new proposal: the consents to the earlier one are void.
        same = self.change and self.change.due_on == due_on
        consent = self.change.consent if self.change and same else Consent(sides=list(sides))
        return Change(due_on=due_on, consent=consent.give("consent to this change", actor.organisation, actor, at))

    def _require_other(self, what: str, actor: Actor) -> None:
        self.require(what)
        if actor.organisation == self.owner:
            raise OwnReport
        if self.report and self.report.by.person_id == actor.person:
            raise SamePerson(what=f"this {type(self).__name__.lower()}")

    def _moved(self, what: str, to: Status, **changes: Any) -> tuple[type[Event], Self]:
        self.require(what)
        return self.lifecycle.event(self.status, what, to), self.model_copy(update={"status": to, **changes})


def _day_ends(day: date, zone: str) -> datetime:
    return instant(day + timedelta(days=1), zone)
