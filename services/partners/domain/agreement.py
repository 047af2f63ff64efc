"""An agreement: drafted, reviewed and signed by every signatory, or recorded from paper; in force, and ended."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Self
from uuid import UUID

from pydantic import computed_field

from services.partners.domain.agreement_days import WithDays
from services.partners.domain.agreement_lifecycle import AWAITS, LIFECYCLE, OPEN, RUNNING, UNSIGNED, Status
from services.partners.domain.agreement_refusals import (
    AlreadySigned,
    DocumentNotNamed,
    NoNoticePeriod,
    NothingRevised,
    NoticeGivenAlready,
    NotYourNotice,
    PastItsEnd,
    SignedByOthers,
)
from services.partners.domain.paper import Paper
from services.partners.domain.terms import Terms, changed, revision_of
from shared.contracts.agreement import AgreementDrafted, AgreementRecorded, DocumentReference, Revision, Target
from shared.contracts.condition import Condition
from shared.contracts.values import Code, Document, OrganisationId, Sha256, Text
from shared.domain.actor import Actor
from shared.domain.consent import Consent, RevisionChanged
from shared.domain.reason import Cause, Reason
from shared.domain.side import bound_side, side_of


@dataclass(kw_only=True)
class Agreement(WithDays):
    """An agreement with its terms, its sides, and who approved and signed which wording of it."""

    lifecycle = LIFECYCLE
    awaits = AWAITS
    keeps_versions = True

    kind: Code
    title: Text
    text: Document
    areas: list[Code]
    signatories: list[OrganisationId]
    participants: list[OrganisationId]
    parent_agreement_id: UUID | None = None
    targets: list[Target] = field(default_factory=list[Target])
    conditions: list[Condition] = field(default_factory=list[Condition])
    documents: list[DocumentReference] = field(default_factory=list[DocumentReference])
    revision: Revision
    reviews: Consent
    """Which signatories approved the present revision, or confirmed the record of a paper."""
    signatures: Consent
    paper: Paper | None = None
    """For an agreement that was signed on paper: when, where and by which offices."""
    vouched: dict[OrganisationId, Sha256] = field(default_factory=dict[OrganisationId, Sha256])
    """For signatories that have nobody here: the document that an operator compared the record with."""
    consents: dict[Code, Consent] = field(default_factory=dict[Code, Consent])
    """Which signatories agreed to suspend, resume or terminate it, until all have."""
    notice_by: OrganisationId | None = None

    @classmethod
    def draft(cls, id: UUID, terms: Terms, actor: Actor) -> Self:
        """A new agreement at revision 1, drafted by somebody of a signatory; raises NotASide for others."""
        agreement = cls._new(id, terms)
        agreement.record(AgreementDrafted, by=actor, party=side_of(actor, agreement.signatories, "agreement"))
        return agreement

    @classmethod
    def recorded_from(cls, id: UUID, terms: Terms, paper: Paper, actor: Actor, at: datetime) -> Self:
        """An agreement signed on paper, entered by an officer of a signatory; raises NotASide for others.

        The others confirm it. An officer of the signatory itself has confirmed it by entering it.
        """
        agreement = cls._new(id, terms)
        side = side_of(actor, agreement.signatories, "agreement")
        agreement.paper, agreement.status = paper, Status.RECORDED
        agreement.starts_on = agreement.starts_on or paper.signed_on
        if side == actor.organisation:
            agreement.reviews = agreement.reviews.give("confirmation", side, actor, at)
        agreement.record(AgreementRecorded, by=actor, party=side, signed_on=paper.signed_on)
        return agreement

    @classmethod
    def _new(cls, id: UUID, terms: Terms) -> Self:
        revision = revision_of(terms, 1)
        consent = Consent(sides=terms.signatories, revision=revision)
        return cls(id=id, revision=revision, reviews=consent, signatures=consent, **terms.said)

    @computed_field
    @property
    def sides(self) -> list[OrganisationId]:
        """Who sees it: its signatories, and its participants from the last signature on."""
        return [*self.signatories, *(self.participants if self.status not in UNSIGNED else [])]

    @property
    def terms(self) -> Terms:
        """All that the present revision fixes."""
        said = {name: getattr(self, name) for name in Terms.model_fields}
        parts = {name: [each.model_dump() for each in said[name]] for name in ("targets", "conditions", "documents")}
        return Terms.model_validate(said | parts)

    @property
    def over(self) -> bool:
        """Whether it can never again be in force."""
        return self.status not in OPEN

    def submit(self, actor: Actor) -> None:
        """Submits the draft to the signatories for review."""
        party = side_of(actor, self.signatories, "agreement")
        self.advance("submit", to=Status.IN_REVIEW, by=actor, party=party)

    def revise(self, terms: Terms, actor: Actor) -> None:
        """Changes terms or parties: the revision's number rises by one and reviews start again.

        Raises AlreadySigned after a signature, NothingRevised if `terms` are the present ones.
        """
        party = side_of(actor, self.signatories, "agreement")
        if self.signatures.given:
            raise AlreadySigned
        self.require("revise")
        if not changed(self.terms, terms):
            raise NothingRevised
        self._take(terms)
        to = Status.DRAFT if self.status is Status.DRAFT else Status.IN_REVIEW
        self.advance("revise", to=to, before=self.status, by=actor, party=party)

    def approve(self, actor: Actor, revision: Revision, at: datetime) -> None:
        """One signatory approves `revision`; the last one makes the agreement ready to be signed.

        Raises NotASide, OfficeOfAPart, NotInState, RevisionChanged, AgreedAlready, SamePerson.
        """
        party = bound_side(actor, self.signatories, "agreement")
        self.require("approve")
        self.reviews = self.reviews.give("approval", party, actor, at, revision=revision)
        to = Status.APPROVED if self.reviews.complete else Status.IN_REVIEW
        self.advance("approve", to=to, by=actor, party=party)

    def send_back(self, why: Reason, actor: Actor) -> None:
        """One signatory asks for changes: the agreement is a draft again, and reviews start again."""
        party = bound_side(actor, self.signatories, "agreement")
        self.require("return")
        self.reviews = self._consent()
        self.advance("return", to=Status.DRAFT, by=actor, party=party, why=why)

    def sign(self, actor: Actor, revision: Revision, at: datetime) -> None:
        """One signatory's office holder signs `revision`; the last signature makes the agreement signed.

        Raises NotASide, OfficeOfAPart, NotInState, RevisionChanged, AgreedAlready, SamePerson, ApprovedByYou, and
        PastItsEnd after the last day.
        """
        party = bound_side(actor, self.signatories, "agreement")
        self.require("sign")
        if self.ends_at and at >= self.ends_at:
            raise PastItsEnd(ends_on=self.ends_on)
        self.reviews.require_another(party, actor)
        self.signatures = self.signatures.give("signature", party, actor, at, revision=revision)
        if self.signatures.complete:
            self.starts_on = self.starts_on or self._day(at)
        to = Status.SIGNED if self.signatures.complete else Status.APPROVED
        self.advance("sign", to=to, signatures=self.signatures.given, by=actor, party=party)

    def confirm_record(self, actor: Actor, revision: Revision, at: datetime) -> None:
        """One signatory confirms the record of a paper; after the last one it is in force, ended or yet to begin.

        Raises what `approve` raises.
        """
        party = bound_side(actor, self.signatories, "agreement")
        self.require("confirm record")
        to = self._confirmed(party, actor, revision, at)
        self.advance("confirm record", to=to, by=actor, party=party, reason_code=None)

    def vouch_for_record(
        self, party: OrganisationId, document: Sha256, why: Reason, actor: Actor, revision: Revision, at: datetime
    ) -> None:
        """An operator confirms the record for a signatory that has nobody here, against a document that it names.

        The caller checks that it has nobody. Raises NotInState, DocumentNotNamed, NotASide, RevisionChanged,
        AgreedAlready, SamePerson.
        """
        self.require("vouch for record")
        if document not in {each.sha256 for each in self.documents}:
            raise DocumentNotNamed
        to = self._confirmed(party, actor, revision, at)
        self.vouched = {**self.vouched, party: document}
        self.advance("vouch for record", to=to, by=actor, party=party, why=why, document_sha256=document)

    def end_with_parent(self) -> None:
        """Its parent agreement is over; does nothing where it is over itself."""
        if self.lifecycle.allows(self.status, "end"):
            self.advance("end", to=Status.ENDED)
        elif self.lifecycle.allows(self.status, "withdraw"):
            why = Reason(Cause.AGREEMENT_ENDED)
            self.advance("withdraw", to=Status.WITHDRAWN, before=self.status, why=why)

    def suspend(self, actor: Actor, why: Reason, at: datetime) -> None:
        """One signatory agrees to suspend it; raises NotASide, OfficeOfAPart, NotInState, AgreedAlready, SamePerson."""
        self._agree("suspend", Status.SUSPENDED, actor, at, why)

    def resume(self, actor: Actor, at: datetime) -> None:
        """One signatory agrees to resume it; raises what `suspend` raises."""
        self._agree("resume", Status.IN_FORCE, actor, at)

    def terminate(self, actor: Actor, why: Reason, at: datetime) -> None:
        """One signatory agrees to end it early; raises what `suspend` raises."""
        self._agree("terminate", Status.TERMINATED, actor, at, why)

    def give_notice(self, actor: Actor, why: Reason, at: datetime) -> None:
        """A signatory gives notice: it terminates after the days of the terms, unless that is retracted.

        Raises NotASide, OfficeOfAPart, NotInState, NoNoticePeriod, NoticeGivenAlready.
        """
        party = bound_side(actor, self.signatories, "agreement")
        self.require("give notice")
        if self.notice_days is None:
            raise NoNoticePeriod
        if self.terminates_on:
            raise NoticeGivenAlready(terminates_on=str(self.terminates_on))
        self.notice_by, self.terminates_on = party, self._day(at) + timedelta(days=self.notice_days)
        self.advance("give notice", to=self.status, by=actor, party=party, why=why)

    def retract_notice(self, actor: Actor) -> None:
        """The side that gave notice takes it back; raises NotASide, OfficeOfAPart, NotInState, NotYourNotice."""
        party = bound_side(actor, self.signatories, "agreement")
        self.require("retract notice")
        if party != self.notice_by:
            raise NotYourNotice
        self.notice_by = self.terminates_on = None
        self.advance("retract notice", to=self.status, by=actor, party=party)

    def terminate_by_notice(self) -> None:
        """The notice has run out."""
        self.advance("terminate by notice", to=Status.TERMINATED, party=self.notice_by, why=Reason(Cause.NOTICE))

    def amend(self, amendment_id: UUID, base: Revision, terms: Terms, at: datetime) -> None:
        """Takes the terms of an amendment that all have signed; raises NotInState, RevisionChanged if it is stale."""
        self.require("amend")
        if base != self.revision:
            raise RevisionChanged(named=base.number, current=self.revision.number)
        what = changed(self.terms, terms)
        reviews, signatures = self.reviews, self.signatures
        self._take(terms)
        self.reviews, self.signatures = reviews, signatures  # of the first wording; the amendment has its own
        self._skip_reminders(at)
        self.advance("amend", to=self.status, amendment_id=amendment_id, changed=what)

    def withdraw(self, why: Reason, actor: Actor) -> None:
        """Gives the agreement up before all have signed it; after a signature only a side that signed can.

        Raises NotASide, OfficeOfAPart, NotInState, SignedByOthers.
        """
        party = bound_side(actor, self.signatories, "agreement")
        self.require("withdraw")
        if self.signatures.given and party not in self.signatures.given:
            raise SignedByOthers
        self.advance("withdraw", to=Status.WITHDRAWN, before=self.status, by=actor, party=party, why=why)

    def _agree(self, what: str, to: Status, actor: Actor, at: datetime, why: Reason | None = None) -> None:
        party = bound_side(actor, self.signatories, "agreement")
        self.require(what)
        consent = self.consents.get(what, Consent(sides=self.signatories)).give(f"consent to {what}", party, actor, at)
        if consent.complete:
            self.consents = {}
            self.advance(what, to=to, by=actor, party=party, why=why)
        else:
            self.consents = {**self.consents, what: consent}
            self.advance(what, to=self.status, by=actor, party=party, about=what)

    def _confirmed(self, party: OrganisationId, actor: Actor, revision: Revision, at: datetime) -> Status:
        """Takes one signatory's confirmation of the record; answers where the agreement stands after it."""
        self.reviews = self.reviews.give("confirmation", party, actor, at, revision=revision)
        to = self._standing(at) if self.reviews.complete else Status.RECORDED
        if to in RUNNING:
            self._skip_reminders(at)
        return to

    def _take(self, terms: Terms) -> None:
        for name, value in terms.said.items():
            setattr(self, name, value)
        self.revision = revision_of(terms, self.revision.number + 1)
        self.reviews = self.signatures = self._consent()
        self.consents = {}

    def _consent(self) -> Consent:
        return Consent(sides=self.signatories, revision=self.revision)
