"""A learning agreement: what somebody studies abroad and what that counts for at home, signed by all three.

The sending institution masters it, as it does its mobility. What is signed is a revision, named by number and hash.
Changes are a proposal: the version that all three have signed stays in force until they have signed the next.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Self
from uuid import UUID

from pydantic import BaseModel, ConfigDict, computed_field

from services.exchanges.domain.component import Component
from services.exchanges.domain.learning_agreement_lifecycle import AWAITS, LIFECYCLE, Status
from services.exchanges.domain.mobility import TranscriptMissing
from services.exchanges.domain.study_plan import (
    StudyPlan,
    credits_of,
    is_short,
    recognised,
    revision_of,
    studied,
)
from services.exchanges.domain.transcript import Recognition, Transcript, TranscriptWanted, recognition, sent
from services.exchanges.domain.within_programme import WithinProgramme
from shared.contracts.agreement import Revision, Signature
from shared.contracts.credit import CreditConversion
from shared.contracts.learning_agreement import LearningAgreementDrafted
from shared.contracts.values import Instant, OrganisationId
from shared.domain.actor import Actor
from shared.domain.consent import Consent, RevisionChanged
from shared.domain.reason import Cause, Reason
from shared.domain.refused import Refused
from shared.domain.side import bound_side, side_of


class NotTheStudent(Refused):
    """Only the person who goes can sign this; let them sign in and do it themselves."""

    status = 403


class NoChanges(Refused):
    """The learning agreement of a short mobility is not changed once all three have signed it; cancel the mobility, or
    leave it as it is."""


class NothingInForce(Refused):
    """No version is in force that could stay so; revise the proposal, or cancel the mobility."""


class ProposalOpen(Refused):
    """Revision {number} of the learning agreement is open; let all three sign it, or withdraw it first."""

    number: int


class TranscriptOutdated(Refused):
    """The learning agreement was changed after the transcript; let the receiving institution send it again."""


class Proposal(BaseModel):
    """A revision that is open, and who has signed it."""

    model_config = ConfigDict(frozen=True, use_attribute_docstrings=True)

    revision: Revision
    plan: StudyPlan
    student_signed_at: Instant | None = None
    signatures: Consent
    """Those of the two institutions, the sending one first."""


class Version(BaseModel):
    """A revision that all three have signed."""

    model_config = ConfigDict(frozen=True, use_attribute_docstrings=True)

    revision: Revision
    plan: StudyPlan
    student_signed_at: Instant
    signatures: dict[OrganisationId, Signature]


@dataclass(kw_only=True)
class LearningAgreement(WithinProgramme):
    """The versions that all three have signed, and the proposal that is open. Its id is that of its mobility."""

    participant_id: UUID
    proposal: Proposal | None = None
    versions: list[Version] = field(default_factory=list[Version])
    """The first version, then each approved set of changes to it; the last one is in force."""
    transcript: Transcript | None = None
    """The newest that the receiving institution sent."""
    recognition: Recognition | None = None
    last_number: int = 0
    """Of the newest revision, also one that was given up."""
    status: Status = Status.DRAFTING

    lifecycle = LIFECYCLE
    awaits = AWAITS

    def drafted(self, actor: Actor, plan: StudyPlan) -> Self:
        """Records that `actor` drafted it for the sending institution; raises NotASide, Invalid."""
        party = self._sender(actor)
        self._open(plan)
        self.record(LearningAgreementDrafted, by=actor, party=party, **self._told)
        return self

    def revise(self, actor: Actor, plan: StudyPlan) -> None:
        """The sending institution drafts another proposal; signatures of the one before are void.

        Raises NotASide, NotInState, NoChanges, Invalid.
        """
        party = self._sender(actor)
        self.require("revise")
        if is_short(self.components):
            raise NoChanges
        self._open(plan)
        self.advance("revise", to=Status.DRAFTING, by=actor, party=party, **self._told)

    def sign(self, actor: Actor, revision: Revision, at: datetime) -> None:
        """The person who goes signs `revision`; raises NotTheStudent, NotInState, RevisionChanged."""
        if not actor.is_participant or actor.person != self.participant_id:
            raise NotTheStudent
        self.require("sign")
        self.proposal = self._named(revision).model_copy(update={"student_signed_at": at})
        self.advance("sign", to=Status.STUDENT_SIGNED, by=actor, **self._told)

    def propose(self, actor: Actor, revision: Revision, at: datetime) -> None:
        """The sending institution signs `revision`, and so proposes it.

        Raises NotASide, OfficeOfAPart, NotInState, RevisionChanged.
        """
        party = bound_side(actor, [self.sending], "learning agreement as its sending institution")
        self.require("propose")
        self._give(party, actor, revision, at)
        self.advance("propose", to=Status.PROPOSED, by=actor, party=party, **self._told)

    def approve(self, actor: Actor, revision: Revision, at: datetime) -> None:
        """The receiving institution signs `revision`, as the last of the three: it is in force.

        Raises NotASide, OfficeOfAPart, NotInState, RevisionChanged, SamePerson.
        """
        party = self._receiver(actor)
        self.require("approve")
        signed = self._give(party, actor, revision, at)
        told: dict[str, Any] = self._told | {"in_force": revision.number}
        self.versions.append(Version.model_validate(dict(signed) | {"signatures": signed.signatures.given}))
        self.proposal = None
        self.advance("approve", to=Status.AGREED, by=actor, party=party, **told)

    def comment(self, actor: Actor, revision: Revision, why: Reason) -> None:
        """The receiving institution says what must change in `revision`.

        Raises NotASide, OfficeOfAPart, NotInState, RevisionChanged.
        """
        party = self._receiver(actor)
        self.require("comment on")
        self._named(revision)
        self.advance("comment on", to=Status.COMMENTED, why=why, by=actor, party=party, **self._told)

    def withdraw(self, actor: Actor, why: Reason) -> None:
        """The sending institution gives up changes; raises NotASide, NotInState, NothingInForce."""
        party = self._sender(actor)
        self.require("withdraw")
        if not self.versions:
            raise NothingInForce
        self.proposal = None
        self.advance("withdraw", to=Status.AGREED, by=actor, party=party, why=why, in_force=self.in_force)

    def note_results(self, wanted: TranscriptWanted, at: datetime) -> Transcript:
        """Keeps the transcript; raises Invalid unless it fits the components in force."""
        wanted.require_covers(self.components)
        self.transcript = sent(wanted, at)
        return self.transcript

    def recognise(self, conversion: CreditConversion | None, at: datetime) -> Recognition:
        """Keeps what the results count at home.

        Raises TranscriptMissing, ProposalOpen, TranscriptOutdated, NoConversion.
        """
        if self.transcript is None:
            raise TranscriptMissing
        if self.proposal is not None:
            raise ProposalOpen(number=self.proposal.revision.number)
        if {each.key for each in self.transcript.results} != {each.key for each in studied(self.components)}:
            raise TranscriptOutdated
        self.recognition = recognition(self.transcript, self.components, conversion, at)
        return self.recognition

    def close(self, cause: Cause) -> None:
        """Its mobility is over; does nothing where it is closed."""
        if self.lifecycle.allows(self.status, "close"):
            self.advance("close", to=Status.CLOSED, why=Reason(cause), in_force=self.in_force)

    @computed_field
    @property
    def in_force(self) -> int | None:
        """The number of the version in force; null before the first."""
        return self.versions[-1].revision.number if self.versions else None

    @computed_field
    @property
    def components(self) -> list[Component]:
        """Those in force: of the first version, with the changes that all three have signed last."""
        if not self.versions:
            return []
        first = self._first
        return first if len(self.versions) == 1 else self.versions[-1].plan.components_after(first, self.kind)

    @property
    def _first(self) -> list[Component]:
        return self.versions[0].plan.components

    @property
    def _opened(self) -> Proposal:
        if self.proposal is None:
            raise LookupError("no proposal is open")
        return self.proposal

    @property
    def _told(self) -> dict[str, Any]:
        """What the events of the open revision say of it."""
        found = self._components_of(self._opened.plan)
        return {
            "revision": self._opened.revision,
            "in_force": self.in_force,
            "credits_abroad": credits_of(studied(found)),
            "credits_home": credits_of(recognised(found)),
        }

    def _components_of(self, plan: StudyPlan) -> Sequence[Component]:
        return plan.components_after(self._first if self.versions else None, self.kind)

    def _open(self, plan: StudyPlan) -> None:
        self._components_of(plan)
        plan = StudyPlan(**{name: getattr(plan, name) for name in StudyPlan.model_fields})
        self.last_number += 1
        base = self.versions[0].revision if self.versions else None
        revision = revision_of(self.last_number, plan, self.id, base)
        signatures = Consent(sides=[self.sending, self.receiving], revision=revision)
        self.proposal = Proposal(revision=revision, plan=plan, signatures=signatures)

    def _named(self, revision: Revision) -> Proposal:
        """The open proposal; raises RevisionChanged where `revision` is another one."""
        if revision != self._opened.revision:
            raise RevisionChanged(named=revision.number, current=self._opened.revision.number)
        return self._opened

    def _give(self, party: OrganisationId, actor: Actor, revision: Revision, at: datetime) -> Proposal:
        """Adds the signature of one of the two institutions to the open proposal; raises as `Consent.give`."""
        signatures = self._named(revision).signatures.give("signature", party, actor, at)
        self.proposal = self._opened.model_copy(update={"signatures": signatures})
        return self.proposal

    def _sender(self, actor: Actor) -> OrganisationId:
        return side_of(actor, [self.sending], "learning agreement as its sending institution")

    def _receiver(self, actor: Actor) -> OrganisationId:
        return bound_side(actor, [self.receiving], "learning agreement as its receiving institution")
