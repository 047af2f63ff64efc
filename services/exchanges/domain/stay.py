"""The days that somebody is to spend abroad."""

from typing import Self

from pydantic import BaseModel, ConfigDict, model_validator

from shared.contracts.values import Day
from shared.domain.academic_year import first_day, last_day
from shared.domain.refused import Invalid


class Stay(BaseModel):
    """From the planned day of arrival to that of departure."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)

    arrival: Day
    departure: Day
    """The last day."""

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.departure < self.arrival:
            raise ValueError("`departure` is the last day: give one that is not before `arrival`")
        return self

    def require_in(self, academic_year: str) -> None:
        """Raises Invalid for a stay that begins outside the academic year."""
        first, last = first_day(academic_year), last_day(academic_year)
        if not first <= self.arrival <= last:
            raise Invalid(reason=f"a stay of {academic_year} begins between {first} and {last}")
