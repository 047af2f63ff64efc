"""Academic years, from 1 August to 31 July, as `2026/2027`."""

from datetime import date

FIRST_MONTH = 8
"""August, as in the year of HE-BCI: no academic year of the United Kingdom or China spans it."""


def academic_year(day: date) -> str:
    """The academic year that `day` lies in."""
    return _named(day.year if day.month >= FIRST_MONTH else day.year - 1)


def first_day(year: str) -> date:
    """The first day of an academic year."""
    return date(_first(year), FIRST_MONTH, 1)


def last_day(year: str) -> date:
    """The last day of an academic year."""
    return date(_first(year) + 1, FIRST_MONTH - 1, 31)


def years(first: str, last: str) -> list[str]:
    """The academic years from `first` to `last`."""
    return [_named(year) for year in range(_first(first), _first(last) + 1)]


def _first(year: str) -> int:
    return int(year[:4])


def _named(first: int) -> str:
    return f"{first}/{first + 1}"
