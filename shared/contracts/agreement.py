"""Agreements between organisations, from draft to end."""

from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from shared.contracts.examples import BIRMINGHAM, NANJING
from shared.contracts.family import AggregateEvent, ReasonedEvent
from shared.contracts.values import Code, Day, Instant, OrganisationId, Signatory, Text, ZoneName

AgreementId = UUID


class Revision(BaseModel):
    """One fixed text of an agreement. A signature is for one revision."""

    model_config = ConfigDict(frozen=True, extra="ignore", use_attribute_docstrings=True)

    number: int = Field(ge=1)
    """1 for the first draft; each change of title, text, areas or dates adds one."""
    sha256: str = Field(
        pattern=r"^[0-9a-f]{64}$", examples=["9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"]
    )
    """SHA-256 of the text, in hexadecimal. It covers the UTF-8 bytes of the JSON object `{"en":…,"zh":…}` in canonical
    form (RFC 8785: keys in that order, no white space, only the escapes that JSON requires). A language without a text
    is `null`."""


class Signature(BaseModel):
    """One party's signature."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    by: Signatory
    at: Instant


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
    time_zone: ZoneName
    """The zone in which its days begin and end."""
    starts_on: Day
    ends_on: Day | None = Field(None, examples=["2029-12-31"])
    """The last day in force; null for an agreement with no end date."""
    revision: Revision


class AgreementDrafted(AgreementEvent, fact="drafted", version=1):
    """The first revision was written."""


class AgreementRevised(AgreementEvent, fact="revised", version=1):
    """Title, text, areas or dates were changed. Earlier approvals no longer count."""

    before: Code = Field(examples=["approved"])
    """The stage before the change. If it was `approved`, signatures are no longer due."""


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
    """The last signatory signed. The agreement comes into force on its start date, or at once if that has passed."""


class AgreementInForce(AgreementEvent, fact="in-force", version=1):
    """The start date has come: the agreement is in force."""


class AgreementEnded(AgreementEvent, fact="ended", version=1):
    """The last day has passed: the agreement is no longer in force."""


class AgreementTerminated(AgreementEvent, ReasonedEvent, fact="terminated", version=1):
    """A signatory ended the agreement before its last day."""


class AgreementWithdrawn(AgreementEvent, ReasonedEvent, fact="withdrawn", version=1):
    """A party withdrew the agreement before every signatory had signed it."""

    before: Code = Field(examples=["approved"])
    """The stage before the withdrawal. If it was `approved`, it may carry signatures, and no more are due."""
