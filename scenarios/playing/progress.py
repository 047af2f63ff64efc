"""What happens while a scenario is played, told one by one, so that showing is no part of playing."""

from dataclasses import dataclass, field

from scenarios.story import Cast, Step


@dataclass(frozen=True)
class Ensured:
    """An organisation or a person is in the directory; `made` if it was not before."""

    what: str
    name: str
    made: bool


@dataclass(frozen=True)
class StepBegan:
    """A step begins."""

    step: Step
    total: int


@dataclass(frozen=True)
class Called:
    """Somebody asked a service for something; `problem` is why it was refused."""

    actor: Cast
    service: str
    use_case: str
    status: int
    problem: str | None = None
    detail: str = ""


@dataclass(frozen=True)
class Published:
    """A service published an event."""

    service: str
    type: str
    subject: str
    sequence: int
    use_case: str
    about: str = ""
    """The name of the subject in the scenario, where it has one."""

    @property
    def topic(self) -> str:
        """The topic that it is on."""
        return topic_of(self.type)


@dataclass(frozen=True)
class Applied:
    """A consumer has applied an event."""

    service: str
    consumer: str
    event: Published


@dataclass(frozen=True)
class Delivered:
    """Somebody got a message; `address` is where it went by mail, if it did."""

    to: Cast
    language: str
    title: str
    address: str | None = None


@dataclass(frozen=True)
class Held:
    """An expectation with what was seen of it."""

    expected: str
    seen: str
    ok: bool
    line: int = 0
    """Where it is in the file, or its step."""


@dataclass(frozen=True)
class Outcome:
    """A step with its expectations; the story ends at the first step that is not as expected."""

    step: Step
    held: list[Held] = field(default_factory=list[Held])
    played: bool = True
    """False for the steps after the one that was not as expected."""

    @property
    def ok(self) -> bool:
        """Whether all was as expected."""
        return self.played and all(each.ok for each in self.held)


Happening = Ensured | StepBegan | Called | Published | Applied | Delivered | Held


def topic_of(type: str) -> str:
    """The topic of an event's type: all but its fact and version."""
    return type.rsplit(".", 2)[0]


def short(type: str) -> str:
    """An event's type as people read it: `agreement.signed`."""
    return ".".join(type.split(".")[-3:-1])
