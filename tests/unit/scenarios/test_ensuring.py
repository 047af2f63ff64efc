"""Which organisation of the directory a scenario means."""

from typing import Any

import pytest

from scenarios.playing.directory import found_by_description

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
