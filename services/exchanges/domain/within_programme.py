"""What calls and mobilities keep of their programme."""

from dataclasses import dataclass
from uuid import UUID

from pydantic import computed_field

from shared.contracts.condition import AcademicYear
from shared.contracts.values import Code, FieldOfStudy, OrganisationId, Text
from shared.domain.reason import WithReason


@dataclass(kw_only=True)
class WithinProgramme(WithReason):
    """The programme that something is part of; `Programme.heading` fills it."""

    programme_id: UUID
    programme_title: Text
    agreement_id: UUID
    academic_year: AcademicYear
    area: Code
    kind: Code
    """The kind of the programme's condition, such as `student-studies`."""
    field_of_study: FieldOfStudy
    sending: OrganisationId
    receiving: OrganisationId

    @computed_field
    @property
    def sides(self) -> list[OrganisationId]:
        """Who sees it: the sending and the receiving institution."""
        return [self.sending, self.receiving]
