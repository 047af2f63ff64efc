"""Technology offers: what an organisation has and would bring into use with a partner."""

from uuid import UUID

from pydantic import Field

from shared.contracts.event import Event
from shared.contracts.examples import BIRMINGHAM
from shared.contracts.technology import CooperationForm, IntellectualProperty, Readiness, TechnologyField
from shared.contracts.values import Area, Document, OrganisationId, Signatory, Text


class OfferEvent(Event, topic="entente.commercialisation.offer"):
    """Something happened to a technology offer."""

    offer_id: UUID
    organisation_id: OrganisationId = Field(examples=[BIRMINGHAM])
    """The organisation that offers."""
    agreement_id: UUID
    area: Area = Field(examples=["commercialisation"])
    """Always commercialisation; the agreement covers it."""
    title: Text = Field(examples=[{"en": "A store of cold for buses", "zh": "公交车蓄冷装置"}])
    technology_field: TechnologyField = Field(examples=["new-energy"])
    trl: Readiness
    """The technology's present readiness level."""
    intellectual_property: IntellectualProperty = Field(examples=["patent-granted"])
    forms: list[CooperationForm] = Field(examples=[["joint-development", "licence"]])
    """The forms of cooperation that the organisation would enter into, at least one, each once."""


class OfferPublished(OfferEvent, fact="published"):
    """A technology is offered to all who read."""

    summary: Document = Field(
        examples=[
            {
                "en": "Liquid air stores energy and cools without a battery.",
                "zh": "液态空气储能，无需电池即可制冷。",
            }
        ]
    )
    by: Signatory


class OfferAdvanced(OfferEvent, fact="advanced"):
    """The technology has reached a higher readiness level, by a milestone that both sides of a deal confirmed."""


class OfferWithdrawn(OfferEvent, fact="withdrawn"):
    """The organisation offers it no longer; its open matches lapse, running deals go on."""

    reason: Text
    by: Signatory


class OfferClosed(OfferEvent, fact="closed"):
    """The agreement that the offer stood under is over; its open matches lapse, running deals go on."""

    reason: Text
