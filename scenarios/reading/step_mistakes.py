"""Mistakes in how a step's expectations fit its calls: some that would hold whatever happens, some that never can."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from scenarios.catalogue import Catalogue
from scenarios.reading.mistakes import Mistake
from scenarios.story import Path, calls_of, use_cases_of

ABOUT_SOMETHING = ("event", "message", "no_message")
GROUP = "`at_the_same_time`"


def step_mistakes(file: Mapping[str, Any], rows: Catalogue) -> Iterator[Mistake]:
    """All of them, in the order of the file."""
    for index, step in enumerate(file["steps"]):
        expectations = step.get("expect", [])
        yield from _answers(("steps", index), step, expectations)
        if _makes_nothing(step, expectations, rows):
            yield from _about_nothing(("steps", index), expectations)


def _answers(at: Path, step: Mapping[str, Any], expectations: Sequence[Mapping[str, Any]]) -> Iterator[Mistake]:
    """Expectations about the answers of the step's calls."""
    number, calls, group = at[-1] + 1 if isinstance(at[-1], int) else 0, calls_of(step), "at_the_same_time" in step
    accepted = [n for n, each in enumerate(expectations) if "accepted" in each]
    refused = [n for n, each in enumerate(expectations) if "refused" in each]
    if group and len(accepted) != 1:
        yield Mistake(at, f"step {number}: say once how many are accepted, such as `expect: [{{accepted: 1}}]`")
    if group and accepted and expectations[accepted[0]]["accepted"] > len(calls):
        yield Mistake((*at, "expect", accepted[0]), f"field 'accepted': there are only {len(calls)} calls")
    if accepted and not group:
        yield Mistake((*at, "expect", accepted[0]), f"field 'accepted': it belongs to a step with {GROUP}")
    if refused and not calls:
        yield Mistake((*at, "expect", refused[0]), "field 'refused': this step has no call that could be refused")
    if len(refused) > 1 and not group:
        yield Mistake((*at, "expect", refused[1]), "field 'refused': one call is refused with one problem")


def _makes_nothing(step: Mapping[str, Any], expectations: Sequence[Mapping[str, Any]], rows: Catalogue) -> bool:
    """Whether there is no one thing that the step makes or changes."""
    calls = calls_of(step)
    if "at_the_same_time" in step or not calls:
        return True
    creates = rows.use_cases[use_cases_of(calls[0][1])[0]].row.creates
    return creates and any("refused" in each for each in expectations)


def _about_nothing(at: Path, expectations: Sequence[Mapping[str, Any]]) -> Iterator[Mistake]:
    for index, each in enumerate(expectations):
        for kind in (kind for kind in ABOUT_SOMETHING if kind in each):
            if "of" not in (each if kind == "event" else each[kind]):
                sentence = f"field {kind!r}: say what it is about: `of: $name`; this step changes no single thing"
                yield Mistake((*at, "expect", index), sentence)
