"""An agreement: drafted, reviewed by every signatory, signed by every signatory, in force, ended."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any, Self
from uuid import UUID

from pydantic import computed_field

from services.partners.domain.terms import Proposal, Terms, revision_of
from shared.contracts.agreement import (
    AgreementApproved,
    AgreementDrafted,
    AgreementEnded,
    AgreementInForce,
    AgreementKind,
    AgreementReturned,
    AgreementReviewed,
    AgreementRevised,
    AgreementSignatureAdded,
    AgreementSigned,
    AgreementSubmitted,
    AgreementTerminated,
    AgreementWithdrawn,
    Revision,
)
from shared.contracts.values import Area, Document, OrganisationId, Text, instant
from shared.domain.actor import Actor
from shared.domain.aggregate import Aggregate, Awaits, Lifecycle
from shared.domain.consent import Consent
from shared.domain.refused import NotASide, Refused
from shared.domain.side import side_of


class Status(StrEnum):
    """Where an agreement stands."""

    DRAFT = "draft"
    IN_REVIEW = "in-review"
    APPROVED = "approved"
    SIGNED = "signed"
    IN_FORCE = "in-force"
    ENDED = "ended"
    TERMINATED = "terminated"
    WITHDRAWN = "withdrawn"


LIFECYCLE = Lifecycle(
    [
        (Status.DRAFT, "submit", Status.IN_REVIEW, AgreementSubmitted),
        (Status.DRAFT, "revise", Status.DRAFT, AgreementRevised),
        (Status.DRAFT, "withdraw", Status.WITHDRAWN, AgreementWithdrawn),
        (Status.IN_REVIEW, "approve", Status.IN_REVIEW, AgreementReviewed),  # by one signatory
        (Status.IN_REVIEW, "approve", Status.APPROVED, AgreementApproved),  # by the last
        (Status.IN_REVIEW, "return", Status.DRAFT, AgreementReturned),
        (Status.IN_REVIEW, "revise", Status.IN_REVIEW, AgreementRevised),
        (Status.IN_REVIEW, "withdraw", Status.WITHDRAWN, AgreementWithdrawn),
        (Status.APPROVED, "revise", Status.IN_REVIEW, AgreementRevised),  # before the first signature
        (Status.APPROVED, "withdraw", Status.WITHDRAWN, AgreementWithdrawn),  # also after a signature
        (Status.APPROVED, "sign", Status.APPROVED, AgreementSignatureAdded),  # by one signatory
        (Status.APPROVED, "sign", Status.SIGNED, AgreementSigned),  # by the last
        (Status.SIGNED, "commence", Status.IN_FORCE, AgreementInForce),  # a timer, on the start date
        (Status.SIGNED, "terminate", Status.TERMINATED, AgreementTerminated),
        (Status.IN_FORCE, "end", Status.ENDED, AgreementEnded),  # a timer, after the last day
        (Status.IN_FORCE, "terminate", Status.TERMINATED, AgreementTerminated),
    ]
)
AWAITS: Awaits = {
    Status.IN_REVIEW: {"approve": lambda it, actor, now: it.approve(actor, now)},
    Status.APPROVED: {"sign": lambda it, actor, now: it.sign(actor, it.revision, now)},
}


class AlreadySigned(Refused):
    """The agreement has a signature, so its text can no longer change; withdraw it and draft a new one, or terminate it
    once all have signed."""


class PastItsEnd(Refused):
    """The agreement's last day was {ends_on}; draft a new agreement with later dates."""

    ends_on: date


class NothingRevised(Refused):
    """The agreement says this already; change its title, text, areas, time zone or dates.

    All signatories review a revision again, so one that changes nothing is refused.
    """


