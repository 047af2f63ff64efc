"""A deal: drafted by one side of a confidential match, signed by both, run by its milestones to its end."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from itertools import pairwise
from typing import Self
from uuid import UUID

from pydantic import computed_field

from services.commercialisation.domain.between_two import BetweenTwo
from services.commercialisation.domain.milestone import LIFECYCLE as MILESTONES
from services.commercialisation.domain.milestone import Milestone, Report
from services.commercialisation.domain.milestone import Status as MilestoneStatus
from services.commercialisation.domain.technology import CooperationForm
from shared.contracts.deal import (
    DealCompleted,
    DealDrafted,
    DealMilestoneLate,
    DealSignatureAdded,
    DealSigned,
    DealTerminated,
    DealWithdrawn,
)
from shared.contracts.technology import PlannedMilestone
from shared.contracts.values import Text, Zone
from shared.domain.actor import Actor
from shared.domain.aggregate import Awaits, Lifecycle, OfEach
from shared.domain.commitment import Evidence
from shared.domain.consent import Consent
from shared.domain.reason import Reason, WithReason
from shared.domain.refused import Invalid, NotFound, NotInState
from shared.domain.side import side_of


class Status(StrEnum):
    """The status of a deal."""

    DRAFTED = "drafted"
    RUNNING = "running"
    COMPLETED = "completed"
    TERMINATED = "terminated"
    WITHDRAWN = "withdrawn"


LIFECYCLE = Lifecycle(
    [
        (Status.DRAFTED, "sign", Status.DRAFTED, DealSignatureAdded),  # by one side
        (Status.DRAFTED, "sign", Status.RUNNING, DealSigned),  # by the last
        (Status.DRAFTED, "withdraw", Status.WITHDRAWN, DealWithdrawn),
        (Status.RUNNING, "complete", Status.COMPLETED, DealCompleted),  # its last milestone is achieved
        (Status.RUNNING, "terminate", Status.TERMINATED, DealTerminated),
    ]
)
AWAITS: Awaits = {
    Status.DRAFTED: {"sign": lambda it, actor, now: it.sign(actor, now)},
    Status.RUNNING: {
        "confirm milestone": OfEach(
            lambda it: [one.number for one in it.milestones if one.status is MilestoneStatus.REPORTED],
            lambda it, number, actor, now: it.confirm(number, actor),
        ),
    },
}


@dataclass(kw_only=True)
class Deal(BetweenTwo, WithReason):
    """A deal and its milestones, one aggregate, so that the last milestone completes the deal."""

    match_id: UUID
    title: Text
    form: CooperationForm
    time_zone: Zone
    milestones: list[Milestone]
    signatures: Consent
    status: Status = Status.DRAFTED

    lifecycle = LIFECYCLE
    awaits = AWAITS
    keeps_versions = True

    def drafted(self, actor: Actor) -> Self:
        """Records that `actor` drafted it; raises NotASide, and Invalid if its milestones are inconsistent.

        Their days may be past, for a deal that was made elsewhere before: such a milestone is late once it runs.
        """
        party = side_of(actor, self.sides, "match")
        self._check_milestones()
        self.record(DealDrafted, by=actor, party=party, milestones=self.planned)
        return self

    def sign(self, actor: Actor, at: datetime) -> None:
        """One side signs; the last signature makes it run. Raises NotASide, NotInState, AgreedAlready, SamePerson."""
        party = side_of(actor, self.sides, "deal")
        self.require("sign")
        self.signatures = self.signatures.give("signature", party, actor, at)
        to = Status.RUNNING if self.signatures.complete else Status.DRAFTED
        self.advance("sign", to=to, by=actor, party=party, milestones=self.planned, signatures=self.signatures.given)

    def withdraw(self, actor: Actor, why: Reason) -> None:
        """Either side gives it up before both have signed; raises NotASide, NotInState."""
        party = side_of(actor, self.sides, "deal")
        self.advance("withdraw", to=Status.WITHDRAWN, by=actor, party=party, why=why)

    def lapse(self, why: Reason) -> None:
        """Its match is over, or came to another deal, before both have signed; raises NotInState."""
        self.advance("withdraw", to=Status.WITHDRAWN, why=why)

    def terminate(self, actor: Actor, why: Reason) -> None:
        """Either side ends it before its last milestone; raises NotASide, NotInState."""
        party = side_of(actor, self.sides, "deal")
        self.advance("terminate", to=Status.TERMINATED, by=actor, party=party, why=why)

    def report(self, number: int, actor: Actor, evidence: Evidence) -> None:
        """One side reports a milestone; raises NotASide, NotInState, NotFound."""
        party = side_of(actor, self.sides, "deal")
        report = Report(party=party, by=actor.signatory, evidence=evidence)
        self._move("report", self._milestone("report", number).reported(report), actor)

    def confirm(self, number: int, actor: Actor) -> None:
        """The other side confirms a milestone; the last one completes the deal.

        Raises NotASide, NotInState, NotFound, OwnReport, SamePerson.
        """
        party = side_of(actor, self.sides, "deal")
        self._move("confirm", self._milestone("confirm", number).confirmed(party, actor), actor)
        if all(m.status is MilestoneStatus.ACHIEVED for m in self.milestones):
            self.advance("complete", to=Status.COMPLETED)

    def dispute(self, number: int, actor: Actor, why: Reason) -> None:
        """The other side disputes a milestone; raises NotASide, NotInState, NotFound, OwnReport, SamePerson."""
        party = side_of(actor, self.sides, "deal")
        disputed = self._milestone("dispute", number).disputed(party, actor, why)
        self._move("dispute", disputed, actor, reason_code=str(why.code))

    def note_late(self, at: datetime) -> None:
        """Records each milestone that is late at `at`, once."""
        for milestone in list(self._awaited()):
            if milestone.late_at(self.time_zone) <= at:
                late = milestone.model_copy(update={"late": True})
                self._replace(late)
                self.record(DealMilestoneLate, **late.facts)

    def due(self) -> Mapping[str, datetime]:
        """The next day that a milestone can miss, while the deal runs."""
        moments = [milestone.late_at(self.time_zone) for milestone in self._awaited()]
        return {"milestone-late": min(moments)} if moments else {}

    @property
    def planned(self) -> list[PlannedMilestone]:
        """Its milestones as they were agreed."""
        return [PlannedMilestone(number=m.number, title=m.title, due_on=m.due_on, trl=m.trl) for m in self.milestones]

    @computed_field
    @property
    def late(self) -> bool:
        """Whether it runs and a milestone that is not achieved is late."""
        running = self.status is Status.RUNNING
        return running and any(m.late and m.status is not MilestoneStatus.ACHIEVED for m in self.milestones)

    def _awaited(self) -> Iterator[Milestone]:
        """The milestones that can become late."""
        if self.status is Status.RUNNING:
            yield from (m for m in self.milestones if not m.late and m.status is not MilestoneStatus.ACHIEVED)

    def _milestone(self, what: str, number: int) -> Milestone:
        if self.status is not Status.RUNNING:
            raise NotInState(what=what, kind="deal", status=str(self.status), possible=str(Status.RUNNING))
        for milestone in self.milestones:
            if milestone.number == number:
                return milestone
        raise NotFound(what="milestone", id=number)

    def _move(self, what: str, to: Milestone, actor: Actor, **more: object) -> None:
        event = MILESTONES.event(self.milestones[to.number - 1].status, what, to.status)
        self._replace(to)
        self.record(event, by=actor, party=side_of(actor, self.sides, "deal"), **to.facts, **more)

    def _replace(self, milestone: Milestone) -> None:
        self.milestones[milestone.number - 1] = milestone

    def _check_milestones(self) -> None:
        if [m.number for m in self.milestones] != list(range(1, len(self.milestones) + 1)) or not self.milestones:
            raise Invalid(reason="a deal has at least one milestone, and they are numbered from 1 on")
        if any(later.due_on < earlier.due_on for earlier, later in pairwise(self.milestones)):
            raise Invalid(reason="each milestone is due on or after the day of the one before")
        levels = [m.trl for m in self.milestones if m.trl is not None]
        if any(later <= earlier for earlier, later in pairwise(levels)):
            raise Invalid(reason="each readiness level that milestones name is higher than the one before")
