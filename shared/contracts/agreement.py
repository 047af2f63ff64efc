"""Agreements between organisations: drafted, reviewed and signed here, or recorded from paper; in force, and ended."""

from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from shared.contracts.condition import Condition
from shared.contracts.examples import BIRMINGHAM, NANJING
from shared.contracts.family import AggregateEvent, ReasonedEvent
from shared.contracts.values import Code, Day, Instant, OrganisationId, Sha256, Signatory, Text, ZoneName

AgreementId = UUID


class Revision(BaseModel):
    """One fixed wording of an agreement or an amendment. An approval and a signature name the revision they are for."""

    model_config = ConfigDict(frozen=True, extra="ignore", use_attribute_docstrings=True)

    number: int = Field(ge=1)
    """1 for the first draft; each change of a term or a party adds one."""
    sha256: Sha256
    """SHA-256, in hexadecimal, over all terms and parties as they were approved: the UTF-8 bytes of a JSON object in
    canonical form (RFC 8785) that has each field of a draft, with the values that the document shows."""


class Signature(BaseModel):
    """One party's signature."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    by: Signatory
    at: Instant


class Target(BaseModel):
    """What the sides promise to deliver in an area by a day."""

    model_config = ConfigDict(frozen=True, extra="ignore", use_attribute_docstrings=True)

    area: Code = Field(examples=["talent"])
    fact: Code = Field(examples=["mobilities-live"])
    """What is counted; `GET /agreements/{id}/delivery` counts the same facts."""
    number: Annotated[int, Field(ge=1, le=1_000_000, examples=[20])]
    due_on: Day = Field(examples=["2027-07-31"])
    """The last day on which it is in time, in the agreement's time zone."""


class DocumentReference(BaseModel):
    """A file that belongs to an agreement and is kept elsewhere, such as the signed scan."""

    model_config = ConfigDict(frozen=True, extra="ignore", use_attribute_docstrings=True)

    title: Text = Field(examples=[{"en": "The signed text", "zh": "签署文本"}])
    sha256: Sha256
    """SHA-256 of the file's bytes, in hexadecimal."""
    url: Annotated[str, StringConstraints(max_length=2000)] = Field(examples=["https://records.example.org/2026/17"])


class AgreementEvent(AggregateEvent, topic="entente.partners.agreement"):
    """Something happened to an agreement. Every event carries its terms and sides as they are after the event."""

    agreement_id: AgreementId
    kind: Code = Field(examples=["memorandum-of-understanding"])
    title: Text = Field(examples=[{"en": "Student exchange Birmingham–Nanjing", "zh": "伯明翰—南京学生交流"}])
    areas: list[Code] = Field(examples=[["talent", "culture"]])
    """At least one, in alphabetical order, without duplicates."""
    signatories: list[OrganisationId] = Field(examples=[[BIRMINGHAM, NANJING]])
    """The organisations that sign; at least two."""
    participants: list[OrganisationId] = Field(examples=[[]])
    """Other organisations that may act under the agreement. Organisations within a signatory may too, unlisted."""
    parent_agreement_id: AgreementId | None = Field(None, examples=[None])
    """The agreement that this one is an annex of. Areas and parties lie within the parent's; it ends with it."""
    time_zone: ZoneName
    """The zone in which its days begin and end."""
    starts_on: Day | None
    """The first day in force; null while it is to begin on the day of the last signature."""
    ends_on: Day | None = Field(None, examples=["2029-12-31"])
    """The last day in force; null for an agreement with no end date."""
    notice_days: int | None = Field(None, examples=[180])
    """How many days after its notice it terminates; null if no side may give notice."""
    renewal: Code = Field("none", examples=["by-consent"])
    """`none`, `by-consent` (an amendment of the end date) or `automatic` (unless notice is given)."""
    targets: list[Target] = Field(default_factory=list[Target])
    """What the sides promise to deliver."""
    conditions: list[Condition] = Field(default_factory=list[Condition])
    """Who goes where between the two institutions of an annex, in which academic years."""
    revision: Revision


class AgreementDrafted(AgreementEvent, fact="drafted", version=1):
    """The first revision was written."""


class AgreementRevised(AgreementEvent, fact="revised", version=1):
    """Terms or parties were changed. Earlier approvals no longer count."""

    before: Code = Field(examples=["approved"])
    """The status before the change. If it was `approved`, signatures are no longer due."""


class AgreementSubmitted(AgreementEvent, fact="submitted", version=1):
    """The draft was submitted to the signatories for review."""


