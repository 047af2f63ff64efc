"""Cooperation conditions: how many people one institution sends to another in each academic year, and for what."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from shared.contracts.credit import CreditConversion
from shared.contracts.examples import BIRMINGHAM, NANJING
from shared.contracts.values import Code, FieldOfStudy, OrganisationId, Text

AcademicYear = Annotated[str, StringConstraints(pattern=r"^[0-9]{4}/[0-9]{4}$"), Field(examples=["2026/2027"])]
"""An academic year by its two calendar years: `2026/2027` lasts from 1 August 2026 to 31 July 2027."""
LanguageTag = Annotated[str, StringConstraints(pattern=r"^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$"), Field(examples=["zh"])]
"""A language as BCP 47 writes it."""


class Condition(BaseModel, frozen=True):
    """How many people one institution sends to another in each academic year, to do what."""

    model_config = ConfigDict(extra="ignore", use_attribute_docstrings=True)

    code: Code = Field(examples=["undergraduates-to-nanjing"])
    """Names the condition within its agreement, and stays when the rest of it is changed."""
    kind: Code = Field(examples=["student-studies"])
    """`student-studies`, `student-traineeship`, `staff-teaching`, `staff-training`, `double-degree` or `blended`."""
    title: Text = Field(examples=[{"en": "Undergraduates to Nanjing", "zh": "赴南京本科生"}])
    area: Code = Field(examples=["talent"])
    """The area of cooperation, which the agreement covers."""
    sending: OrganisationId = Field(examples=[BIRMINGHAM])
    sending_unit: OrganisationId | None = Field(None, examples=[None])
    """The part of the sending institution that people come from; null for any."""
    receiving: OrganisationId = Field(examples=[NANJING])
    receiving_unit: OrganisationId | None = Field(None, examples=[None])
    """The part of the receiving institution that people go to; null for any."""
    mobilities_per_year: Annotated[int, Field(ge=1, le=100_000, examples=[5])]
    """The most people in an academic year."""
    months_per_year: Annotated[int, Field(ge=1, le=1_000_000, examples=[50])]
    """The months of all of them together in an academic year."""
    field_of_study: FieldOfStudy
    eqf_levels: list[int] = Field(examples=[[6]])
    """Levels of the European Qualifications Framework: 6 for a bachelor's, 7 for a master's, 8 for a doctor's."""
    language: LanguageTag | None = None
    """The language that those who go should speak."""
    language_level: Code | None = Field(None, examples=["b1"])
    """How well, as a level of the CEFR in lower case: `a1` to `c2`."""
    conversion: CreditConversion | None = None
    """How credits from there count here; null where both institutions use one scheme."""
    first_year: AcademicYear
    last_year: AcademicYear = Field(examples=["2029/2030"])
