"""What calls and exchanges keep of their programme."""

from dataclasses import dataclass
from uuid import UUID

from shared.contracts.programme import ProgrammeKind
from shared.contracts.values import Area, OrganisationId, Text


@dataclass(kw_only=True)
class WithinProgramme:
    """The programme that something is part of; `Programme.heading` fills it."""

    programme_id: UUID
    programme_kind: ProgrammeKind
    programme_title: Text
    area: Area
    agreement_id: UUID
    institutions: list[OrganisationId]
