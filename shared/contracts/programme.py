"""Programmes: what two or more institutions do together under an agreement that is in force."""

from enum import StrEnum
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from shared.contracts.event import Event
from shared.contracts.examples import BIRMINGHAM, NANJING
from shared.contracts.values import Area, Day, OrganisationId, Signatory, Text


class ProgrammeKind(StrEnum):
    """The kind of a programme."""

    STUDENT_EXCHANGE = "student-exchange"
    TRAINING_COHORT = "training-cohort"
    CULTURAL_EVENT = "cultural-event"
    DELEGATION = "delegation"


class Direction(BaseModel, frozen=True):
    """The organisation that people come from and the one that they go to."""

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
    """The programme's area of cooperation, which its agreement covers."""
    agreement_id: UUID
    institutions: list[OrganisationId] = Field(examples=[[BIRMINGHAM, NANJING]])
    """The institutions that run it; exactly two for a student exchange."""
    places: list[Places]
    """How many people can go in each direction, over the whole programme."""
    starts_on: Day
    ends_on: Day = Field(examples=["2029-12-31"])


class ProgrammeOpened(ProgrammeEvent, fact="opened"):
    """The programme was opened under an agreement in force."""

    party: OrganisationId = Field(examples=[BIRMINGHAM])
    """The institution that opened it."""
    by: Signatory


class ProgrammeClosed(ProgrammeEvent, fact="closed"):
    """The programme takes no new calls or nominations. Existing nominations and exchanges are not affected."""

    reason: Text
    party: OrganisationId | None = Field(None, examples=[BIRMINGHAM])
    """The institution that closed it; null if it closed because its agreement ended."""
    by: Signatory | None = None


class WithinProgramme(Event):
    """The programme that a call or an exchange belongs to, on each of their events."""

    programme_id: UUID
    programme_kind: ProgrammeKind
    programme_title: Text = Field(examples=[{"en": "Student exchange Birmingham–Nanjing", "zh": "伯明翰—南京学生交流"}])
    area: Area = Field(examples=["talent"])
    agreement_id: UUID
    institutions: list[OrganisationId] = Field(examples=[[BIRMINGHAM, NANJING]])
    """The institutions of the programme."""
