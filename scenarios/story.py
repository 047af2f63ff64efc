"""A scenario as it was read: its people and steps. Values are as in the file, with references unresolved."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from shared.contracts.values import Text

Value = Any
"""What a file can hold: text, numbers, lists and mappings."""
Path = tuple[str | int, ...]
"""Where something is in a file: the names and indexes that lead to it."""


@dataclass(frozen=True)
class Office:
    """An office as the file grants it; `organisation_id` is a reference."""

    fields: Mapping[str, Value]

    @property
    def organisation(self) -> str:
        """The reference to the organisation of the office."""
        return self.fields["organisation_id"]


@dataclass(frozen=True)
class Person:
    """Somebody in the story; `handle` is their key in the file."""

    handle: str
    subject: str
    name: Text
    offices: Sequence[Office]

    @property
    def is_operator(self) -> bool:
        """Whether one of the offices has the role."""
        return any("operator" in office.fields["roles"] for office in self.offices)


@dataclass(frozen=True)
class Call:
    """A use case with its fields, called by one person."""

    actor: str
    use_case: str
    fields: Mapping[str, Value]
    acting_for: str | None = None
    save: str | None = None


@dataclass(frozen=True)
class Expectation:
    """An entry of `expect`, and its line in the file."""

    fields: Mapping[str, Value]
    line: int = 0


@dataclass(frozen=True)
class Step:
    """One call, several calls at the same time, or only expectations. Lines count from 1."""

    number: int
    title: Text
    calls: Sequence[Call] = ()
    at_the_same_time: bool = False
    expect: Sequence[Expectation] = ()
    line: int = 0

    @property
    def refusals(self) -> list[Expectation]:
        """The expectations that a call of this step is refused."""
        return [each for each in self.expect if "refused" in each.fields]

    @property
    def later(self) -> list[Expectation]:
        """The expectations about what follows from the calls, not about their answers."""
        return [each for each in self.expect if not {"refused", "accepted"} & each.fields.keys()]


@dataclass(frozen=True)
class Scenario:
    """A story that can be played any number of times on one state."""

    name: Text
    time_zone: str
    organisations: Mapping[str, Mapping[str, Value]]
    people: Mapping[str, Person]
    steps: Sequence[Step]

    @property
    def operator(self) -> Person:
        """The person who keeps the directory and looks at documents."""
        return next(person for person in self.people.values() if person.is_operator)


CALL_FIELDS = frozenset({"as", "acting_for", "save"})
STEP_FIELDS = CALL_FIELDS | {"step", "expect", "at_the_same_time"}
"""The fields of a step besides its use case."""


def scenario_of(file: Mapping[str, Value], line_of: Callable[[Path], int]) -> Scenario:
    """The scenario in a checked file; `line_of` gives the line of a path."""
    people = {
        handle: Person(handle, each["subject"], Text(**each["name"]), [Office(office) for office in each["offices"]])
        for handle, each in file["people"].items()
    }
    steps = [_step(number, each, line_of) for number, each in enumerate(file["steps"], 1)]
    return Scenario(Text(**file["name"]), file.get("time_zone", "UTC"), file["organisations"], people, steps)


def use_cases_of(fields: Mapping[str, Value]) -> list[str]:
    """The use cases that a step or a call names: one, in a right file, or none."""
    return [name for name in fields if name not in STEP_FIELDS]


def calls_of(step: Mapping[str, Value]) -> list[tuple[Path, Mapping[str, Value]]]:
    """The calls of a step as the file has them, each with its path within the step."""
    if "at_the_same_time" in step:
        return [(("at_the_same_time", n), call) for n, call in enumerate(step["at_the_same_time"])]
    return [((), step)] if use_cases_of(step) else []


def _step(number: int, step: Mapping[str, Value], line_of: Callable[[Path], int]) -> Step:
    title = Text(en=step["step"]) if isinstance(step["step"], str) else Text(**step["step"])
    at: Path = ("steps", number - 1)
    expect = [Expectation(each, line_of((*at, "expect", n))) for n, each in enumerate(step.get("expect", ()))]
    calls = [_call(call) for _, call in calls_of(step)]
    return Step(number, title, calls, "at_the_same_time" in step, expect, line_of(at))


def _call(fields: Mapping[str, Value]) -> Call:
    use_case = use_cases_of(fields)[0]
    return Call(fields["as"], use_case, fields[use_case], fields.get("acting_for"), fields.get("save"))
