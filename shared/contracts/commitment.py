"""What organisations promise each other, as it was planned."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from shared.contracts.examples import BIRMINGHAM
from shared.contracts.values import Day, OrganisationId, Text, ZoneName


class PlannedCommitment(BaseModel, frozen=True):
    """Something promised: what, by whom and by when."""

    model_config = ConfigDict(extra="ignore", use_attribute_docstrings=True)

    number: Annotated[int, Field(ge=1, le=50, examples=[2])]
    """1, 2, 3 … within what it belongs to."""
    title: Text = Field(examples=[{"en": "First annual report", "zh": "首份年度报告"}])
    owner: OrganisationId = Field(examples=[BIRMINGHAM])
    """The organisation that promised it."""
    due_on: Day = Field(examples=["2027-06-30"])
    """The last day on which it is on time."""
    time_zone: ZoneName
    """The owner's zone, in which that day ends."""
