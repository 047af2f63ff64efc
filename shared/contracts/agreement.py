"""Agreements between organisations, from the draft to their end."""

from enum import StrEnum
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from shared.contracts.event import Event
from shared.contracts.examples import BIRMINGHAM, NANJING
from shared.contracts.values import Area, Day, Instant, OrganisationId, Signatory, Text, ZoneName

AgreementId = UUID


class AgreementKind(StrEnum):
    """What an agreement is: a closed list."""

    MEMORANDUM_OF_UNDERSTANDING = "memorandum-of-understanding"
    TREATY_OF_FRIENDSHIP = "treaty-of-friendship"
    FRAMEWORK_AGREEMENT = "framework-agreement"
    IMPLEMENTATION_AGREEMENT = "implementation-agreement"


class AgreementStage(StrEnum):
    """Where an agreement stands until all have signed it."""

    DRAFT = "draft"
    IN_REVIEW = "in-review"
    APPROVED = "approved"


class Revision(BaseModel):
    """One fixed wording of an agreement: what is signed is a revision."""

    model_config = ConfigDict(frozen=True, extra="ignore", use_attribute_docstrings=True)

    number: int = Field(ge=1)
    """1 for the draft, one more with every change of title, text, areas or dates."""
    sha256: str = Field(
        pattern=r"^[0-9a-f]{64}$", examples=["9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"]
    )
    """SHA-256, in hexadecimal, of the text: of the UTF-8 bytes of the JSON object `{"en":…,"zh":…}` in canonical
    form (RFC 8785: keys in that order, no white space, nothing escaped that need not be), a language that is not
    given being `null`."""


class Signature(BaseModel):
    """One party's signature."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    by: Signatory
    at: Instant


class AgreementEvent(Event, topic="entente.partners.agreement"):
    """What happened to an agreement; every event carries its terms and its sides as they are afterwards."""

    agreement_id: AgreementId
    kind: AgreementKind
    title: Text = Field(examples=[{"en": "Student exchange Birmingham–Nanjing", "zh": "伯明翰—南京学生交流"}])
    areas: list[Area] = Field(examples=[["talent", "culture"]])
    """At least one, each once."""
    signatories: list[OrganisationId] = Field(examples=[[BIRMINGHAM, NANJING]])
    """The organisations that sign, at least two."""
    participants: list[OrganisationId] = Field(examples=[[]])
    """Further organisations that may act under the agreement; those within a signatory may as well."""
    time_zone: ZoneName
    """The zone in which the days begin and end."""
    starts_on: Day
    ends_on: Day | None = Field(None, examples=["2029-12-31"])
    """The last day; none for an agreement without end."""
    revision: Revision


class PartyActed(AgreementEvent):
    """Somebody acted for an organisation."""

    party: OrganisationId = Field(examples=[BIRMINGHAM])
    """The organisation acted for."""
    by: Signatory
    """The person, opaque, and the office held then."""


class AgreementDrafted(PartyActed, fact="drafted", version=1):
    """A first revision was written."""


class AgreementRevised(PartyActed, fact="revised", version=1):
    """Title, text, areas or dates were changed; reviews that had been given no longer count."""

    before: AgreementStage = Field(AgreementStage.IN_REVIEW, examples=["approved"])
    """Where it stood until then: an approved one waits no longer for signatures."""


class AgreementSubmitted(PartyActed, fact="submitted", version=1):
    """The draft was laid before the signatories for review."""


class AgreementReviewed(PartyActed, fact="reviewed", version=1):
    """One signatory approved the revision, others have yet to."""


class AgreementApproved(PartyActed, fact="approved", version=1):
    """The last signatory approved the revision; it can be signed."""


class AgreementReturned(PartyActed, fact="returned", version=1):
    """A signatory asked for changes; the agreement is a draft again."""

    reason: Text


class AgreementSignatureAdded(PartyActed, fact="signature-added", version=1):
    """One signatory signed, others have yet to."""


class AgreementSigned(PartyActed, fact="signed", version=1):
    """The last signatory signed; the agreement will be in force on its start date, at once if that is past."""

    signatures: dict[OrganisationId, Signature]
    """All signatures, by the organisation signed for."""


class AgreementInForce(AgreementEvent, fact="in-force", version=1):
    """The start date came."""


class AgreementEnded(AgreementEvent, fact="ended", version=1):
    """The last day went by."""


class AgreementTerminated(PartyActed, fact="terminated", version=1):
    """A signatory ended the agreement early."""

    reason: Text


class AgreementWithdrawn(PartyActed, fact="withdrawn", version=1):
    """The agreement was given up before all had signed."""

    reason: Text
    before: AgreementStage = Field(AgreementStage.IN_REVIEW, examples=["approved"])
    """Where it stood until then: an approved one waits no longer for signatures, and may bear some."""
