"""A scenario as it was read: who there is and what happens; values are as in the file, references unresolved."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from scenarios.reading.schema_mistakes import Path
from shared.contracts.values import Text

Value = Any
"""What a file can hold: text, numbers, lists and mappings."""


@dataclass(frozen=True)
class Office:
    """An office as the file grants it; `organisation_id` is a reference."""

    fields: Mapping[str, Value]

    @property
    def organisation(self) -> str:
        """The reference to where it is held."""
        return self.fields["organisation_id"]


@dataclass(frozen=True)
class Cast:
    """Somebody of the story."""

    handle: str
    subject: str
    name: Text
    offices: Sequence[Office]

    @property
    def is_operator(self) -> bool:
        """Whether one of the offices has the role."""
        return any("operator" in office.fields["roles"] for office in self.offices)


@dataclass(frozen=True)
class Step:
    """One thing that happens: a use case with its fields, or only expectations."""

    number: int
    title: Text
    actor: str | None = None
    acting_for: str | None = None
    use_case: str | None = None
    fields: Mapping[str, Value] | None = None
    save: str | None = None
    expect: Sequence[Mapping[str, Value]] = ()
    line: int = 0
    """Where it is in the file, counted from 1."""
    expect_lines: Sequence[int] = ()
    """Where each of its expectations is."""

    @property
    def refusal(self) -> str | None:
        """The problem with which the call shall be refused."""
        return next((each["refused"] for each in self.expect if "refused" in each), None)


@dataclass(frozen=True)
class Scenario:
    """A story that can be played any number of times on one state."""

    name: Text
    time_zone: str
    organisations: Mapping[str, Mapping[str, Value]]
    people: Mapping[str, Cast]
    steps: Sequence[Step]

    @property
    def operator(self) -> Cast:
        """Who keeps the directory and looks on."""
        return next(person for person in self.people.values() if person.is_operator)


def scenario_of(said: Mapping[str, Value], line_of: Callable[[Path], int]) -> Scenario:
    """The scenario that a checked file says; `line_of` is asked for the line of what is at a path."""
    people = {
        handle: Cast(handle, each["subject"], Text(**each["name"]), [Office(office) for office in each["offices"]])
        for handle, each in said["people"].items()
    }
    steps = [_step(number, each, line_of) for number, each in enumerate(said["steps"], 1)]
    zone = said.get("time_zone", "UTC")
    return Scenario(Text(**said["name"]), zone, said["organisations"], people, steps)


STEP_WORDS = frozenset({"step", "as", "acting_for", "save", "expect"})
"""What a step can hold beside its use case."""


def use_case_of(step: Mapping[str, Value]) -> str | None:
    """The use case that a step names."""
    return next((name for name in step if name not in STEP_WORDS), None)


def _step(number: int, said: Mapping[str, Value], line_of: Callable[[Path], int]) -> Step:
    title = Text(en=said["step"]) if isinstance(said["step"], str) else Text(**said["step"])
    use_case, expect = use_case_of(said), said.get("expect", ())
    at: Path = ("steps", number - 1)
    return Step(
        number, title, said.get("as"), said.get("acting_for"), use_case,
        said[use_case] if use_case else None, said.get("save"), expect,
        line_of(at), [line_of((*at, "expect", index)) for index in range(len(expect))],
    )  # fmt: skip
