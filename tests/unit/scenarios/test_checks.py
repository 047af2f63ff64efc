"""How answers and documents are compared with what was expected."""

from typing import Any

import pytest

from scenarios.playing.calls import Answer, check_group
from scenarios.playing.client import Problem, problem_of
from scenarios.playing.expectations import matches, shown
from scenarios.story import Call, Expectation, Person, Step
from shared.contracts.values import Text

HELD = {"reviews": {"o-1": {}}, "areas": ["culture", "talent"], "none": {}, "nothing": None, "empty": []}


@pytest.mark.parametrize(
    ("wanted", "ok"),
    [
        ({"reviews": {}}, False),
        ({"none": {}}, True),
        ({"nothing": {}}, False),
        ({"areas": []}, False),
        ({"empty": []}, True),
        ({"areas": ["culture", "talent"]}, True),
        ({"areas": ["talent", "culture"]}, False),
        ({"areas": ["culture"]}, False),
        ({"reviews": {"o-1": {}}}, True),
        ({"there": {}}, False),
    ],
)
def test_an_empty_mapping_or_list_means_empty(wanted: dict[str, Any], ok: bool) -> None:
    """A mapping may have more than is wanted, a list has the same entries in the same order."""
    assert matches(wanted, HELD) is ok


def test_a_list_in_another_order_is_told_from_another_list() -> None:
    """The reason of a failure says so."""
    assert matches({"areas": ["talent", "culture"]}, HELD, in_order=False)
    assert not matches({"areas": ["talent", "health"]}, HELD, in_order=False)
    assert not matches({"areas": ["talent"]}, HELD, in_order=False)


def test_values_are_shown_in_words() -> None:
    """Never as a program writes them."""
    assert shown({"reason": None, "late": False, "reviews": {}, "revision": {"number": 2}, "areas": ["a", "b"]}) == (
        "reason none, late false, reviews none, revision {number 2}, areas [a; b]"
    )


@pytest.mark.parametrize("type", ["urn:entente:problem:not-found", "https://entente.example/problems/not-found"])
def test_a_problem_is_the_last_part_of_its_type(type: str) -> None:
    """Whether that is a name or an address."""
    assert problem_of({"type": type, "detail": "There is none."}) == Problem("not-found", "There is none.")


def group(*expect: dict[str, Any], refused: str = "") -> list[tuple[bool, str]]:
    """The checks of two calls at the same time, the second one `refused`: whether each holds, and what was seen."""
    people = [Person(name.lower(), name.lower(), Text(en=name), []) for name in ("Ada", "Bo")]
    calls = [Call(person.handle, "approve_mobility", {}) for person in people]
    problem = Problem(refused, "Because.") if refused else None
    answers = [Answer(calls[0], people[0], "x"), Answer(calls[1], people[1], "x", problem)]
    step = Step(1, Text(en="Both"), calls, at_the_same_time=True, expect=[Expectation(each, 9) for each in expect])
    return [(check.ok, check.seen.words) for check in check_group(step, answers)]


def test_calls_at_the_same_time_are_counted() -> None:
    """It says who was accepted, and who was refused and why."""
    seen = "Ada: accepted; Bo: refused: no-places-left: Because."

    assert group({"accepted": 1}, {"refused": "no-places-left"}, refused="no-places-left") == [(True, seen)] * 2
    assert group({"accepted": 2}, refused="no-places-left") == [(False, seen)]
    assert group({"accepted": 1}) == [(False, "Ada: accepted; Bo: accepted")]


def test_a_refusal_that_is_not_named_is_not_as_expected() -> None:
    """Where some are named; where none is, any refusal will do."""
    seen = "Ada: accepted; Bo: refused: changed: Because."

    assert group({"accepted": 1}, {"refused": "no-places-left"}, refused="changed") == [(False, seen)] * 2
    assert group({"accepted": 1}, refused="changed") == [(True, seen)]