class AgreementReviewed(AgreementEvent, fact="reviewed", version=1):
    """One signatory approved the revision; others have yet to."""


class AgreementApproved(AgreementEvent, fact="approved", version=1):
    """The last signatory approved the revision; it can be signed."""


class AgreementReturned(AgreementEvent, ReasonedEvent, fact="returned", version=1):
    """A signatory returned the agreement for changes; it is a draft again."""


class SignatureEvent(AgreementEvent):
    """A signature was given."""

    signatures: dict[OrganisationId, Signature]
    """Every signature so far, by the organisation that it was given for."""


class AgreementSignatureAdded(SignatureEvent, fact="signature-added", version=1):
    """One signatory signed; others have yet to."""


class AgreementSigned(SignatureEvent, fact="signed", version=1):
    """The last signatory signed. The agreement comes into force on its first day, or at once if that has come."""


class AgreementRecorded(AgreementEvent, fact="recorded", version=1):
    """An agreement that was signed on paper was entered; the other signatories have yet to confirm it."""

    signed_on: Day = Field(examples=["2025-10-24"])
    """The day of the paper's last signature."""


class RecordConfirmationEvent(AgreementEvent):
    """The record was confirmed for one signatory: by its officer or, if it has nobody here, by an operator."""

    document_sha256: Sha256 | None = None
    """The document that an operator compared the record with, by its SHA-256; null if the signatory's own officer
    confirmed it."""
    reason_code: Code | None = Field(None, examples=["no-account"])
    """Why an operator confirmed it, as an open code; null if the signatory's own officer did."""


class AgreementRecordReviewed(RecordConfirmationEvent, fact="record-reviewed", version=1):
    """One signatory confirmed the record of a paper agreement; others have yet to."""


class AgreementRecordConfirmed(RecordConfirmationEvent, fact="record-confirmed", version=1):
    """The last signatory confirmed the record: it counts from now on as if it had been signed here."""


class AgreementInForce(AgreementEvent, fact="in-force", version=1):
    """The first day has come: the agreement is in force."""


class AgreementExpiryNear(AgreementEvent, fact="expiry-near", version=1):
    """The end, or the last day for giving notice of it, is near."""

    days: int = Field(examples=[90])
    """How many days were left when the reminder fell due: 180, 90 or 30."""
    deadline: Day
    """The last day on which the sides can still act: the last day in force, or the last day for giving notice."""


class AgreementRenewed(AgreementEvent, fact="renewed", version=1):
    """The last day passed without notice, and the agreement renewed itself: `ends_on` is its new last day."""


class AgreementAmended(AgreementEvent, fact="amended", version=1):
    """An amendment applied: the terms are new, and what was approved and signed before is not undone."""

    amendment_id: UUID
    changed: list[Code] = Field(examples=[["areas", "ends-on"]])
    """The terms that changed, by name."""


class AgreementConsentGiven(AgreementEvent, fact="consent-given", version=1):
    """One signatory agreed to suspend, resume or terminate the agreement; others have yet to."""

    about: Code = Field(examples=["suspend"])
    """`suspend`, `resume` or `terminate`."""


class AgreementSuspended(AgreementEvent, ReasonedEvent, fact="suspended", version=1):
    """All signatories suspended it: nothing new can begin under it; what runs goes on."""


class AgreementResumed(AgreementEvent, fact="resumed", version=1):
    """All signatories resumed it: new work can begin again."""


class AgreementNoticeGiven(AgreementEvent, ReasonedEvent, fact="notice-given", version=1):
    """A signatory gave notice: the agreement terminates after its last day under the notice, unless it is retracted."""

    terminates_on: Day = Field(examples=["2028-06-30"])
    """The last day in force."""


class AgreementNoticeRetracted(AgreementEvent, fact="notice-retracted", version=1):
    """The signatory that gave notice took it back."""


class AgreementEnded(AgreementEvent, fact="ended", version=1):
    """The last day has passed, or the parent agreement is over: the agreement is no longer in force."""


class AgreementTerminated(AgreementEvent, ReasonedEvent, fact="terminated", version=1):
    """All signatories ended it before its last day, or the notice that one of them gave has run out."""


class AgreementWithdrawn(AgreementEvent, ReasonedEvent, fact="withdrawn", version=1):
    """A signatory withdrew the agreement before every signatory had signed it, or all had confirmed it."""

    before: Code = Field(examples=["approved"])
    """The status before the withdrawal. If it was `approved`, it may carry signatures, and no more are due."""
