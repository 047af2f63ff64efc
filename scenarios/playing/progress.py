"""The reports of a running scenario, one at a time, so that the player need not know the screen."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from scenarios.story import Person, Step
from shared.contracts.values import Text


class Difference(NamedTuple):
    """A field of which the directory says something else than the file."""

    field: str
    directory: Any
    file: Any


@dataclass(frozen=True)
class Ensured:
    """An organisation or a person is in the directory; `made` if it was not before."""

    kind: str
    handle: str
    name: Text
    made: bool
    differences: Sequence[Difference] = ()


@dataclass(frozen=True)
class StepBegan:
    """A step begins."""

    step: Step
    total: int


@dataclass(frozen=True)
class Called:
    """A service answered a person's call; `problem` names the reason if it refused."""

    actor: Person
    service: str
    use_case: str
    problem: str | None = None
    detail: str = ""


@dataclass(frozen=True)
class SignedIn:
    """A participant signed in with the one-time link in the newest mail to `address`."""

    person: Person
    address: str


@dataclass(frozen=True)
class Published:
    """A service published an event; `about` is what the story calls its subject."""

    service: str
    type: str
    subject: str
    sequence: int
    use_case: str
    about: str = ""

    @property
    def topic(self) -> str:
        """The event's topic."""
        return topic_of(self.type)


@dataclass(frozen=True)
class Applied:
    """A consumer has applied an event."""

    service: str
    consumer: str
    event: Published


@dataclass(frozen=True)
class Delivered:
    """A person got a message; `address` is where its mail was sent, if there was one. Participants get mail only."""

    to: Person
    language: str
    title: str
    address: str | None = None


class Finding(NamedTuple):
    """What was expected or seen: in words for people, and as data for programs."""

    words: str
    data: Mapping[str, Any]


@dataclass(frozen=True)
class Check:
    """One expectation and what was seen of it.

    Attributes:
        kind: `call`, `refused`, `accepted`, `document`, `event`, `applied`, `message`, `no_message`,
            `mail` or `settled`.
        ids: the id of each organisation, person and document that it names.
        line: where it is in the file; a call's is that of its step.
        why: the reason why it does not hold, where one is known.
    """

    kind: str
    expected: Finding
    seen: Finding
    ok: bool
    ids: Mapping[str, str] = field(default_factory=dict[str, str])
    line: int = 0
    why: str = ""


@dataclass(frozen=True)
class StepResult:
    """A step with its checks; a story ends at the first step that fails."""

    step: Step
    checks: list[Check] = field(default_factory=list[Check])
    played: bool = True
    """False for the steps after the one that failed."""

    @property
    def ok(self) -> bool:
        """Whether everything was as expected."""
        return self.played and all(each.ok for each in self.checks)


Progress = Ensured | StepBegan | SignedIn | Called | Published | Applied | Delivered | Check


def topic_of(type: str) -> str:
    """The topic of an event's type: all but its fact and version."""
    return type.rsplit(".", 2)[0]


def short(type: str) -> str:
    """An event's type as people read it: `agreement.signed`."""
    return ".".join(type.split(".")[-3:-1])
