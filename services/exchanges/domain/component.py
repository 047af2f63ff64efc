"""Components of a learning agreement: courses and whatever else somebody studies abroad or has recognised at home."""

from enum import StrEnum
from typing import Annotated, Self

from pydantic import Field, model_validator

from shared.contracts.credit import Amount
from shared.contracts.values import Code, Day, Text, Words
from shared.domain.command import Command


class Table(StrEnum):
    """Where a component stands, as in the tables of the European template."""

    ABROAD = "abroad"
    """Table A: studied at the receiving institution."""
    HOME = "home"
    """Table B: recognised at the sending institution."""
    VIRTUAL = "virtual"
    """Table C: studied at the receiving institution from afar."""
    BLENDED = "blended"
    """Of a blended mobility with a short stay."""
    DOCTORAL = "doctoral"
    """Of a short stay of a doctoral candidate."""


SHORT = (Table.BLENDED, Table.DOCTORAL)
"""What only a short mobility has, whose learning agreement is never changed."""


class Term(Command):
    """The term in which a component is studied, such as the first of two."""

    number: Annotated[int, Field(ge=1, le=12)]
    total: Annotated[int, Field(ge=1, le=12)]
    """How many terms the year has at the institution that gives the component."""

    @model_validator(mode="after")
    def _within(self) -> Self:
        if self.number > self.total:
            raise ValueError("`number` is one of the `total` terms of the year")
        return self


class CreditWanted(Command):
    """An amount of credits in one scheme."""

    scheme: Annotated[Code, Field(examples=["ects"])]
    value: Amount


class Component(Command):
    """One course, or something else that is studied or recognised."""

    key: Annotated[Code, Field(examples=["functional-programming"])]
    """Names the component within its learning agreement: changes and results name it by this."""
    table: Table
    title: Text
    code: Words | None = None
    """As in the catalogue of courses."""
    term: Term | None = None
    """Needed in `abroad` and `home`."""
    credits: list[CreditWanted] = Field(default_factory=list[CreditWanted], max_length=5)
    """One for each scheme; none where credits do not apply."""
    starts_on: Day | None = None
    ends_on: Day | None = None
    recognition_conditions: Text | None = None
    """What must be met before it is recognised; not in `abroad`."""
    description: Text | None = None
    """Needed in `virtual` and for one component of `blended`, possible in `doctoral`, and nowhere else."""

    @model_validator(mode="after")
    def _as_its_table_has_it(self) -> Self:
        if self.table in (Table.ABROAD, Table.HOME) and (self.term is None or self.description is not None):
            raise ValueError("a component of `abroad` or `home` has a `term` and no `description`")
        if self.table is Table.VIRTUAL and self.description is None:
            raise ValueError("a virtual component needs a `description`")
        if self.table is Table.ABROAD and self.recognition_conditions is not None:
            raise ValueError("`recognition_conditions` belong to what is recognised, not to a component of `abroad`")
        if len({credit.scheme for credit in self.credits}) < len(self.credits):
            raise ValueError("give `credits` once for each scheme")
        if self.starts_on and self.ends_on and self.ends_on < self.starts_on:
            raise ValueError("`ends_on` is the last day: give one that is not before `starts_on`")
        return self


class DeletionReason(StrEnum):
    """Why a component is deleted."""

    NOT_AVAILABLE = "not-available"
    LANGUAGE_MISMATCH = "language-mismatch"
    TIMETABLE_CONFLICT = "timetable-conflict"


class InsertionReason(StrEnum):
    """Why a component is inserted."""

    SUBSTITUTING_DELETED = "substituting-deleted"
    EXTENDING_MOBILITY = "extending-mobility"
    ADDING_VIRTUAL_COMPONENT = "adding-virtual-component"


class _Change(Command):
    reason: Text | None = None
    """In words; needed where no code says why."""

    @model_validator(mode="after")
    def _explained(self) -> Self:
        if getattr(self, "reason_code") is None and self.reason is None:  # noqa: B009  a subclass's field
            raise ValueError("say why: give a `reason_code`, or a `reason` where none of them fits")
        return self


class Deleted(_Change):
    """A component of the first version that is not studied or recognised after all."""

    key: Code
    reason_code: DeletionReason | None = None


class Inserted(_Change):
    """A component that the first version did not have."""

    component: Component
    reason_code: InsertionReason | None = None
