"""An initiative: proposed, appraised and approved by each lead, active, completed, closed."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Self
from uuid import UUID

from services.partners.domain.deliverable import Deliverable
from services.partners.domain.initiative_deliverables import WithDeliverables, organisations_of
from services.partners.domain.initiative_status import BEFORE, UNDER_WAY, Status
from services.partners.domain.initiative_tasks import AWAITS
from services.partners.domain.initiative_terms import AuthorityApproval, InitiativeProposal, WantedOutput
from shared.contracts.initiative import (
    InitiativeActivated,
    InitiativeAppraisalGiven,
    InitiativeAppraised,
    InitiativeApprovalGiven,
    InitiativeApproved,
    InitiativeAuthorityApproved,
    InitiativeClosed,
    InitiativeCompleted,
    InitiativeDeclined,
    InitiativeOutputRecorded,
    InitiativePaused,
    InitiativeProposed,
    InitiativeResumed,
    InitiativeWithdrawn,
    Output,
)
from shared.contracts.values import Code, Document, OrganisationId, Text
from shared.domain.actor import Actor
from shared.domain.aggregate import Lifecycle
from shared.domain.consent import Consent
from shared.domain.reason import Reason
from shared.domain.refused import NotASide, Refused
from shared.domain.side import side_of


class OwnAppraisal(Refused):
    """You appraised this initiative for your organisation yourself, so somebody else of it approves it."""


class DeliverablesOpen(Refused):
    """Of the deliverables, {number} are neither accepted nor waived; accept or waive each, then complete the
    initiative."""

    number: int


LIFECYCLE = Lifecycle(
    [
        (Status.PROPOSED, "appraise", Status.PROPOSED, InitiativeAppraisalGiven),  # by one lead
        (Status.PROPOSED, "appraise", Status.APPRAISED, InitiativeAppraised),  # by the last
        (Status.APPRAISED, "approve", Status.APPRAISED, InitiativeApprovalGiven),  # by one lead
        (Status.APPRAISED, "approve", Status.APPROVED, InitiativeApproved),  # by the last
        (Status.APPROVED, "activate", Status.ACTIVE, InitiativeActivated),
        (Status.ACTIVE, "pause", Status.PAUSED, InitiativePaused),
        (Status.PAUSED, "resume", Status.ACTIVE, InitiativeResumed),
        (Status.ACTIVE, "complete", Status.COMPLETED, InitiativeCompleted),
        (Status.PAUSED, "complete", Status.COMPLETED, InitiativeCompleted),
        (Status.COMPLETED, "close", Status.CLOSED, InitiativeClosed),
        *((status, "decline", Status.DECLINED, InitiativeDeclined) for status in BEFORE),
        *((status, "withdraw", Status.WITHDRAWN, InitiativeWithdrawn) for status in BEFORE),
        *(
            (status, "record authority approval", status, InitiativeAuthorityApproved)
            for status in (*BEFORE, *UNDER_WAY)
        ),
        *((status, "record output", status, InitiativeOutputRecorded) for status in (*UNDER_WAY, Status.COMPLETED)),
    ]
)


@dataclass(kw_only=True)
class Initiative(WithDeliverables):
    """Its organisations, what they promise each other, who approved it and what came of it.

    What binds a lead needs an office in that lead itself. Whoever proposes, reports or records may hold one in any
    organisation within a side.
    """

    lifecycle = LIFECYCLE
    awaits = AWAITS
    keeps_versions = True

    kind: Code
    title: Text
    agreement_id: UUID
    area: Code
    fields_of_study: list[str]
    objectives: Document
    proposer: OrganisationId
    """The side for which it was proposed."""
    appraisals: Consent
    approvals: Consent
    authority_approvals: list[AuthorityApproval] = field(default_factory=list[AuthorityApproval])
    outputs: list[Output] = field(default_factory=list[Output])

    @classmethod
    def propose(cls, id: UUID, proposal: InitiativeProposal, actor: Actor) -> Self:
        """A new initiative, proposed by somebody of one of its organisations or within one.

        Raises NotASide, and Invalid if its parts do not fit together.
        """
        proposal.check()
        participants = proposal.participations
        sides = organisations_of(proposal.leads, participants)
        consent = Consent(sides=proposal.leads)
        initiative = cls(
            id=id, kind=str(proposal.kind), title=proposal.title, agreement_id=proposal.agreement_id,
            area=proposal.area, fields_of_study=proposal.fields_of_study, leads=proposal.leads,
            participants=participants, objectives=proposal.objectives,
            deliverables=[Deliverable(number=n, **dict(d)) for n, d in enumerate(proposal.deliverables, 1)],
            proposer=side_of(actor, sides, "initiative"), appraisals=consent, approvals=consent,
        )  # fmt: skip
        initiative.record(InitiativeProposed, by=actor, party=initiative.proposer, deliverables=initiative.promised)
        return initiative

    def appraise(self, actor: Actor, at: datetime) -> None:
        """One lead's officer finds it worth approving; the last one makes it ready to be approved.

        Raises NotASide, NotInState, AgreedAlready, SamePerson.
        """
        party = self._lead(actor)
        self.require("appraise")
        self.appraisals = self.appraisals.give("appraisal", party, actor, at)
        to = Status.APPRAISED if self.appraisals.complete else Status.PROPOSED
        self.advance("appraise", to=to, by=actor, party=party)

    def approve(self, actor: Actor, at: datetime) -> None:
        """One lead's signatory approves it; after the last one it can begin.

        Raises NotASide, NotInState, OwnAppraisal, AgreedAlready, SamePerson.
        """
        party = self._lead(actor)
        self.require("approve")
        if self.appraisals.given[party].by.person_id == actor.person:
            raise OwnAppraisal
        self.approvals = self.approvals.give("approval", party, actor, at)
        if self.approvals.complete:
            self.advance("approve", to=Status.APPROVED, by=actor, party=party, deliverables=self.promised)
        else:
            self.advance("approve", to=Status.APPRAISED, by=actor, party=party)

    def activate(self, actor: Actor) -> None:
        """A lead begins it; raises NotASide, NotInState."""
        self.advance("activate", to=Status.ACTIVE, by=actor, party=self._lead(actor))

    def pause(self, why: Reason, actor: Actor) -> None:
        """A lead pauses it; raises NotASide, NotInState."""
        self.advance("pause", to=Status.PAUSED, by=actor, party=self._lead(actor), why=why)

    def resume(self, actor: Actor) -> None:
        """A lead resumes it; raises NotASide, NotInState."""
        self.advance("resume", to=Status.ACTIVE, by=actor, party=self._lead(actor))

    def complete(self, actor: Actor) -> None:
        """A lead declares it complete; raises NotASide, NotInState, and DeliverablesOpen while something is awaited."""
        party = self._lead(actor)
        self.require("complete")
        if number := sum(not d.kept_or_waived for d in self.deliverables):
            raise DeliverablesOpen(number=number)
        self.advance("complete", to=Status.COMPLETED, by=actor, party=party)

    def close(self, actor: Actor) -> None:
        """A lead closes its file; raises NotASide, NotInState."""
        self.advance("close", to=Status.CLOSED, by=actor, party=self._lead(actor))

    def decline(self, why: Reason, actor: Actor) -> None:
        """A lead will not go on with it; raises NotASide, NotInState."""
        self.advance("decline", to=Status.DECLINED, by=actor, party=self._lead(actor), why=why)

    def withdraw(self, why: Reason, actor: Actor) -> None:
        """The side that proposed it gives it up; raises NotASide, NotInState."""
        if actor.organisation != self.proposer:
            raise NotASide(what="proposal")
        self.advance("withdraw", to=Status.WITHDRAWN, by=actor, party=self.proposer, why=why)

    def record_authority_approval(self, approval: AuthorityApproval, actor: Actor) -> None:
        """Records the decision of an authority; raises NotASide, NotInState."""
        party = side_of(actor, self.sides, "initiative")
        self.advance("record authority approval", to=self.status, by=actor, party=party, **dict(approval))
        self.authority_approvals.append(approval)

    def record_output(self, wanted: WantedOutput, actor: Actor) -> None:
        """Records a result; raises NotASide, NotInState, and Invalid if it cannot be found by its name."""
        party = side_of(actor, self.sides, "initiative")
        self.require("record output")
        output = wanted.output
        self.advance("record output", to=self.status, by=actor, party=party, output=output)
        self.outputs.append(output)

    def _lead(self, actor: Actor) -> OrganisationId:
        if actor.organisation not in self.leads:
            raise NotASide(what="initiative")
        return actor.organisation
