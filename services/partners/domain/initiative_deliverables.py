"""What an initiative does with its deliverables."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from pydantic import computed_field

from services.partners.domain.deliverable import Deliverable
from services.partners.domain.initiative_status import UNDER_WAY, Status
from shared.contracts.commitment import PlannedCommitment
from shared.contracts.event import Event
from shared.contracts.initiative import Participation
from shared.contracts.values import OrganisationId
from shared.domain.actor import Actor
from shared.domain.commitment import Evidence
from shared.domain.reason import Reason, WithReason
from shared.domain.refused import NotASide, NotFound, NotInState
from shared.domain.side import side_of


def organisations_of(leads: Sequence[OrganisationId], participants: Iterable[Participation]) -> list[OrganisationId]:
    """Every organisation once, the leads first."""
    return list(dict.fromkeys([*leads, *(p.organisation_id for p in participants)]))


@dataclass(kw_only=True)
class WithDeliverables(WithReason):
    """The organisations of an initiative and what they promise each other.

    The owner of a deliverable reports it to its counterparts: the other leads, or all others where its owner is the
    only lead. One counterpart accepts or disputes a report; a change needs the owner and all of them.
    """

    leads: list[OrganisationId]
    participants: list[Participation]
    deliverables: list[Deliverable]
    status: Status = Status.PROPOSED

    @computed_field
    @property
    def sides(self) -> list[OrganisationId]:
        """All its organisations."""
        return organisations_of(self.leads, self.participants)

    @computed_field
    @property
    def overdue(self) -> bool:
        """Whether a deliverable is overdue."""
        return any(d.overdue for d in self.deliverables)

    @property
    def promised(self) -> list[PlannedCommitment]:
        """Its deliverables as they are planned."""
        names = PlannedCommitment.model_fields
        return [PlannedCommitment(**{name: getattr(d, name) for name in names}) for d in self.deliverables]

    def due(self) -> Mapping[str, datetime]:
        """The next day that a deliverable can miss, while the initiative is active."""
        moments = [at for d in self.deliverables if (at := d.missed_at)]
        return {"deliverable-overdue": min(moments)} if moments and self.status is Status.ACTIVE else {}

    def report(self, number: int, evidence: Evidence, actor: Actor) -> None:
        """Its owner reports a deliverable; raises NotASide, NotInState, NotFound."""
        deliverable = self._deliverable("report", number)
        side_of(actor, [deliverable.owner], "deliverable")
        self._keep(deliverable.report_by(actor, evidence), actor, deliverable.owner)

    def accept(self, number: int, actor: Actor) -> None:
        """A counterpart accepts a report; raises NotASide, NotInState, NotFound, OwnReport, SamePerson."""
        deliverable = self._deliverable("accept", number)
        party = self._party(deliverable, actor)
        self._keep(deliverable.accept_by(actor), actor, party)

    def dispute(self, number: int, why: Reason, actor: Actor) -> None:
        """A counterpart disputes a report; raises NotASide, NotInState, NotFound, OwnReport, SamePerson."""
        deliverable = self._deliverable("dispute", number)
        party = self._party(deliverable, actor)
        self._keep(deliverable.dispute_by(actor, why), actor, party, reason_code=str(why.code))

    def reschedule(self, number: int, due_on: date, actor: Actor, at: datetime) -> None:
        """One side agrees to a new day for a deliverable; the last one sets it. Raises what `Commitment` does."""
        deliverable = self._deliverable("reschedule", number)
        told = deliverable.reschedule_by(actor, self._bound(deliverable), due_on, at)
        self._keep(told, actor, actor.organisation, proposed_on=due_on)

    def waive(self, number: int, actor: Actor, at: datetime) -> None:
        """One side agrees to waive a deliverable; the last one does. Raises what `Commitment` does."""
        deliverable = self._deliverable("waive", number)
        self._keep(deliverable.waive_by(actor, self._bound(deliverable), at), actor, actor.organisation)

    def note_overdue(self, at: datetime) -> None:
        """Records each deliverable that is overdue at `at`, once."""
        if self.status is not Status.ACTIVE:
            return
        for deliverable in self.deliverables:
            if (moment := deliverable.missed_at) and moment <= at:
                self._keep(deliverable.miss())

    def _deliverable(self, what: str, number: int) -> Deliverable:
        if self.status not in UNDER_WAY:
            possible = " or ".join(UNDER_WAY)
            raise NotInState(what=what, kind="initiative", status=str(self.status), possible=possible)
        for deliverable in self.deliverables:
            if deliverable.number == number:
                return deliverable
        raise NotFound(what="deliverable", id=number)

    def _bound(self, deliverable: Deliverable) -> list[OrganisationId]:
        """The owner and its counterparts."""
        others = [o for o in self.leads if o != deliverable.owner] or self.sides
        return list(dict.fromkeys([deliverable.owner, *others]))

    def _party(self, deliverable: Deliverable, actor: Actor) -> OrganisationId:
        if actor.organisation not in self._bound(deliverable):
            raise NotASide(what="deliverable")
        return actor.organisation

    def _keep(
        self, told: tuple[type[Event], Deliverable], actor: Actor | None = None, party: UUID | None = None,
        **more: object,
    ) -> None:  # fmt: skip
        event, deliverable = told
        self.deliverables[deliverable.number - 1] = deliverable
        self.record(event, by=actor, party=party, **deliverable.facts, **more)
