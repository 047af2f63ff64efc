"""The unit of work: locks what a use case loads, and saves its changes together with their events."""

import json
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from dataclasses import fields as fields_of
from datetime import datetime
from functools import cache
from typing import Any, ClassVar, Generic, TypeVar, get_args, get_origin, get_type_hints
from uuid import UUID

from pydantic import TypeAdapter

from shared.contracts.event import Envelope, Event
from shared.domain.actor import Actor
from shared.domain.aggregate import Aggregate
from shared.domain.refused import Changed, NotFound, Refused
from shared.messaging.envelope import new_id
from shared.messaging.outbox import LIMIT, Connection, Row, Save, TooLarge, rows_of
from shared.messaging.timer import keep_timers

A = TypeVar("A", bound=Aggregate)


class RecordTooLarge(Refused):
    """The event {type} would be {size} bytes, over the limit of {limit}; shorten its texts.

    Put long documents elsewhere and give their address instead.
    """

    size: int
    limit: int
    status: ClassVar[int] = 413


@dataclass(slots=True)
class Stored(Generic[A]):
    """An aggregate in a unit of work, as it was loaded; `version` 0 is a new one."""

    aggregate: A
    version: int = 0
    sequence: int = 0
    body: str = ""


@cache
def adapter(kind: type[Any]) -> TypeAdapter[Any]:
    """Reads and writes an aggregate's document; made once a class."""
    return TypeAdapter(kind)


class Repository(Generic[A]):
    """The aggregates of one class, documents in the table of that name."""

    def __init__(self, kind: type[A], db: Connection, actor: Actor) -> None:
        self.kind, self.table, self._db, self._actor = kind, kind.noun(), db, actor
        self.held: dict[UUID, Stored[A]] = {}
        self._adapter: TypeAdapter[A] = adapter(kind)

    async def get(self, id: UUID) -> A:
        """The aggregate, locked until the transaction ends; raises NotFound if missing or hidden from the actor."""
        found = await self.find(id)
        if found is None or not found.seen_by(self._actor):
            raise NotFound(what=self.table.replace("_", " "), id=id)
        return found

    async def find(self, id: UUID) -> A | None:
        """The aggregate, locked until the transaction ends, or None."""
        if id not in self.held:
            self._hold(await self._db.fetch(f"{self._select} where id = $1 for update", id))
        return self.held[id].aggregate if id in self.held else None

    async def peek(self, id: UUID) -> tuple[A, int]:
        """The aggregate as it is now, without a lock, and its version; raises NotFound as `get` does.

        For what tells which locks to take, and in which order.
        """
        row = await self._db.fetchrow(f"{self._select} where id = $1", id)
        if row is None or not (found := self._adapter.validate_json(row["body"])).seen_by(self._actor):
            raise NotFound(what=self.table.replace("_", " "), id=id)
        return found, row["version"]

    async def where(self, **fields: object) -> list[A]:
        """Those whose fields have these values, locked, in id order (so that two units of work cannot deadlock)."""
        names = {f.name for f in fields_of(self.kind)}
        if unknown := fields.keys() - names:
            raise TypeError(f"{self.kind.__name__} has no field {', '.join(unknown)}")
        # The name is a literal, so that the expression index is used.
        tests = " and ".join(f"coalesce(body->>'{name}', '') = ${n}" for n, name in enumerate(fields, 1))
        rows = await self._db.fetch(f"{self._select} where {tests} order by id for update", *map(str, fields.values()))
        self._hold(rows)
        return [self.held[row["id"]].aggregate for row in rows]

    def add(self, aggregate: A) -> None:
        self.held[aggregate.id] = Stored(aggregate)

    @property
    def _select(self) -> str:
        return f"select id, version, sequence, body from {self.table}"

    def _hold(self, rows: Collection[Any]) -> None:
        for row in rows:
            if row["id"] not in self.held:
                aggregate = self._adapter.validate_json(row["body"])
                body = self._adapter.dump_json(aggregate).decode()
                self.held[row["id"]] = Stored(aggregate, row["version"], row["sequence"], body)


class UnitOfWork:
    """What a use case or a policy works with. A service's own Work names its repositories and ports by annotation."""

    def __init__(
        self, db: Connection, *, now: datetime, actor: Actor, use_case: str,
        ports: Mapping[str, Callable[[Connection], Any]] | None = None, cause: Envelope | None = None,
        part_of: str | None = None,
    ) -> None:  # fmt: skip
        """`part_of`: what the change belongs to, such as an import; its history names it."""
        self.now, self.actor, self.cause = now, actor, cause
        self._db, self._use_case, self._part_of = db, use_case, part_of
        self.repositories: list[Repository[Any]] = []
        for name, hint in get_type_hints(type(self)).items():
            if get_origin(hint) is Repository:
                self.repositories.append(Repository(get_args(hint)[0], db, actor))
                setattr(self, name, self.repositories[-1])
        for name, port in (ports or {}).items():
            setattr(self, name, port(db))

    def new_id(self) -> UUID:
        """A UUIDv7 for a new aggregate."""
        return new_id()

    def stored(self, aggregate: Aggregate) -> Stored[Any]:
        """The aggregate as this unit of work holds it, with its version; raises LookupError for a foreign one."""
        for stored in self._held():
            if stored.aggregate is aggregate:
                return stored
        raise LookupError(f"{type(aggregate).noun()} {aggregate.id} is not of this unit of work")

    async def save(self, emits: Collection[type[Event]] | None = None) -> int:
        """Saves all changes and returns the number of events recorded; refuses an event that `emits` does not name.

        Afterwards timers match `due()`, even those of an aggregate that the timer left unchanged.
        """
        count = 0
        for stored in self._held():
            count += await self._save(stored, emits)
            if type(stored.aggregate).due is not Aggregate.due:
                await keep_timers(self._db, stored.aggregate.id, stored.aggregate.due())
        return count

    def _held(self) -> Iterator[Stored[Any]]:
        for repository in self.repositories:
            yield from repository.held.values()

    async def _save(self, stored: Stored[Any], emits: Collection[type[Event]] | None) -> int:
        aggregate: Aggregate = stored.aggregate
        events = aggregate.recorded
        body = adapter(type(aggregate)).dump_json(aggregate).decode()
        if body == stored.body and not events:
            return 0
        _declared(events, emits, self._use_case)
        rows = self._rows(stored)
        history = json.dumps([{"id": str(r.id), "type": r.type, "sequence": r.sequence} for r in rows])
        save = Save(
            type(aggregate).noun(), aggregate.id, stored.version, stored.sequence, body, self.now,
            rows, str(self.actor), self._use_case, history, self.actor.organisation_id, aggregate.keeps_versions,
            self._part_of,
        )  # fmt: skip
        if not await save.run(self._db):
            raise Changed(what=type(aggregate).noun().replace("_", " "))
        stored.version, stored.sequence, stored.body = stored.version + 1, stored.sequence + len(rows), body
        events.clear()
        return len(rows)

    def _rows(self, stored: Stored[Any]) -> list[Row]:
        try:
            return rows_of(stored.aggregate.id, stored.aggregate.recorded, stored.sequence, self.now)
        except TooLarge as found:
            raise RecordTooLarge(type=found.type, size=found.size, limit=LIMIT) from found


def _declared(events: Collection[Event], emits: Collection[type[Event]] | None, use_case: str) -> None:
    if emits is None:
        return
    for event in events:
        named = type(event) in emits or (event.compacted and any(e.topic == event.topic for e in emits))
        if not named:
            raise TypeError(f"{use_case} emits {type(event).__name__}, which neither its act nor its row names")
