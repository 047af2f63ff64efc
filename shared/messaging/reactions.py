"""Reactions: a policy takes one event and decides; a projection takes a list of events and writes its own tables."""

import inspect
from collections.abc import Awaitable, Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, field
from types import UnionType
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

from shared.contracts.event import Event, State, Tombstone, facts
from shared.messaging.outbox import Connection

Begins = Literal["beginning", "anywhere"]


@dataclass(frozen=True)
class Policy:
    """A reaction to one event. It may change aggregates and publish; it is never rebuilt."""

    run: Callable[..., Awaitable[None]]
    takes: frozenset[type[Event]]
    emits: Sequence[type[Event]] = ()

    @property
    def name(self) -> str:
        """The function's name: its use case in history and metrics."""
        return self.run.__name__


@dataclass(frozen=True)
class Projection:
    """A reaction to lists of one topic's events, in key order; it can be rebuilt."""

    run: Callable[..., Awaitable[None]]
    takes: frozenset[type[Event]]
    tables: Sequence[str]

    @property
    def topic(self) -> str:
        """Its topic."""
        return next(iter(self.takes)).topic


@dataclass(frozen=True)
class Consumer:
    """Reactions of one kind, with a Kafka group and positions of their own."""

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
        """Its topics, sorted."""
        return sorted({event.topic for event in self.types.values()})


def policy(run: Callable[..., Awaitable[None]], *, emits: Sequence[type[Event]] = ()) -> Policy:
    """A row for `async def f(event: A | B, work: Work)`; the annotation says which events it takes."""
    return Policy(run, _taken(run, _first_hint(run)), emits)


def projection(run: Callable[..., Awaitable[None]], *, tables: Sequence[str]) -> Projection:
    """A row for `async def f(events: Sequence[Family], db)`; nothing else writes its `tables`."""
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
    """Each projection with its events, in order."""
    for one in consumer.projections:
        if mine := [event for event in events if type(event) in one.takes]:
            yield one, mine


async def run_reactions(consumer: Consumer, db: Connection, events: Sequence[Event]) -> None:
    """Calls projections as `f(events, db)` and policies as `f(event, db)`, in the connection's transaction."""
    for row, mine in by_projection(consumer, events):
        await row.run(mine, db)
    for event in events if consumer.policies else ():
        for row in consumer.policies:
            if type(event) in row.takes:
                await row.run(event, db)
