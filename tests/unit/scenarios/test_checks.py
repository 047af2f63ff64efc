"""How answers and documents are compared with expectations."""

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
def test_an_empty_mapping_or_list_matches_an_empty_one_only(wanted: dict[str, Any], ok: bool) -> None:
    """Otherwise a mapping may have further fields; a list must have the same entries in the same order."""
    assert matches(wanted, HELD) is ok


def test_a_list_in_another_order_is_recognised() -> None:
    """The reason for a failure then says that the order differs."""
    assert matches({"areas": ["talent", "culture"]}, HELD, in_order=False)
    assert not matches({"areas": ["talent", "health"]}, HELD, in_order=False)
    assert not matches({"areas": ["talent"]}, HELD, in_order=False)


def test_values_are_shown_in_words() -> None:
    """They appear without Python's notation."""
    assert shown({"reason": None, "late": False, "reviews": {}, "revision": {"number": 2}, "areas": ["a", "b"]}) == (
        "reason none, late false, reviews none, revision {number 2}, areas [a; b]"
    )


@pytest.mark.parametrize("type", ["urn:entente:problem:not-found", "https://entente.example/problems/not-found"])
def test_a_problem_is_named_by_the_last_part_of_its_type(type: str) -> None:
    """The type may be a URN or a URL."""
    assert problem_of({"type": type, "detail": "There is none."}) == Problem("not-found", "There is none.")


def group(*expect: dict[str, Any], refused: str = "") -> list[tuple[bool, str]]:
    """Whether each check of two concurrent calls holds, the second being `refused`, and what was seen."""
    people = [Person(name.lower(), name.lower(), Text(en=name), []) for name in ("Ada", "Bo")]
    calls = [Call(person.handle, "approve_mobility", {}) for person in people]
    problem = Problem(refused, "Because.") if refused else None
    answers = [Answer(calls[0], people[0], "x"), Answer(calls[1], people[1], "x", problem)]
    step = Step(1, Text(en="Both"), calls, at_the_same_time=True, expect=[Expectation(each, 9) for each in expect])
    return [(check.ok, check.seen.words) for check in check_group(step, answers)]


def test_accepted_concurrent_calls_are_counted() -> None:
    """The result says who was accepted, and who was refused and why."""
    seen = "Ada: accepted; Bo: refused: no-places-left: Because."

    assert group({"accepted": 1}, {"refused": "no-places-left"}, refused="no-places-left") == [(True, seen)] * 2
    assert group({"accepted": 2}, refused="no-places-left") == [(False, seen)]
    assert group({"accepted": 1}) == [(False, "Ada: accepted; Bo: accepted")]


def test_a_refusal_must_be_one_of_those_expected() -> None:
    """If no refusal is named, any will do."""
    seen = "Ada: accepted; Bo: refused: changed: Because."

    assert group({"accepted": 1}, {"refused": "no-places-left"}, refused="changed") == [(False, seen)] * 2
    assert group({"accepted": 1}, refused="changed") == [(True, seen)]
