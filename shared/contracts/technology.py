"""Values that describe a technology, for offers, needs, matches and deals."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from shared.contracts.values import Code, Day, Text

Readiness = Annotated[int, Field(ge=1, le=9, examples=[4])]
"""A technology readiness level (TRL), 1 to 9: ISO 16290:2013, in the European Union's wording (Horizon 2020 work
programme, general annex G). 1 basic principles observed, 2 concept formulated, 3 proof of concept, 4 validated in a
laboratory, 5 validated and 6 demonstrated in a relevant environment, 7 a prototype demonstrated in an operational
environment, 8 complete and qualified, 9 proven in operation."""


class FitReason(BaseModel, frozen=True):
    """One reason why an offer fits a need, and how much it adds to the score."""

    model_config = ConfigDict(extra="ignore", use_attribute_docstrings=True)

    criterion: Code = Field(examples=["field"])
    points: Annotated[int, Field(ge=1, le=100, examples=[40])]
    """The points of all reasons add up to the score."""


class PlannedMilestone(BaseModel, frozen=True):
    """A milestone of a deal: what to achieve, and by when."""

    model_config = ConfigDict(extra="ignore", use_attribute_docstrings=True)

    number: Annotated[int, Field(ge=1, le=50, examples=[2])]
    """1, 2, 3 … within the deal."""
    title: Text = Field(examples=[{"en": "Ten buses in service", "zh": "十辆公交车投入运行"}])
    due_on: Day = Field(examples=["2027-06-30"])
    """The last day on which it is on time, in the deal's time zone."""
    trl: Readiness | None = None
    """The technology readiness level that achieving it proves; null if it is about something else."""
