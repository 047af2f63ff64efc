"""A technology offer: published, and then withdrawn by its organisation or closed because its agreement is over."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Self
from uuid import UUID

from services.commercialisation.domain.forms import require_each_once
from services.commercialisation.domain.technology import (
    COMMERCIALISATION,
    CooperationForm,
    IntellectualProperty,
    TechnologyField,
)
from shared.contracts.offer import OfferAdvanced, OfferClosed, OfferPublished, OfferWithdrawn
from shared.contracts.technology import Readiness
from shared.contracts.values import Code, Document, OrganisationId, Signatory, Text
from shared.domain.actor import Actor
from shared.domain.aggregate import Lifecycle
from shared.domain.reason import Reason, WithReason
from shared.domain.side import side_of


class Status(StrEnum):
    """The status of an offer."""

    PUBLISHED = "published"
    WITHDRAWN = "withdrawn"
    CLOSED = "closed"


@dataclass(kw_only=True)
class Offer(WithReason):
    """Every reader sees it; whom it is matched with is for the two sides of the match."""

    organisation_id: OrganisationId
    agreement_id: UUID
    initiative_id: UUID | None = None
    area: Code = COMMERCIALISATION
    title: Text
    summary: Document
    technology_field: TechnologyField
    trl: Readiness
    intellectual_property: IntellectualProperty
    forms: list[CooperationForm]
    published_by: Signatory
    status: Status = Status.PUBLISHED

    keeps_versions = True
    lifecycle = Lifecycle(
        [
            (Status.PUBLISHED, "advance", Status.PUBLISHED, OfferAdvanced),
            (Status.PUBLISHED, "withdraw", Status.WITHDRAWN, OfferWithdrawn),
            (Status.PUBLISHED, "close", Status.CLOSED, OfferClosed),  # its agreement is over
        ]
    )

    def published(self, actor: Actor) -> Self:
        """Records that `actor` published it; raises NotASide for somebody of another organisation, Invalid."""
        party = side_of(actor, [self.organisation_id], "offer")
        require_each_once(self.forms)
        self.record(OfferPublished, by=actor, party=party)
        return self

    def advance_to(self, trl: Readiness) -> None:
        """Raises its readiness to `trl`; does nothing when it is that high or no longer offered."""
        if self.status is Status.PUBLISHED and trl > self.trl:
            self.trl = trl
            self.advance("advance", to=Status.PUBLISHED)

    def withdraw(self, actor: Actor, why: Reason) -> None:
        """Its organisation withdraws it; raises NotASide, NotInState."""
        party = side_of(actor, [self.organisation_id], "offer")
        self.advance("withdraw", to=Status.WITHDRAWN, by=actor, party=party, why=why)

    def close(self, why: Reason) -> None:
        """Its agreement is over; raises NotInState."""
        self.advance("close", to=Status.CLOSED, why=why)
