"""A technology need: published, and then withdrawn by its organisation or closed because its agreement is over."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Self
from uuid import UUID

from services.commercialisation.domain.forms import require_each_once
from services.commercialisation.domain.technology import COMMERCIALISATION, CooperationForm, TechnologyField
from shared.contracts.need import NeedClosed, NeedPublished, NeedWithdrawn
from shared.contracts.technology import Readiness
from shared.contracts.values import Code, Document, OrganisationId, Signatory, Text
from shared.domain.actor import Actor
from shared.domain.aggregate import Lifecycle
from shared.domain.reason import Reason, WithReason
from shared.domain.side import side_of


class Status(StrEnum):
    """The status of a need."""

    PUBLISHED = "published"
    WITHDRAWN = "withdrawn"
    CLOSED = "closed"


@dataclass(kw_only=True)
class Need(WithReason):
    """Every reader sees it; whom it is matched with is for the two sides of the match."""

    organisation_id: OrganisationId
    agreement_id: UUID
    area: Code = COMMERCIALISATION
    title: Text
    summary: Document
    technology_field: TechnologyField
    least_trl: Readiness
    forms: list[CooperationForm]
    published_by: Signatory
    status: Status = Status.PUBLISHED

    keeps_versions = True
    lifecycle = Lifecycle(
        [
            (Status.PUBLISHED, "withdraw", Status.WITHDRAWN, NeedWithdrawn),
            (Status.PUBLISHED, "close", Status.CLOSED, NeedClosed),  # its agreement is over
        ]
    )

    def published(self, actor: Actor) -> Self:
        """Records that `actor` published it; raises NotASide for somebody of another organisation, Invalid."""
        party = side_of(actor, [self.organisation_id], "need")
        require_each_once(self.forms)
        self.record(NeedPublished, by=actor, party=party)
        return self

    def withdraw(self, actor: Actor, why: Reason) -> None:
        """Its organisation withdraws it; raises NotASide, NotInState."""
        party = side_of(actor, [self.organisation_id], "need")
        self.advance("withdraw", to=Status.WITHDRAWN, by=actor, party=party, why=why)

    def close(self, why: Reason) -> None:
        """Its agreement is over; raises NotInState."""
        self.advance("close", to=Status.CLOSED, why=why)
