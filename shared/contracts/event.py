"""Events: facts on domain topics, whole states on compacted ones, and the envelope around both."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar, Self
from uuid import UUID

from pydantic import BaseModel, ConfigDict

TYPES: dict[str, "type[Event]"] = {}
"""Every public event, by its type (`entente.partners.agreement.signed.v1`). Defining a class adds it."""


SCHEMA = "urn:entente:schema:"
"""Stands before a topic in the `$id` of its schema."""


def dataschema(type: str) -> str:
    """The URI of an event type's schema: an anchor in its topic's, `urn:entente:schema:TOPIC#signed.v1`."""
    named, _, version = type.rpartition(".")
    topic, _, fact = named.rpartition(".")
    return f"{SCHEMA}{topic}#{fact}.{version}"


@dataclass(frozen=True, slots=True)
class Envelope:
    """The CloudEvents 1.0 context attributes that a reaction may use."""

    id: UUID
    type: str
    subject: str
    sequence: int
    """1, 2, 3 … for each aggregate, without gaps."""
    time: datetime
    source: str
    traceparent: str | None = None


class Event(BaseModel):
    """A fact in the past tense. A subclass with `topic` is a family; one with `fact` and `version` is an event.

    Readers ignore unknown fields, so that a producer may add optional ones.
    """

    model_config = ConfigDict(frozen=True, extra="ignore", use_attribute_docstrings=True)

    topic: ClassVar[str]
    type: ClassVar[str]
    compacted: ClassVar[bool] = False

    def __init_subclass__(
        cls, topic: str | None = None, fact: str | None = None, version: int = 1, **rest: object
    ) -> None:
        super().__init_subclass__(**rest)  # pyright: ignore[reportArgumentType]
        if topic:
            cls.topic = topic
        if fact:
            cls.type = f"{cls.topic}.{fact}.v{version}"
            if cls.type in TYPES:
                raise TypeError(f"{cls.type} is defined twice, by {TYPES[cls.type].__name__} and {cls.__name__}")
            TYPES[cls.type] = cls

    @property
    def envelope(self) -> Envelope:
        """The envelope of a delivered event; raises LookupError for an event that was never delivered."""
        # Not a private attribute of pydantic's: those take 5 µs a validation and 5 µs an access.
        found: Envelope | None = self.__dict__.get("_envelope")
        if found is None:
            raise LookupError(f"{type(self).__name__} was not delivered, so it has no envelope")
        return found

    def within(self, envelope: Envelope) -> Self:
        """Sets the envelope on delivery, and returns this event."""
        self.__dict__["_envelope"] = envelope
        return self


class State(Event):
    """A whole state on a compacted topic. The newest state wins; a `Tombstone` erases it."""

    compacted: ClassVar[bool] = True


class Tombstone(State):
    """The erasure of a state: a record without a body. `Tombstone.of` makes the class for a topic."""

    @classmethod
    def of(cls, family: type[State]) -> "type[Tombstone]":
        """The one tombstone class of `family`'s topic."""
        if family.topic not in _tombstones:
            _tombstones[family.topic] = _tombstone(family.topic)
        return _tombstones[family.topic]


def _tombstone(topic: str) -> type[Tombstone]:
    class Erased(Tombstone, topic=topic):
        """A record without a body (a tombstone): what the topic held of this key is erased; so is every copy of it."""

    Erased.type = f"{topic}.erased.v1"
    Erased.__name__ = topic.rpartition(".")[2].title().replace("-", "") + "Erased"
    return Erased


_tombstones: dict[str, type[Tombstone]] = {}


def facts(family: type[Event]) -> Iterator[type[Event]]:
    """Every event type of `family`: the class itself if it has a type, and its subclasses."""
    if family.__dict__.get("type"):
        yield family
    for below in family.__subclasses__():
        yield from facts(below)
