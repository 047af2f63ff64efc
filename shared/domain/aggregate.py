"""Aggregates decide and record; a lifecycle is the table of their states."""

import re
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, fields
from datetime import datetime
from enum import StrEnum
from typing import Any, ClassVar, NamedTuple
from uuid import UUID

from shared.contracts.event import Event
from shared.domain.actor import Actor, Role
from shared.domain.refused import NotInState


class Transition(NamedTuple):
    """One row of a lifecycle: in state `source`, `what` leads to `target` and records `event`."""

    source: StrEnum
    what: str
    target: StrEnum
    event: type[Event]


class Lifecycle:
    """The table of an aggregate's states: rules, diagram, documentation and tests come from it."""

    def __init__(self, rows: Iterable[tuple[StrEnum, str, StrEnum, type[Event]]]) -> None:
        self.rows = [Transition(*row) for row in rows]

    def allows(self, source: StrEnum, what: str) -> bool:
        """Whether `what` is possible in state `source`."""
        return any(r.source == source and r.what == what for r in self.rows)

    def event(self, source: StrEnum, what: str, target: StrEnum) -> type[Event]:
        """The event of this transition; raises KeyError if it is not in the table."""
        for row in self.rows:
            if (row.source, row.what, row.target) == (source, what, target):
                return row.event
        raise KeyError(f"{source} --{what}--> {target} is not in the lifecycle")

    def events(self, what: str) -> list[type[Event]]:
        """The events that `what` can record, each once; none for an act that is not in the table."""
        return list(dict.fromkeys(r.event for r in self.rows if r.what == what))

    def possible(self, what: str) -> str:
        """The states in which `what` is possible, for the refusal's sentence."""
        return " or ".join(dict.fromkeys(str(r.source) for r in self.rows if r.what == what))

    def mermaid(self) -> str:
        """The table as a Mermaid state diagram; it starts in the first row's state and ends in states without a row."""
        sources = [row.source for row in self.rows]
        states = dict.fromkeys(state for row in self.rows for state in (row.source, row.target))
        lines = [
            *(f'state "{state}" as {_bare(state)}' for state in states if "-" in state),
            f"[*] --> {_bare(sources[0])}",
            *(f"{_bare(row.source)} --> {_bare(row.target)}: {row.what}" for row in self.rows),
            *(f"{_bare(state)} --> [*]" for state in states if state not in sources),
        ]
        return "\n    ".join(["stateDiagram-v2", *lines])


def _bare(state: StrEnum) -> str:
    # A hyphen ends a state's name in Mermaid's grammar.
    return state.replace("-", "_")


Act = Callable[[Any, Actor, datetime], object]
"""Carries out an act on an aggregate; raises Refused."""


@dataclass(frozen=True, slots=True)
class OfEach:
    """An act on one of an aggregate's numbered parts, such as a milestone."""

    numbers: Callable[[Any], Iterable[int]]
    """The parts that may wait for it."""
    act: Callable[[Any, int, Actor, datetime], object]
    """Does it to the part of this number; raises Refused."""

    def of(self, number: int) -> Act:
        """The act on the part of this number."""
        return lambda it, actor, now: self.act(it, number, actor, now)


Awaits = Mapping[StrEnum, Mapping[str, Act | OfEach]]
"""The states in which others wait for an act, by its name; it is tried on a copy, so its own rules say for whom."""


@dataclass(kw_only=True)
class Aggregate:
    """Saved whole, in one transaction with the events it recorded. Knows no database, clock or Kafka.

    A subclass is a dataclass; with a `lifecycle` it has a field `status`.
    """

    id: UUID

    lifecycle: ClassVar[Lifecycle]
    awaits: ClassVar[Awaits] = {}
    keeps_versions: ClassVar[bool] = False
    """Whether its history keeps whole versions; not if it has personal data, which an erasure must reach."""
    personal: ClassVar[bool] = False
    """Whether it is the record of one person: then being an operator shows nothing of it, and no answer to an
    Idempotency-Key and no agenda keeps or names it."""

    @classmethod
    def noun(cls) -> str:
        """The aggregate's name in tables, topics and errors: `TechnologyOffer` is `technology_offer`."""
        return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", cls.__name__).lower()

    @property
    def recorded(self) -> list[Event]:
        """The events recorded since the aggregate was loaded or created, in order."""
        return self.__dict__.setdefault("_recorded", [])

    def record(self, event: type[Event], *, by: Actor | None = None, party: UUID | None = None, **more: object) -> None:
        """Records `event`, filled from attributes of the same name; `more` gives or overrides fields.

        `by` acted, for the side `party`; none if a date or another event caused it.
        """
        own: dict[str, Any] = {
            f"{type(self).noun()}_id": self.id,
            **{f.name: getattr(self, f.name) for f in fields(self)},
            "party": party,
            "acting": by.organisation_id if by else None,
            "by": by.person_id if by else None,
        }
        values = {name: own[name] for name in event.model_fields if name in own} | more
        self.recorded.append(event.model_validate(values))

    def require(self, what: str) -> None:
        """Raises NotInState unless the lifecycle allows `what` in the present state."""
        status = self._status()
        if not self.lifecycle.allows(status, what):
            possible = self.lifecycle.possible(what)
            raise NotInState(what=what, kind=type(self).noun().replace("_", " "), status=str(status), possible=possible)

    def advance(
        self, what: str, *, to: StrEnum, by: Actor | None = None, party: UUID | None = None, **more: Any
    ) -> None:
        """Moves to state `to` by `what` and records the transition's event; raises NotInState if not allowed."""
        self.require(what)
        event = self.lifecycle.event(self._status(), what, to)
        setattr(self, "status", to)  # noqa: B010  a subclass's field
        self.record(event, by=by, party=party, **more)

    def seen_by(self, actor: Actor) -> bool:
        """Whether the actor may see it. Everyone may, unless it has `sides`, a list of organisations.


        Then only those who act for one of them or for a part of one may, and operators. Participants see only what
        names them in `participant_id` or `participant_ids`. Services see all.
        """
        sides: Collection[UUID] | None = getattr(self, "sides", None)
        if actor.person_id is None:
            return True
        if actor.is_participant:
            named: Collection[UUID] = getattr(self, "participant_ids", ())
            return actor.person_id == getattr(self, "participant_id", None) or actor.person_id in named
        if sides is None or (Role.OPERATOR in actor.roles and not self.personal):
            return True
        return not actor.lineage.isdisjoint(sides)

    def due(self) -> Mapping[str, datetime]:
        """What falls due, computed from the state: timer kind -> moment. Each save updates the timers to match."""
        return {}

    def _status(self) -> StrEnum:
        return self.__dict__["status"]
