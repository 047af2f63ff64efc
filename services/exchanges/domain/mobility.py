"""A mobility: one person goes from the sending institution to the receiving one; a nomination until it is approved.

The sending institution masters the mobility; the receiving one masters the decision on the nomination and the actual
days. Whether there is a place, its call knows.
"""

from dataclasses import dataclass
from datetime import date
from typing import Self
from uuid import UUID

from pydantic import BaseModel, ConfigDict, computed_field

from services.exchanges.domain.mobility_lifecycle import LIFECYCLE, RUNNING, UNDECIDED, Status
from services.exchanges.domain.mobility_tasks import AWAITS
from services.exchanges.domain.stay import Stay
from services.exchanges.domain.within_programme import WithinProgramme
from shared.contracts.credit import Credit
from shared.contracts.mobility import MobilityNominated
from shared.contracts.values import Code, OrganisationId
from shared.domain.actor import Actor
from shared.domain.reason import Cause, Reason, ReasonCode
from shared.domain.refused import Invalid, NotInState, Refused
from shared.domain.side import bound_side, side_of


class LearningAgreementMissing(Refused):
    """The learning agreement is not signed by all three yet; have the participant and both institutions sign it
    first."""


class NotArrived(Refused):
    """No arrival is recorded; let the receiving institution record it first, or cancel a mobility that never began."""


class NotDeparted(Refused):
    """No departure is recorded; record it first, then send the transcript."""


class TranscriptMissing(Refused):
    """The receiving institution has sent no transcript yet; ask for it first."""


class StayOver(Refused):
    """The stay was over on {departed_on}; it can be recognised or cancelled."""

    departed_on: date


class Awaited(BaseModel):
    """What is awaited next, and from whom."""

    model_config = ConfigDict(frozen=True, use_attribute_docstrings=True)

    act: Code
    """Such as `approve`; `learning-agreement` is signed by the participant and both institutions."""
    of: OrganisationId
    """The institution that does it, or sees to it."""


