"""How a scenario's organisations and people are found in the directory, and how differences are reported."""

from typing import Any

import pytest

from scenarios.playing.directory import found_by_description, organisation_differences, person_differences
from scenarios.playing.progress import Difference
from shared.contracts.values import Text

CITY = {"kind": "institute", "name": {"en": "School of Engineering"}, "country": "GB", "city": {"en": "Birmingham"}}
PARENT, OTHER = "01a20de6-2f4f-74e0-b003-d1b064f38983", "01a20de6-2f85-77f1-87fb-c8ad14931cb2"


def held(**other: Any) -> dict[str, Any]:
    """A school in the directory, within a university in Birmingham; `other` overrides fields."""

    school = {
        **CITY,
        "name": {"en": "School of Engineering", "zh": "工程学院"},
        "city": {"en": "Birmingham", "zh": None},
    }

    return school | {"id": PARENT, "parent_id": PARENT, "identifiers": [], "identifier_keys": [], "version": 1} | other


@pytest.mark.parametrize("other", [{"city": {"en": "Leeds", "zh": None}}, {"parent_id": OTHER}, {"parent_id": None}])
def test_a_school_of_the_same_name_elsewhere_is_not_taken(other: dict[str, Any]) -> None:
    """The city and the parent must match too."""
    asked = CITY | {"parent_id": PARENT}

    assert found_by_description(asked, [held(**other), held()]) == held()
    assert found_by_description(asked, [held(**other)]) is None


@pytest.mark.parametrize(
    ("other", "differences"),
    [
        ({"name": {"zh": "工程学院"}}, [Difference("name", {"en": "School of Engineering", "zh": "工程学院"},
                                               {"en": None, "zh": "工程学院"})]),
        ({"parent_id": OTHER}, [Difference("parent_id", PARENT, OTHER)]),
        ({"identifiers": [{"scheme": "ror", "value": "https://ror.org/03ANGCQ70"}]}, [Difference(
            "identifiers", [], [{"scheme": "ror", "value": "03angcq70"}])]),
        ({}, []),
    ],
)  # fmt: skip
def test_differences_from_the_directory_are_found(other: dict[str, Any], differences: list[Difference]) -> None:
    """Each field is compared; identifiers are normalised first."""
    wanted = CITY | {"name": {"en": "School of Engineering", "zh": "工程学院"}, "parent_id": PARENT} | other

    assert organisation_differences(held(), wanted) == differences


def test_a_parent_missing_from_the_file_is_a_difference() -> None:
    """A missing `parent_id` is reported as well as a wrong one."""
    wanted = CITY | {"name": {"en": "School of Engineering", "zh": "工程学院"}}

    assert organisation_differences(held(), wanted) == [Difference("parent_id", PARENT, None)]


def test_a_different_name_and_extra_offices_of_a_person_are_found() -> None:
    """The offices in the file are granted, so only further offices in the directory are differences."""
    found = {"name": {"en": "Li Na", "zh": None}, "offices": [{"organisation_id": PARENT}, {"organisation_id": OTHER}]}

    assert person_differences(found, Text(en="Li Na"), [{"organisation_id": PARENT}, {"organisation_id": OTHER}]) == []
    assert person_differences(found, Text(en="Li Nan"), [{"organisation_id": PARENT}]) == [
        Difference("name", {"en": "Li Na", "zh": None}, {"en": "Li Nan", "zh": None}),
        Difference("offices", [OTHER], []),
    ]
