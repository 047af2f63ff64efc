"""Technology needs: technologies that an organisation looks for, to bring into use with a partner."""

from uuid import UUID

from pydantic import Field

from shared.contracts.examples import NANJING
from shared.contracts.family import AggregateEvent, ReasonedEvent
from shared.contracts.technology import Readiness
from shared.contracts.values import Code, Document, OrganisationId, Text


class NeedEvent(AggregateEvent, topic="entente.commercialisation.need"):
    """Something happened to a technology need."""

    need_id: UUID
    organisation_id: OrganisationId = Field(examples=[NANJING])
    """The organisation that looks for a technology."""
    agreement_id: UUID
    area: Code = Field(examples=["commercialisation"])
    """Always `commercialisation`, which the agreement covers."""
    title: Text = Field(examples=[{"en": "Cooling of electric buses", "zh": "电动公交车制冷"}])
    technology_field: Code = Field(examples=["new-energy"])
    least_trl: Readiness
    """The lowest technology readiness level that the organisation accepts."""
    forms: list[Code] = Field(examples=[["joint-development", "licence"]])
    """The forms of cooperation that the organisation accepts; at least one, without duplicates."""


class NeedPublished(NeedEvent, fact="published"):
    """The need was published: every reader can see it."""

    summary: Document = Field(
        examples=[
            {
                "en": "Liquid air stores energy and cools without a battery.",
                "zh": "液态空气储能，无需电池即可制冷。",
            }
        ]
    )


class NeedWithdrawn(NeedEvent, ReasonedEvent, fact="withdrawn"):
    """The organisation withdrew the need. Its open matches lapse; running deals continue."""


class NeedClosed(NeedEvent, ReasonedEvent, fact="closed"):
    """The need closed because its agreement ended. Its open matches lapse; running deals continue."""
