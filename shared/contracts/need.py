"""Technology needs: what an organisation looks for and would bring into use with a partner."""

from uuid import UUID

from pydantic import Field

from shared.contracts.event import Event
from shared.contracts.examples import NANJING
from shared.contracts.technology import CooperationForm, Readiness, TechnologyField
from shared.contracts.values import Area, Document, OrganisationId, Signatory, Text


class NeedEvent(Event, topic="entente.commercialisation.need"):
    """Something happened to a technology need."""

    need_id: UUID
    organisation_id: OrganisationId = Field(examples=[NANJING])
    """The organisation that looks for a technology."""
    agreement_id: UUID
    area: Area = Field(examples=["commercialisation"])
    """Always commercialisation; the agreement covers it."""
    title: Text = Field(examples=[{"en": "Cooling of electric buses", "zh": "电动公交车制冷"}])
    technology_field: TechnologyField = Field(examples=["new-energy"])
    least_trl: Readiness
    """The least readiness level that is wanted."""
    forms: list[CooperationForm] = Field(examples=[["joint-development", "licence"]])
    """The forms of cooperation that the organisation would enter into, at least one, each once."""


class NeedPublished(NeedEvent, fact="published"):
    """A need is made known to all who read."""

    summary: Document = Field(
        examples=[
            {
                "en": "Liquid air stores energy and cools without a battery.",
                "zh": "液态空气储能，无需电池即可制冷。",
            }
        ]
    )
    by: Signatory


class NeedWithdrawn(NeedEvent, fact="withdrawn"):
    """The organisation needs it no longer; its open matches lapse, running deals go on."""

    reason: Text
    by: Signatory


class NeedClosed(NeedEvent, fact="closed"):
    """The agreement that the need stood under is over; its open matches lapse, running deals go on."""

    reason: Text
