"""A cooperation condition, as it is asked for."""

from typing import Any
from uuid import UUID

import pytest
from pydantic import ValidationError

from shared.domain.condition import UnitElsewhere
from tests.unit.exchanges.scene import BIRMINGHAM, CHINA_INSTITUTE, NANJING, wanted


def test_it_stands_on_events_as_it_was_asked_for() -> None:
    """With open codes in the place of its closed lists."""
    condition = wanted(eqf_levels=[7, 6, 7]).condition

    assert (condition.kind, condition.language_level, condition.eqf_levels) == ("student-studies", "b1", [6, 7])
    assert (condition.first_year, condition.last_year) == ("2026/2027", "2028/2029")


@pytest.mark.parametrize(
    ("wrong", "reason"),
    [
        ({"receiving": BIRMINGHAM}, "two different ones"),
        ({"first_year": "2029/2030"}, "not before"),
        ({"last_year": "2036/2037"}, "at most 10 years"),
        ({"first_year": "2026/2028"}, "write it like `2026/2027`"),
        ({"first_year": "1899/1900"}, "write it like `2026/2027`"),
        ({"language": None}, "give that too"),
        ({"field_of_study": "914"}, "pattern"),
        ({"eqf_levels": [9]}, "less than or equal to 8"),
        ({"eqf_levels": []}, "at least 1 item"),
        ({"mobilities_per_year": 0}, "greater than or equal to 1"),
        ({"kind": "holiday"}, "student-studies"),
        ({"language_level": "d1"}, "'c2'"),
    ],
)
def test_what_does_not_hang_together_is_refused(wrong: dict[str, Any], reason: str) -> None:
    """The refusal says which is wrong."""
    with pytest.raises(ValidationError, match=reason):
        wanted(**wrong)


def test_a_unit_is_part_of_its_institution() -> None:
    """An institute of Birmingham's sends for Birmingham, and not for Nanjing."""
    within = {CHINA_INSTITUTE: {BIRMINGHAM}, UUID(int=9): {NANJING}}

    wanted(sending_unit=CHINA_INSTITUTE, receiving_unit=UUID(int=9)).require_units(within)
    with pytest.raises(UnitElsewhere):
        wanted(sending_unit=UUID(int=9)).require_units(within)
    with pytest.raises(UnitElsewhere):
        wanted(receiving_unit=CHINA_INSTITUTE).require_units(within)