@dataclass(kw_only=True)
class Mobility(WithinProgramme):
    """Where a person is on the way from the nomination to recognised results."""

    call_id: UUID
    participant_id: UUID
    rank: int
    """The sending institution's order in the call; 1 comes first."""
    planned: Stay
    learning_agreement_version: int | None = None
    """The version that all three have signed; the learning agreement sets it."""
    arrived_on: date | None = None
    departed_on: date | None = None
    """The last day of the stay, also of one that was interrupted."""
    no_show: bool = False
    """Whether the person did not come on the planned day, and has not come since."""
    transcript_sent: bool = False
    cancellation_requested: bool = False
    """Whether the receiving institution asked the sending one to cancel."""
    status: Status

    lifecycle = LIFECYCLE
    awaits = AWAITS

    def nominated(self, actor: Actor) -> Self:
        """Records that `actor` nominated; raises Invalid, and NotASide for others than the sending institution's."""
        party = self._sender(actor)
        self.planned.require_in(self.academic_year)
        self.record(MobilityNominated, by=actor, party=party)
        return self

    def approve(self, actor: Actor) -> None:
        """The receiving institution gives the place; raises NotASide, OfficeOfAPart, NotInState."""
        party = bound_side(actor, [self.receiving], "nomination as its receiving institution")
        self.advance("approve", to=Status.APPROVED, by=actor, party=party)

    def reject(self, actor: Actor, why: Reason) -> None:
        """The receiving institution rejects the nomination; raises NotASide, OfficeOfAPart, NotInState."""
        party = bound_side(actor, [self.receiving], "nomination as its receiving institution")
        self.advance("reject", to=Status.REJECTED, by=actor, party=party, why=why)

    def correct(self, actor: Actor, planned: Stay, to: Status) -> None:
        """The sending institution corrects a rejected nomination; raises NotASide, Invalid, NotInState."""
        party = self._sender(actor)
        self.require("correct")
        planned.require_in(self.academic_year)
        self.planned = planned
        self.advance("correct", to=to, by=actor, party=party)

    def move(self, to: Status) -> None:
        """Its turn for a place has come, or a better rank came before it."""
        self.advance("move up" if to is Status.PENDING else "move back", to=to)

    def go_live(self, actor: Actor) -> None:
        """The sending institution declares that the person goes.

        Raises NotASide, NotInState, LearningAgreementMissing.
        """
        party = self._sender(actor)
        self.require("go live")
        if self.learning_agreement_version is None:
            raise LearningAgreementMissing
        self.advance("go live", to=Status.LIVE, by=actor, party=party)

    def arrive(self, actor: Actor, on: date) -> None:
        """The receiving institution records the day of arrival, or corrects it.

        Raises NotASide, NotInState, StayOver.
        """
        party = self._receiver(actor)
        self.require("record arrival")
        self._require_staying()
        self.arrived_on, self.no_show = on, False
        self.advance("record arrival", to=Status.LIVE, by=actor, party=party)

    def depart(self, actor: Actor, on: date) -> None:
        """The receiving institution records the last day.

        Raises NotASide, NotInState, NotArrived, StayOver, Invalid.
        """
        party = self._receiver(actor)
        self.require("record departure")
        self._end_stay(on)
        self.advance("record departure", to=Status.LIVE, by=actor, party=party)

    def miss(self, actor: Actor) -> None:
        """The receiving institution records that the person did not come; raises NotASide, NotInState, Invalid."""
        party = self._receiver(actor)
        self.require("record no show")
        if self.arrived_on:
            raise Invalid(reason=f"the person arrived on {self.arrived_on}, so they did come")
        self.no_show = True
        self.advance("record no show", to=Status.LIVE, by=actor, party=party)

    def interrupt(self, actor: Actor, on: date, why: Reason) -> None:
        """The sending institution records that the stay was broken off: by force majeure it can still be recognised.

        Raises NotASide, NotInState, NotArrived, StayOver, Invalid.
        """
        party = self._sender(actor)
        self.require("interrupt")
        self._end_stay(on)
        to = Status.LIVE if why.code is ReasonCode.FORCE_MAJEURE else Status.CANCELLED
        self.advance("interrupt", to=to, by=actor, party=party, why=why, interrupted_on=on)

    def send_transcript(self, actor: Actor, sha256: str, credits: list[Credit]) -> None:
        """The receiving institution sends the transcript of records, or a corrected one.

        Raises NotASide, OfficeOfAPart, NotInState, NotDeparted.
        """
        party = bound_side(actor, [self.receiving], "mobility as its receiving institution")
        self.require("send transcript")
        if self.departed_on is None:
            raise NotDeparted
        self.transcript_sent = True
        self.advance("send transcript", to=Status.LIVE, by=actor, party=party, sha256=sha256, credits=credits)

    def recognise(self, actor: Actor, credits: list[Credit]) -> None:
        """The sending institution recognises the results; raises NotASide, OfficeOfAPart, NotInState,
        TranscriptMissing."""
        party = bound_side(actor, [self.sending], "mobility as its sending institution")
        self.require("recognise")
        if not self.transcript_sent:
            raise TranscriptMissing
        self.advance("recognise", to=Status.RECOGNISED, by=actor, party=party, credits=credits)

    def require_studying(self) -> None:
        """Raises NotInState unless its learning agreement can be drafted, signed or changed."""
        if self.status not in RUNNING:
            possible = " or ".join(map(str, RUNNING))
            raise NotInState(what="a learning agreement", kind="mobility", status=str(self.status), possible=possible)

    def request_cancellation(self, actor: Actor, why: Reason) -> None:
        """The receiving institution asks the sending one to cancel; raises NotASide, NotInState."""
        party = self._receiver(actor)
        self.advance("request cancellation", to=self.status, by=actor, party=party, why=why)
        self.cancellation_requested = True

    def cancel(self, actor: Actor, why: Reason) -> None:
        """The sending institution cancels; raises NotASide, OfficeOfAPart, NotInState."""
        party = bound_side(actor, [self.sending], "mobility as its sending institution")
        self.advance("cancel", to=Status.CANCELLED, before=self.status, by=actor, party=party, why=why)

    def lapse(self, cause: Cause) -> None:
        """The time for a decision ran out."""
        self.advance("cancel", to=Status.CANCELLED, before=self.status, why=Reason(cause))

    @computed_field
    @property
    def awaited(self) -> list[Awaited]:
        """What is awaited next and from whom; nothing of a mobility that is over."""
        return [Awaited(act=act, of=of) for act, of in self._awaited()]

    @property
    def uses_place(self) -> bool:
        """Whether the person came, so that a cancellation frees no place."""
        return self.arrived_on is not None

    def _awaited(self) -> list[tuple[Code, OrganisationId]]:
        if self.status in UNDECIDED:
            return [("approve", self.receiving)] if self.status is Status.PENDING else []
        if self.status is Status.REJECTED:
            return [("correct", self.sending)]
        if self.status is Status.APPROVED:
            signed = self.learning_agreement_version is not None
            return [("go-live" if signed else "learning-agreement", self.sending)]
        return self._awaited_of_stay() if self.status is Status.LIVE else []

    def _awaited_of_stay(self) -> list[tuple[Code, OrganisationId]]:
        if self.cancellation_requested or self.no_show:
            return [("cancel", self.sending)]
        if self.departed_on is None:
            return [("record-departure" if self.arrived_on else "record-arrival", self.receiving)]
        return [("recognise", self.sending)] if self.transcript_sent else [("send-transcript", self.receiving)]

    def _require_staying(self) -> None:
        if self.departed_on:
            raise StayOver(departed_on=self.departed_on)

    def _end_stay(self, on: date) -> None:
        self._require_staying()
        if self.arrived_on is None:
            raise NotArrived
        if on < self.arrived_on:
            raise Invalid(reason=f"a stay ends on or after the day of arrival, {self.arrived_on}")
        self.departed_on = on

    def _sender(self, actor: Actor) -> OrganisationId:
        return side_of(actor, [self.sending], "mobility as its sending institution")

    def _receiver(self, actor: Actor) -> OrganisationId:
        return side_of(actor, [self.receiving], "mobility as its receiving institution")
