"""Academic years, from 1 August to 31 July."""

from datetime import date

import pytest

from shared.domain.academic_year import academic_year, first_day, last_day, years


@pytest.mark.parametrize(
    ("day", "year"),
    [
        (date(2026, 7, 31), "2025/2026"),
        (date(2026, 8, 1), "2026/2027"),
        (date(2026, 12, 31), "2026/2027"),
        (date(2027, 7, 31), "2026/2027"),
        (date(1999, 9, 1), "1999/2000"),
    ],
)
def test_a_day_lies_in_one_academic_year(day: date, year: str) -> None:
    """The year turns on 1 August, and is named by its two calendar years."""
    assert academic_year(day) == year
    assert first_day(year) <= day <= last_day(year)


def test_years_go_from_the_first_to_the_last() -> None:
    """Both included; none where the last is before the first."""
    assert years("2026/2027", "2028/2029") == ["2026/2027", "2027/2028", "2028/2029"]
    assert years("2026/2027", "2025/2026") == []
