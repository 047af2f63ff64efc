"""Programmes: what two or more institutions do together under an agreement that is in force."""

from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from shared.contracts.examples import BIRMINGHAM, NANJING
from shared.contracts.family import AggregateEvent, ReasonedEvent
from shared.contracts.values import Code, Day, OrganisationId, Text


class Direction(BaseModel, frozen=True):
    """The organisation that people come from and the one that they go to."""

    model_config = ConfigDict(extra="ignore")

    sending: OrganisationId = Field(examples=[BIRMINGHAM])
    receiving: OrganisationId = Field(examples=[NANJING])


class Places(Direction, frozen=True):
    """How many people may go in one direction."""

    number: Annotated[int, Field(ge=0, le=100_000, examples=[5])]


class ProgrammeEvent(AggregateEvent, topic="entente.exchanges.programme"):
    """Something happened to a programme."""

    programme_id: UUID
    programme_kind: Code = Field(examples=["student-exchange"])
    title: Text = Field(examples=[{"en": "Student exchange Birmingham–Nanjing", "zh": "伯明翰—南京学生交流"}])
    area: Code = Field(examples=["talent"])
    """The programme's area of cooperation, which its agreement covers."""
    agreement_id: UUID
    initiative_id: UUID | None = None
    """The initiative that it belongs to, if any."""
    institutions: list[OrganisationId] = Field(examples=[[BIRMINGHAM, NANJING]])
    """The institutions that run it; exactly two for a student exchange."""
    places: list[Places]
    """How many people can go in each direction, over the whole programme."""
    starts_on: Day
    ends_on: Day = Field(examples=["2029-12-31"])


class ProgrammeOpened(ProgrammeEvent, fact="opened"):
    """The programme was opened under an agreement in force."""


class ProgrammeClosed(ProgrammeEvent, ReasonedEvent, fact="closed"):
    """The programme takes no new calls or nominations. Existing nominations and exchanges are not affected."""


class WithinProgramme(AggregateEvent):
    """The programme that a call or an exchange belongs to, on each of their events."""

    programme_id: UUID
    programme_kind: Code = Field(examples=["student-exchange"])
    programme_title: Text = Field(examples=[{"en": "Student exchange Birmingham–Nanjing", "zh": "伯明翰—南京学生交流"}])
    area: Code = Field(examples=["talent"])
    agreement_id: UUID
    institutions: list[OrganisationId] = Field(examples=[[BIRMINGHAM, NANJING]])
    """The institutions of the programme."""
