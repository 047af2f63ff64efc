"""A milestone of a deal: reported by one side with evidence, achieved or disputed by the other, late after its day."""

from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, ClassVar, Self

from pydantic import BaseModel

from shared.contracts.deal import DealMilestoneAchieved, DealMilestoneDisputed, DealMilestoneReported
from shared.contracts.technology import PlannedMilestone
from shared.contracts.values import Code, OrganisationId, Signatory, Text, instant
from shared.domain.actor import Actor
from shared.domain.aggregate import Lifecycle
from shared.domain.commitment import Evidence, OwnReport
from shared.domain.reason import Reason
from shared.domain.refused import NotInState, SamePerson


class Status(StrEnum):
    """The status of a milestone."""

    PLANNED = "planned"
    REPORTED = "reported"
    ACHIEVED = "achieved"
    DISPUTED = "disputed"


LIFECYCLE = Lifecycle(
    [
        (Status.PLANNED, "report", Status.REPORTED, DealMilestoneReported),
        (Status.REPORTED, "confirm", Status.ACHIEVED, DealMilestoneAchieved),
        (Status.REPORTED, "dispute", Status.DISPUTED, DealMilestoneDisputed),
        (Status.DISPUTED, "report", Status.REPORTED, DealMilestoneReported),
    ]
)


class Report(BaseModel, frozen=True):
    """One side's word that a milestone is reached."""

    party: OrganisationId
    by: Signatory
    evidence: Evidence


class Milestone(PlannedMilestone, frozen=True):
    """A milestone as planned, with its progress; each act returns a new one."""

    lifecycle: ClassVar[Lifecycle] = LIFECYCLE
    status: Status = Status.PLANNED
    late: bool = False
    """Whether its day passed before it was achieved; it stays late when it is achieved afterwards."""
    report: Report | None = None
    """The newest report."""
    confirmed_by: Signatory | None = None
    reason_code: Code | None = None
    """Why the newest report was disputed."""
    reason: Text | None = None
    """More about it, for the sides only."""

    @property
    def facts(self) -> dict[str, Any]:
        """The fields of every event about it."""
        return {
            "number": self.number, "milestone_title": self.title, "due_on": self.due_on, "trl": self.trl,
            "late": self.late,
        }  # fmt: skip

    def late_at(self, zone: str) -> datetime:
        """The first moment after its day in the time zone."""
        return instant(self.due_on + timedelta(days=1), zone)

    def reported(self, report: Report) -> Self:
        """With one side's report; raises NotInState."""
        return self._moved("report", Status.REPORTED, report=report, reason_code=None, reason=None)

    def confirmed(self, party: OrganisationId, actor: Actor) -> Self:
        """Achieved, as the other side says; raises NotInState, OwnReport, SamePerson."""
        self._require_other("confirm", party, actor)
        return self._moved("confirm", Status.ACHIEVED, confirmed_by=actor.signatory)

    def disputed(self, party: OrganisationId, actor: Actor, why: Reason) -> Self:
        """Not reached, as the other side says; raises NotInState, OwnReport, SamePerson."""
        self._require_other("dispute", party, actor)
        return self._moved("dispute", Status.DISPUTED, reason_code=str(why.code), reason=why.text)

    def _require_other(self, what: str, party: OrganisationId, actor: Actor) -> None:
        self._require(what)
        if self.report and self.report.party == party:
            raise OwnReport
        if self.report and self.report.by.person_id == actor.person:
            raise SamePerson(what="this milestone")

    def _require(self, what: str) -> None:
        if not LIFECYCLE.allows(self.status, what):
            possible = LIFECYCLE.possible(what)
            raise NotInState(what=what, kind="milestone", status=str(self.status), possible=possible)

    def _moved(self, what: str, to: Status, **changes: object) -> Self:
        self._require(what)
        return self.model_copy(update={"status": to, **changes})
