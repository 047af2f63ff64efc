"""The offer, the need and the two organisations that a match is about; each of its deals keeps them."""

from dataclasses import dataclass, fields
from typing import Any
from uuid import UUID

from pydantic import computed_field

from services.commercialisation.domain.technology import TechnologyField
from shared.contracts.values import Code, OrganisationId


@dataclass(kw_only=True)
class BetweenTwo:
    """What a match and its deals have in common."""

    offer_id: UUID
    need_id: UUID
    agreement_id: UUID
    area: Code
    technology_field: TechnologyField
    offering: OrganisationId
    seeking: OrganisationId

    @computed_field
    @property
    def sides(self) -> list[OrganisationId]:
        """Who sees it and decides on it: the organisation that offers and the one that seeks."""
        return [self.offering, self.seeking]

    @property
    def between(self) -> dict[str, Any]:
        """These fields, for a deal to begin with."""
        return {field.name: getattr(self, field.name) for field in fields(BetweenTwo)}
