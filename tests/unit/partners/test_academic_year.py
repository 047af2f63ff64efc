"""Academic years, from 1 August to 31 July."""

from datetime import date

import pytest

from services.partners.domain.academic_year import academic_year


@pytest.mark.parametrize(
    ("day", "year"),
    [
        (date(2026, 7, 31), "2025-26"),
        (date(2026, 8, 1), "2026-27"),
        (date(2026, 12, 31), "2026-27"),
        (date(2027, 7, 31), "2026-27"),
        (date(1999, 9, 1), "1999-00"),
        (date(2008, 9, 1), "2008-09"),
    ],
)
def test_a_day_falls_in_one_academic_year(day: date, year: str) -> None:
    """The year starts on 1 August and is named after its two calendar years."""
    assert academic_year(day) == year
