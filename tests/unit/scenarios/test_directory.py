"""Which organisation of the directory a scenario means, and what differs there."""

from typing import Any

import pytest

from scenarios.playing.directory import found_by_description, organisation_differences, person_differences
from scenarios.playing.progress import Difference
from shared.contracts.values import Text

CITY = {"kind": "institute", "name": {"en": "School of Engineering"}, "country": "GB", "city": {"en": "Birmingham"}}
PARENT, OTHER = "01a20de6-2f4f-74e0-b003-d1b064f38983", "01a20de6-2f85-77f1-87fb-c8ad14931cb2"


def held(**other: Any) -> dict[str, Any]:
    """A school of the directory, within a university of Birmingham, that `other` may differ from."""
    said = {**CITY, "name": {"en": "School of Engineering", "zh": "工程学院"}, "city": {"en": "Birmingham", "zh": None}}
    return said | {"id": PARENT, "parent_id": PARENT, "identifiers": [], "identifier_keys": [], "version": 1} | other


@pytest.mark.parametrize("other", [{"city": {"en": "Leeds", "zh": None}}, {"parent_id": OTHER}, {"parent_id": None}])
def test_a_school_of_the_same_name_elsewhere_is_another_one(other: dict[str, Any]) -> None:
    """Of those of one name, the one in the same city and within the same organisation is taken, or none."""
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
def test_what_the_directory_has_otherwise_is_found(other: dict[str, Any], differences: list[Difference]) -> None:
    """Field by field, an identifier in its normal form."""
    wanted = CITY | {"name": {"en": "School of Engineering", "zh": "工程学院"}, "parent_id": PARENT} | other

    assert organisation_differences(held(), wanted) == differences


def test_a_parent_that_the_file_forgets_is_a_difference() -> None:
    """As one that the directory does not have."""
    wanted = CITY | {"name": {"en": "School of Engineering", "zh": "工程学院"}}

    assert organisation_differences(held(), wanted) == [Difference("parent_id", PARENT, None)]


def test_another_name_and_further_offices_of_a_person_are_found() -> None:
    """Offices of the file are granted, so only those that it does not name differ."""
    found = {"name": {"en": "Li Na", "zh": None}, "offices": [{"organisation_id": PARENT}, {"organisation_id": OTHER}]}

    assert person_differences(found, Text(en="Li Na"), [{"organisation_id": PARENT}, {"organisation_id": OTHER}]) == []
    assert person_differences(found, Text(en="Li Nan"), [{"organisation_id": PARENT}]) == [
        Difference("name", {"en": "Li Na", "zh": None}, {"en": "Li Nan", "zh": None}),
        Difference("offices", [OTHER], []),
    ]
