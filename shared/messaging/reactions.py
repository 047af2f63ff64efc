"""Reactions: a policy takes one event and may decide; a projection takes a list and writes its own tables only."""

import inspect
from collections.abc import Awaitable, Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, field
from types import UnionType
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

from shared.contracts.event import Event, State, Tombstone, facts

Begins = Literal["beginning", "anywhere"]


@dataclass(frozen=True)
class Policy:
    """A reaction to one event, as `Actor.service(cause)`; never rebuilt."""

    run: Callable[..., Awaitable[None]]
    takes: frozenset[type[Event]]
    emits: Sequence[type[Event]] = ()

    @property
    def name(self) -> str:
        """The function's name: its use case in history and metrics."""
        return self.run.__name__


@dataclass(frozen=True)
class Projection:
    """A reaction to all types of one topic, in key order, set-based; can be rebuilt."""

    run: Callable[..., Awaitable[None]]
    takes: frozenset[type[Event]]
    tables: Sequence[str]

    @property
    def topic(self) -> str:
        """The one topic whose events it takes."""
        return next(iter(self.takes)).topic


@dataclass(frozen=True)
class Consumer:
    """A name, a group and positions of its own, with reactions of one kind."""

    name: str
    projections: Sequence[Projection] = ()
    policies: Sequence[Policy] = ()
    begins: Begins = "beginning"
    types: dict[str, type[Event]] = field(init=False)
    """The events that it reacts to, by type."""
    compacted: frozenset[str] = field(init=False)
    """Those of its topics that hold whole states."""

    def __post_init__(self) -> None:
        if bool(self.projections) == bool(self.policies):
            raise TypeError(f"consumer {self.name} needs projections or policies, and not both")
        taken = {taken for reaction in (*self.projections, *self.policies) for taken in reaction.takes}
        object.__setattr__(self, "types", {event.type: event for event in taken})
        object.__setattr__(self, "compacted", frozenset(event.topic for event in taken if event.compacted))

    @property
    def topics(self) -> list[str]:
        """The topics that it reads, sorted."""
        return sorted({event.topic for event in self.types.values()})


def policy(run: Callable[..., Awaitable[None]], *, emits: Sequence[type[Event]] = ()) -> Policy:
    """A row: `async def f(event: A | B, work: Work)`; the hint says which events it takes."""
    return Policy(run, _taken(run, _first_hint(run)), emits)


def projection(run: Callable[..., Awaitable[None]], *, tables: Sequence[str]) -> Projection:
    """A row: `async def f(events: Sequence[Family], db)`; `tables` are what it alone writes."""
    taken = _taken(run, get_args(_first_hint(run))[0])
    if len({event.topic for event in taken}) != 1:
        raise TypeError(f"projection {run.__name__} takes events of several topics, which come in no common order")
    return Projection(run, taken, tables)


def _first_hint(run: Callable[..., Any]) -> Any:
    return get_type_hints(run)[next(iter(inspect.signature(run).parameters))]


def _taken(run: Callable[..., Any], hint: Any) -> frozenset[type[Event]]:
    families: Iterable[Any] = get_args(hint) if get_origin(hint) in (Union, UnionType) else [hint]
    taken = frozenset(event for family in families for event in facts(family))
    taken |= {Tombstone.of(event) for event in taken if issubclass(event, State)}
    if not taken:
        raise TypeError(f"{run.__name__} takes no event: annotate its first parameter with one")
    return taken


def by_projection(consumer: Consumer, events: Collection[Event]) -> Iterable[tuple[Projection, list[Event]]]:
    """Each projection with its events, in the order given."""
    for one in consumer.projections:
        if mine := [event for event in events if type(event) in one.takes]:
            yield one, mine
