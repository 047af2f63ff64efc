"""Programmes: what two or more institutions do together under an agreement that is in force."""

from enum import StrEnum
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from shared.contracts.event import Event
from shared.contracts.examples import BIRMINGHAM, NANJING
from shared.contracts.values import Area, Day, OrganisationId, Signatory, Text


class ProgrammeKind(StrEnum):
    """What a programme is."""

    STUDENT_EXCHANGE = "student-exchange"
    TRAINING_COHORT = "training-cohort"
    CULTURAL_EVENT = "cultural-event"
    DELEGATION = "delegation"


class Direction(BaseModel, frozen=True):
    """From which organisation to which people go."""

    model_config = ConfigDict(extra="ignore")

    sending: OrganisationId = Field(examples=[BIRMINGHAM])
    receiving: OrganisationId = Field(examples=[NANJING])


class Places(Direction, frozen=True):
    """How many people may go in one direction."""

    number: Annotated[int, Field(ge=0, le=100_000, examples=[5])]


class ProgrammeEvent(Event, topic="entente.exchanges.programme"):
    """Something happened to a programme."""

    programme_id: UUID
    programme_kind: ProgrammeKind
    title: Text = Field(examples=[{"en": "Student exchange Birmingham–Nanjing", "zh": "伯明翰—南京学生交流"}])
    area: Area = Field(examples=["talent"])
    """The area of cooperation that the programme belongs to; its agreement covers it."""
    agreement_id: UUID
    institutions: list[OrganisationId] = Field(examples=[[BIRMINGHAM, NANJING]])
    """The institutions that run it; exactly two for a student exchange."""
    places: list[Places]
    """The places of the whole programme, for each direction."""
    starts_on: Day
    ends_on: Day = Field(examples=["2029-12-31"])


class ProgrammeOpened(ProgrammeEvent, fact="opened"):
    """A programme was opened under an agreement in force."""

    party: OrganisationId = Field(examples=[BIRMINGHAM])
    """The institution that opened it."""
    by: Signatory


class ProgrammeClosed(ProgrammeEvent, fact="closed"):
    """A programme takes no more calls and nominations; exchanges that run go on."""

    reason: Text
    party: OrganisationId | None = Field(None, examples=[BIRMINGHAM])
    """The institution that closed it; none when it was closed because its agreement is over."""
    by: Signatory | None = None


class WithinProgramme(Event):
    """What the events of calls and exchanges tell of the programme they belong to."""

    programme_id: UUID
    programme_kind: ProgrammeKind
    programme_title: Text = Field(examples=[{"en": "Student exchange Birmingham–Nanjing", "zh": "伯明翰—南京学生交流"}])
    area: Area = Field(examples=["talent"])
    agreement_id: UUID
    institutions: list[OrganisationId] = Field(examples=[[BIRMINGHAM, NANJING]])
    """The institutions of the programme."""
