"""Amendments: changes of an agreement in force. The agreement is unchanged until an amendment applies."""

from uuid import UUID

from pydantic import Field

from shared.contracts.agreement import Revision, Signature
from shared.contracts.examples import BIRMINGHAM, NANJING
from shared.contracts.family import AggregateEvent, ReasonedEvent
from shared.contracts.values import Code, Day, OrganisationId, Text, ZoneName


class AmendmentEvent(AggregateEvent, topic="entente.partners.amendment"):
    """Something happened to an amendment."""

    amendment_id: UUID
    agreement_id: UUID
    title: Text = Field(examples=[{"en": "Student exchange Birmingham–Nanjing", "zh": "伯明翰—南京学生交流"}])
    """The title of the agreement as it will be."""
    signatories: list[OrganisationId] = Field(examples=[[BIRMINGHAM, NANJING]])
    """Who must agree: the signatories of the agreement, and those that the amendment adds."""
    changed: list[Code] = Field(examples=[["areas", "ends-on"]])
    """The terms that it changes, by name."""
    applies_on: Day | None = Field(None, examples=["2027-09-01"])
    """The day on which it applies; null for the day of the last signature."""
    time_zone: ZoneName
    """The zone in which that day begins."""
    revision: Revision


class AmendmentProposed(AmendmentEvent, fact="proposed"):
    """A signatory proposed to change the agreement."""


class AmendmentApprovalGiven(AmendmentEvent, fact="approval-given"):
    """One signatory agreed; others have yet to."""


class AmendmentAgreed(AmendmentEvent, fact="agreed"):
    """The last signatory agreed; it can be signed."""


class AmendmentSignatureEvent(AmendmentEvent):
    """A signature was given."""

    signatures: dict[OrganisationId, Signature]
    """Every signature so far, by the organisation that it was given for."""


class AmendmentSignatureAdded(AmendmentSignatureEvent, fact="signature-added"):
    """One signatory signed; others have yet to."""


class AmendmentSigned(AmendmentSignatureEvent, fact="signed"):
    """The last signatory signed: it applies on its day, or at once if that has come."""


class AmendmentApplied(AmendmentEvent, fact="applied"):
    """The agreement has the new terms; `AgreementAmended` carries them."""


class AmendmentWithdrawn(AmendmentEvent, ReasonedEvent, fact="withdrawn"):
    """A signatory withdrew it before all had signed."""


class AmendmentLapsed(AmendmentEvent, ReasonedEvent, fact="lapsed"):
    """It can no longer apply: the agreement is over, or was changed by another amendment."""
