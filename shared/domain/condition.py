"""Cooperation conditions, as institutions ask for them."""

from collections.abc import Collection, Mapping
from enum import StrEnum
from typing import Annotated, Self
from uuid import UUID

from pydantic import AfterValidator, Field, model_validator

from shared.contracts.condition import AcademicYear, Condition, LanguageTag
from shared.contracts.credit import Positive
from shared.contracts.values import AreaCode, Code, FieldOfStudy, OrganisationId, Text
from shared.domain.academic_year import years
from shared.domain.command import Command
from shared.domain.refused import Refused

MOST_YEARS = 10


class UnitElsewhere(Refused):
    """The unit {unit} is not part of the institution {institution}; name a part of it, or no unit."""

    unit: UUID
    institution: UUID


class ConditionKind(StrEnum):
    """What people go for."""

    STUDENT_STUDIES = "student-studies"
    STUDENT_TRAINEESHIP = "student-traineeship"
    STAFF_TEACHING = "staff-teaching"
    STAFF_TRAINING = "staff-training"
    DOUBLE_DEGREE = "double-degree"
    BLENDED = "blended"


class Rounding(StrEnum):
    """How credits are rounded to a step of the scale."""

    HALF_UP = "half-up"
    HALF_EVEN = "half-even"
    UP = "up"
    DOWN = "down"


class ConversionWanted(Command):
    """How credits of the receiving institution become credits of the sending one."""

    receiving_scheme: Annotated[Code, Field(examples=["chinese-credits"])]
    sending_scheme: Annotated[Code, Field(examples=["ects"])]
    rate: Positive
    """How many credits of the sending scheme one of the receiving scheme gives, such as `1.50`."""
    step: Annotated[Positive, Field(examples=["0.50"])] = "0.50"
    """What each component gives is rounded to a multiple of this."""
    rounding: Rounding = Rounding.HALF_UP

    @model_validator(mode="after")
    def _two_schemes(self) -> Self:
        if self.receiving_scheme == self.sending_scheme:
            raise ValueError("credits of one scheme need no conversion: give two schemes, or no conversion")
        return self


class LanguageLevel(StrEnum):
    """The levels of the Common European Framework of Reference for Languages (CEFR)."""

    A1 = "a1"
    A2 = "a2"
    B1 = "b1"
    B2 = "b2"
    C1 = "c1"
    C2 = "c2"


def _consecutive(year: str) -> str:
    if int(year[5:]) != int(year[:4]) + 1 or not 1900 <= int(year[:4]) < 2200:
        raise ValueError("not an academic year; write it like `2026/2027`")
    return year


WantedYear = Annotated[
    AcademicYear, Field(json_schema_extra={"x-reference": "academic-years"}), AfterValidator(_consecutive)
]
"""An academic year, in a request."""


def _distinct(levels: list[int]) -> list[int]:
    return sorted(set(levels))


class ConditionWanted(Command):
    """How many people one institution sends to another in each academic year, to do what."""

    code: Annotated[Code, Field(examples=["undergraduates-to-nanjing"])]
    """Names the condition within its agreement. Keep it when you change the rest."""
    kind: ConditionKind
    title: Text
    area: AreaCode
    """One of the agreement's areas of cooperation."""
    sending: OrganisationId
    sending_unit: OrganisationId | None = None
    """The part of the sending institution that people come from; none for any."""
    receiving: OrganisationId
    receiving_unit: OrganisationId | None = None
    """The part of the receiving institution that people go to; none for any."""
    mobilities_per_year: Annotated[int, Field(ge=1, le=100_000)]
    """The most people in an academic year."""
    months_per_year: Annotated[int, Field(ge=1, le=1_000_000)]
    """The months of all of them together in an academic year."""
    field_of_study: FieldOfStudy
    eqf_levels: Annotated[
        list[Annotated[int, Field(ge=1, le=8)]], Field(min_length=1, max_length=8), AfterValidator(_distinct)
    ]
    """Levels of the European Qualifications Framework: 6 for a bachelor's, 7 for a master's, 8 for a doctor's."""
    language: LanguageTag | None = None
    """The language that those who go should speak."""
    language_level: LanguageLevel | None = None
    """How well, as a level of the CEFR."""
    conversion: ConversionWanted | None = None
    """How credits from there count here; none where both institutions use one scheme."""
    first_year: WantedYear
    last_year: WantedYear
    """Not before the first; at most ten years in all."""

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        if self.sending == self.receiving:
            raise ValueError("people go from one institution to another: give two different ones")
        if not 1 <= len(years(self.first_year, self.last_year)) <= MOST_YEARS:
            raise ValueError(f"`last_year` is not before `first_year`, and there are at most {MOST_YEARS} years")
        if self.language_level and not self.language:
            raise ValueError("`language_level` says how well people speak `language`: give that too")
        return self

    @property
    def organisations(self) -> list[OrganisationId]:
        """All that it names."""
        named = (self.sending, self.sending_unit, self.receiving, self.receiving_unit)
        return [one for one in named if one]

    def require_units(self, within: Mapping[OrganisationId, Collection[OrganisationId]]) -> None:
        """Raises UnitElsewhere for a unit that is not part of its institution; `within` has what each is part of."""
        for unit, institution in ((self.sending_unit, self.sending), (self.receiving_unit, self.receiving)):
            if unit and institution not in within[unit]:
                raise UnitElsewhere(unit=unit, institution=institution)

    @property
    def condition(self) -> Condition:
        """As it stands on events and in documents."""
        return Condition(**self.model_dump(mode="json"))