@dataclass(kw_only=True)
class Agreement(Aggregate):
    """An agreement with its terms, its sides, and who approved and signed which wording of it."""

    lifecycle = LIFECYCLE
    awaits = AWAITS
    keeps_versions = True

    kind: AgreementKind
    title: Text
    text: Document
    areas: list[Area]
    time_zone: str
    starts_on: date
    ends_on: date | None
    signatories: list[OrganisationId]
    participants: list[OrganisationId]
    revision: Revision
    reviews: Consent
    """Which signatories approved the present revision."""
    signatures: Consent
    status: Status = Status.DRAFT

    @classmethod
    def draft(cls, id: UUID, proposal: Proposal, actor: Actor) -> Self:
        """A new agreement at revision 1, drafted by somebody of a signatory; raises NotASide for others."""
        said: dict[str, Any] = {name: getattr(proposal, name) for name in Proposal.model_fields}
        revision = revision_of(proposal.text, 1)
        consent = Consent(sides=proposal.signatories, revision=revision)
        agreement = cls(id=id, revision=revision, reviews=consent, signatures=consent, **said)
        agreement._require_drafter(actor)
        agreement.record(AgreementDrafted, **_acting(actor))
        return agreement

    @computed_field
    @property
    def sides(self) -> list[OrganisationId]:
        """All organisations that the agreement concerns."""
        return [*self.signatories, *self.participants]

    @property
    def starts_at(self) -> datetime:
        """The first moment of the first day, in UTC."""
        return instant(self.starts_on, self.time_zone)

    @property
    def ends_at(self) -> datetime | None:
        """The first moment after the last day, in UTC; None for an agreement without end."""
        return instant(self.ends_on + timedelta(days=1), self.time_zone) if self.ends_on else None

    def due(self) -> Mapping[str, datetime]:
        """`commence` when signed by all, `end` when in force."""
        if self.status is Status.SIGNED:
            return {"commence": self.starts_at}
        if self.status is Status.IN_FORCE and self.ends_at:
            return {"end": self.ends_at}
        return {}

    def submit(self, actor: Actor) -> None:
        """Submits the draft to the signatories for review."""
        self._require_drafter(actor)
        self.advance("submit", to=Status.IN_REVIEW, **_acting(actor))

    def revise(self, terms: Terms, actor: Actor) -> None:
        """Changes the terms: the revision's number rises by one and reviews start again.

        Raises AlreadySigned after a signature, NothingRevised if `terms` are the present ones.
        """
        self._require_drafter(actor)
        if self.signatures.given:
            raise AlreadySigned
        self.require("revise")
        said = {name: getattr(terms, name) for name in Terms.model_fields}
        if all(getattr(self, name) == value for name, value in said.items()):
            raise NothingRevised
        for name, value in said.items():
            setattr(self, name, value)
        self.revision = revision_of(self.text, self.revision.number + 1)
        self.reviews = self.signatures = self._consent()
        self.advance("revise", to=self._after_revision(), before=self.status, **_acting(actor))

    def approve(self, actor: Actor, at: datetime) -> None:
        """One signatory approves the present revision; the last one makes the agreement ready to be signed.

        Raises NotASide, NotInState, AgreedAlready, SamePerson.
        """
        party = self._party(actor)
        self.require("approve")
        self.reviews = self.reviews.give("approval", party, actor, at)
        to = Status.APPROVED if self.reviews.complete else Status.IN_REVIEW
        self.advance("approve", to=to, **_acting(actor))

    def send_back(self, reason: Text, actor: Actor) -> None:
        """One signatory asks for changes: the agreement is a draft again, and reviews start again."""
        self._party(actor)
        self.require("return")
        self.reviews = self._consent()
        self.advance("return", to=Status.DRAFT, reason=reason, **_acting(actor))

    def sign(self, actor: Actor, revision: Revision, at: datetime) -> None:
        """One signatory's office holder signs the text of `revision`; the last signature makes the agreement signed.

        Raises NotASide, NotInState, RevisionChanged, AgreedAlready, SamePerson, and PastItsEnd after the last day.
        """
        party = self._party(actor)
        self.require("sign")
        if self.ends_at and at >= self.ends_at:
            raise PastItsEnd(ends_on=self.ends_on)
        self.signatures = self.signatures.give("signature", party, actor, at, revision=revision)
        to = Status.SIGNED if self.signatures.complete else Status.APPROVED
        self.advance("sign", to=to, signatures=self.signatures.given, **_acting(actor))

    def commence(self) -> None:
        """Puts it in force: its start date has come."""
        self.advance("commence", to=Status.IN_FORCE)

    def end(self) -> None:
        """Ends it: its last day is over."""
        self.advance("end", to=Status.ENDED)

    def terminate(self, reason: Text, actor: Actor) -> None:
        """A signatory ends a signed agreement early."""
        self._party(actor)
        self.advance("terminate", to=Status.TERMINATED, reason=reason, **_acting(actor))

    def withdraw(self, reason: Text, actor: Actor) -> None:
        """Gives the agreement up before all have signed it."""
        self._require_drafter(actor)
        self.advance("withdraw", to=Status.WITHDRAWN, before=self.status, reason=reason, **_acting(actor))

    def _after_revision(self) -> Status:
        return Status.DRAFT if self.status is Status.DRAFT else Status.IN_REVIEW

    def _party(self, actor: Actor) -> OrganisationId:
        if actor.organisation not in self.signatories:
            raise NotASide(what="agreement")
        return actor.organisation

    def _require_drafter(self, actor: Actor) -> None:
        # An institute within a signatory may prepare the text; only the signatory itself approves and signs it.
        side_of(actor, self.signatories, "agreement")

    def _consent(self) -> Consent:
        return Consent(sides=self.signatories, revision=self.revision)


def _acting(actor: Actor) -> dict[str, Any]:
    return {"party": actor.organisation, "by": actor.signatory}
