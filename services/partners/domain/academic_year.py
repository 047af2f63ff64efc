"""Academic years, from 1 August to 31 July."""

from datetime import date
from typing import Annotated

from pydantic import Field, StringConstraints

AcademicYear = Annotated[str, StringConstraints(pattern=r"^[0-9]{4}-[0-9]{2}$"), Field(examples=["2026-27"])]
"""An academic year by its two calendar years: `2026-27` lasts from 1 August 2026 to 31 July 2027."""
FIRST_MONTH = 8
"""August, as in the year of HE-BCI: no academic year of the United Kingdom or China spans it."""


def academic_year(day: date) -> str:
    """The academic year that `day` lies in."""
    first = day.year if day.month >= FIRST_MONTH else day.year - 1
    return f"{first}-{(first + 1) % 100:02}"
