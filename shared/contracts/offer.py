"""Technology offers: technologies that an organisation has, to bring into use with a partner."""

from uuid import UUID

from pydantic import Field

from shared.contracts.examples import BIRMINGHAM
from shared.contracts.family import AggregateEvent, ReasonedEvent
from shared.contracts.technology import Readiness
from shared.contracts.values import Code, Document, OrganisationId, Text


class OfferEvent(AggregateEvent, topic="entente.commercialisation.offer"):
    """Something happened to a technology offer."""

    offer_id: UUID
    organisation_id: OrganisationId = Field(examples=[BIRMINGHAM])
    """The organisation that offers the technology."""
    agreement_id: UUID
    initiative_id: UUID | None = None
    """The initiative that it came from, if any."""
    area: Code = Field(examples=["commercialisation"])
    """Always `commercialisation`, which the agreement covers."""
    title: Text = Field(examples=[{"en": "A store of cold for buses", "zh": "公交车蓄冷装置"}])
    technology_field: Code = Field(examples=["new-energy"])
    trl: Readiness
    """The technology's current readiness level."""
    intellectual_property: Code = Field(examples=["patent-granted"])
    forms: list[Code] = Field(examples=[["joint-development", "licence"]])
    """The forms of cooperation that the organisation accepts; at least one, without duplicates."""


class OfferPublished(OfferEvent, fact="published"):
    """The offer was published: every reader can see it."""

    summary: Document = Field(
        examples=[
            {
                "en": "Liquid air stores energy and cools without a battery.",
                "zh": "液态空气储能，无需电池即可制冷。",
            }
        ]
    )


class OfferAdvanced(OfferEvent, fact="advanced"):
    """The technology reached a higher readiness level: both sides of a deal confirmed the milestone."""


class OfferWithdrawn(OfferEvent, ReasonedEvent, fact="withdrawn"):
    """The organisation withdrew the offer. Its open matches lapse; running deals continue."""


class OfferClosed(OfferEvent, ReasonedEvent, fact="closed"):
    """The offer closed because its agreement ended. Its open matches lapse; running deals continue."""
