"""What calls and exchanges keep of their programme."""

from dataclasses import dataclass
from uuid import UUID

from shared.contracts.values import Code, OrganisationId, Text


@dataclass(kw_only=True)
class WithinProgramme:
    """The programme that something is part of; `Programme.heading` fills it."""

    programme_id: UUID
    programme_kind: Code
    programme_title: Text
    area: Code
    agreement_id: UUID
    institutions: list[OrganisationId]
