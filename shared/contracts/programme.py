"""Programmes: one cooperation condition for one academic year."""

from uuid import UUID

from pydantic import Field

from shared.contracts.condition import AcademicYear, Condition
from shared.contracts.examples import BIRMINGHAM, NANJING
from shared.contracts.family import AggregateEvent, ReasonedEvent
from shared.contracts.values import Code, FieldOfStudy, OrganisationId, Text


class ProgrammeEvent(AggregateEvent, topic="entente.exchanges.programme"):
    """Something happened to a programme."""

    programme_id: UUID
    agreement_id: UUID
    initiative_id: UUID | None = None
    """The initiative that it belongs to, if any."""
    academic_year: AcademicYear
    area: Code = Field(examples=["talent"])
    """The condition's area of cooperation."""
    title: Text = Field(examples=[{"en": "Undergraduates to Nanjing", "zh": "赴南京本科生"}])
    sending: OrganisationId = Field(examples=[BIRMINGHAM])
    receiving: OrganisationId = Field(examples=[NANJING])
    condition: Condition
    """What the two institutions agreed for this year."""


class ProgrammeProposed(ProgrammeEvent, fact="proposed"):
    """One institution proposed a programme that no agreement's conditions name; the other has yet to agree."""


class ProgrammeAgreementGiven(ProgrammeEvent, fact="agreement-given"):
    """One institution agreed to the programme; the other has yet to."""


class ProgrammeOpened(ProgrammeEvent, fact="opened"):
    """Both institutions want the programme: the sending one can open calls."""


class ProgrammeChanged(ProgrammeEvent, fact="changed"):
    """The agreement's condition was changed in time for this academic year."""


class ProgrammeWithdrawn(ProgrammeEvent, ReasonedEvent, fact="withdrawn"):
    """An institution withdrew or declined the proposal."""


class ProgrammeClosingAgreed(ProgrammeEvent, ReasonedEvent, fact="closing-agreed"):
    """One institution wants to close the programme before its year is over; the other has yet to agree."""


class ProgrammeClosed(ProgrammeEvent, ReasonedEvent, fact="closed"):
    """The programme takes no new calls or nominations. What was nominated goes on."""


class WithinProgramme(AggregateEvent):
    """The programme that a call or a mobility belongs to, on each of their events."""

    programme_id: UUID
    programme_title: Text = Field(examples=[{"en": "Undergraduates to Nanjing", "zh": "赴南京本科生"}])
    agreement_id: UUID
    academic_year: AcademicYear
    area: Code = Field(examples=["talent"])
    kind: Code = Field(examples=["student-studies"])
    """The kind of the programme's condition."""
    field_of_study: FieldOfStudy
    sending: OrganisationId = Field(examples=[BIRMINGHAM])
    receiving: OrganisationId = Field(examples=[NANJING])
