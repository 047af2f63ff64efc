"""A technology need: published, and then withdrawn by its organisation or closed because its agreement is over."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Self
from uuid import UUID

from services.commercialisation.domain.forms import require_each_once
from shared.contracts.need import NeedClosed, NeedPublished, NeedWithdrawn
from shared.contracts.technology import CooperationForm, Readiness, TechnologyField
from shared.contracts.values import Area, Document, OrganisationId, Signatory, Text
from shared.domain.actor import Actor
from shared.domain.aggregate import Aggregate, Lifecycle
from shared.domain.side import side_of


class Status(StrEnum):
    """Where a need stands."""

    PUBLISHED = "published"
    WITHDRAWN = "withdrawn"
    CLOSED = "closed"


@dataclass(kw_only=True)
class Need(Aggregate):
    """Every reader sees it; whom it is matched with is for the two sides of the match."""

    organisation_id: OrganisationId
    agreement_id: UUID
    area: Area = Area.COMMERCIALISATION
    title: Text
    summary: Document
    technology_field: TechnologyField
    least_trl: Readiness
    forms: list[CooperationForm]
    published_by: Signatory
    status: Status = Status.PUBLISHED
    reason: Text | None = None
    """Why it was withdrawn or closed."""

    keeps_versions = True
    lifecycle = Lifecycle(
        [
            (Status.PUBLISHED, "withdraw", Status.WITHDRAWN, NeedWithdrawn),
            (Status.PUBLISHED, "close", Status.CLOSED, NeedClosed),  # its agreement is over
        ]
    )

    def published(self, actor: Actor) -> Self:
        """Records that `actor` published it; raises NotASide for somebody of another organisation, Invalid."""
        side_of(actor, [self.organisation_id], "need")
        require_each_once(self.forms)
        self.record(NeedPublished, by=self.published_by)
        return self

    def withdraw(self, actor: Actor, reason: Text) -> None:
        """Its organisation withdraws it; raises NotASide, NotInState."""
        side_of(actor, [self.organisation_id], "need")
        self.reason = reason
        self.advance("withdraw", to=Status.WITHDRAWN, by=actor.signatory)

    def close(self, reason: Text) -> None:
        """Its agreement is over; raises NotInState."""
        self.reason = reason
        self.advance("close", to=Status.CLOSED)
