"""Service: the value that a main.py returns; API, worker, catalogue and tests are made from it."""

import re
from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, get_type_hints

from shared.contracts.event import Event
from shared.database.migrations import Folders
from shared.database.schema import folders_of
from shared.domain.actor import Role
from shared.domain.aggregate import Aggregate
from shared.domain.command import Command
from shared.messaging.outbox import Connection
from shared.messaging.reactions import Consumer, Policy, Projection, policy, projection
from shared.service.settings import Settings
from shared.service.work import UnitOfWork

__all__ = [
    "Change", "Consumer", "Holds", "Imports", "Lists", "Outgoing", "Policy", "Projection", "Reads", "Service", "Timer",
    "admits", "changes", "creates", "holds", "imports", "lists", "outgoing", "policy", "projection", "reads", "timer",
]  # fmt: skip

UseCase = Callable[..., Awaitable[Any]]
Port = Callable[[Connection], Any]
May = Role | Collection[Role]
PATH_ID = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True)
class Change:
    """A row: a POST that runs a use case. The whole contract of it."""

    path: str
    run: UseCase
    may: frozenset[Role]
    emits: Sequence[type[Event]]
    creates: bool
    ask: type[Command]
    gives: type[Any]
    anybody: bool = False
    """Whether it needs no token: what is asked proves who asks. Its answer is then never kept."""

    @property
    def name(self) -> str:
        """The use case's name: in scenarios, history and metrics."""
        return self.run.__name__

    @property
    def act(self) -> str:
        """The act in the use case's name: that of `sign_agreement` is `sign`."""
        return _act(self.run.__name__, self.gives)

    @property
    def path_fields(self) -> list[str]:
        """The path's parameters, which are fields of the command."""
        return PATH_ID.findall(self.path)


@dataclass(frozen=True)
class Imports(Change):
    """A row: a POST of a file, each line of which runs a use case that makes an aggregate."""

    @property
    def name(self) -> str:
        """The operation's name: `/organisations/imports` is `import_organisations`."""
        return f"import_{self.path.removesuffix('/imports').rpartition('/')[2].replace('-', '_')}"


@dataclass(frozen=True)
class Lists:
    """A row: list, one and history of an aggregate's documents."""

    kind: type[Aggregate]
    path: str
    may: frozenset[Role]
    filters: Sequence[str]
    sorts: Sequence[str]
    own: bool
    order: str | None
    search: Sequence[str]


@dataclass(frozen=True)
class Reads:
    """A row: any other query."""

    path: str
    run: UseCase
    may: frozenset[Role]
    ask: type[Command]
    gives: Any

    @property
    def name(self) -> str:
        return self.run.__name__


@dataclass(frozen=True)
class Timer:
    """A row: what happens when a kind of timer falls due."""

    kind: str
    run: UseCase
    emits: Sequence[type[Event]]


@dataclass(frozen=True)
class Outgoing:
    """A row: how one kind of work for the outside is done, outside any transaction."""

    kind: str
    run: Callable[[Any, Settings], Awaitable[None]]
    """`async def send(work: Model, settings)`; raises to be retried with back-off."""
    body: type[Any]
    prepare: Callable[[Any, Connection, Settings], Awaitable[Any]] | None = None
    """`async def write(work: Model, db, settings)`: what `run` sends, made before each attempt in a transaction of its
    own; None if there is nothing left to send. A secret made here is never stored: it is new in each attempt."""


@dataclass(frozen=True)
class Holds:
    """A row: a table that holds something of people, for `GET /people/{id}/held` and for docs/privacy.md."""

    table: str
    what: str
    """What it holds of a person, and why."""
    until: str
    """How long, and what erases it."""
    of: str
    """SQL over the table: whether a row is about the person `$1`, an id as text."""
    shows: str | None
    """SQL over the table: what it holds, as JSON. None where others' affairs stand in it too: then rows are counted."""


@dataclass(frozen=True)
class Service:
    """A service: its name, rows, ports and settings."""

    name: str
    settings: Settings
    work: type[UnitOfWork]
    ports: Mapping[str, Port] = field(default_factory=dict[str, Port])
    """What use cases reach by `work.NAME`; each is made with the database connection of the transaction."""
    commands: Sequence[Change] = ()
    imports: Sequence[Imports] = ()
    queries: Sequence[Lists | Reads] = ()
    consumers: Sequence[Consumer] = ()
    timers: Sequence[Timer] = ()
    outgoing: Sequence[Outgoing] = ()
    directory: type[Any] | None = None
    """Finds the actor, if `shared.directory`'s copy does not (see `shared.directory.actors.Directory`)."""
    participants: type[Any] | None = None
    """Who acts beside the directory (see `shared.directory.actors.Participants`)."""
    held: Sequence[Holds] = ()
    """Its own tables that hold something of people."""

    @property
    def migrations(self) -> Folders:
        """The migration folders of its schema, including those of the copies that it keeps."""
        modules = [row.run.__module__.split(".") for consumer in self.consumers for row in consumer.projections]
        return folders_of(self.name, dict.fromkeys(parts[1] for parts in modules if parts[0] == "shared"))

    @property
    def lists(self) -> list[Lists]:
        """The rows of documents."""
        return [row for row in self.queries if isinstance(row, Lists)]

    @property
    def topics(self) -> list[str]:
        """The topics that it publishes: what its rows emit."""
        rows = (*self.commands, *self.imports, *self.timers, *(p for c in self.consumers for p in c.policies))
        return sorted({event.topic for row in rows for event in row.emits})


def creates(path: str, run: UseCase, *, may: May, emits: Sequence[type[Event]] = ()) -> Change:
    """A POST that makes an aggregate: 201, Location, ETag; takes an Idempotency-Key.

    A use case is named after the act and the aggregate that it returns: `sign_agreement` does `sign`, and what that
    act gives in the lifecycle it may emit. `emits` names the other events.
    """
    return _change(path, run, may, emits, creates=True)


def changes(path: str, run: UseCase, *, may: May, emits: Sequence[type[Event]] = ()) -> Change:
    """A POST on an existing aggregate: 200, ETag; takes If-Match and an Idempotency-Key. `emits` as of `creates`."""
    return _change(path, run, may, emits, creates=False)


def admits(path: str, run: UseCase) -> Change:
    """A POST that anyone may call, without a token: the request itself proves who they are. No Idempotency-Key."""
    return replace(_change(path, run, frozenset(Role), (), creates=False), anybody=True)


def imports(path: str, run: UseCase, *, may: May, emits: Sequence[type[Event]] = ()) -> Imports:
    """A POST of a CSV file or workbook: each line is a request to `run`, all are carried out or none.

    The command is the format: its fields are the columns. `may` and `emits` as of `creates`.
    """
    if not path.endswith("/imports"):
        raise TypeError(f"the path of an import ends with /imports, and {path} does not")
    return Imports(**vars(_change(path, run, may, emits, creates=True)))


def lists(
    kind: type[Aggregate], *, path: str, may: May = Role.READER, filters: Sequence[str] = (), sorts: Sequence[str] = (),
    own: bool = False, order: str | None = None, search: Sequence[str] = (),
) -> Lists:  # fmt: skip
    """GET `path` (a page), `path/{id}` (one, with ETag), `path/{id}/history`; who is not a side sees nothing of it.

    `own`: people see only those whose field `person_id` names them. `order`: a field (`-` before it: descending) by
    which pages are ordered when no sort is asked for. `search`: the fields in whose words `q` searches. A list can be
    limited to a range of each order that is a day, and where there are sides, to those of a partner.
    """
    return Lists(kind, path, _roles(may), filters, sorts, own, order, search)


def reads(path: str, run: UseCase, *, may: May = Role.READER) -> Reads:
    """GET `path`: `async def f(ask: Command, actor, db)`; the command's fields are path and query parameters.

    It answers what pydantic writes as JSON, or a `File` of `shared.service.files`.
    """
    hints = get_type_hints(run)
    return Reads(path, run, _roles(may), hints["ask"], hints["return"])


def timer(kind: str, run: UseCase, *, emits: Sequence[type[Event]] = ()) -> Timer:
    """`async def f(ask: Due, actor, work)` when a timer of this kind falls due. `emits` as of `creates`."""
    return Timer(kind, run, _emitted(run, emits))


def outgoing(
    kind: str, run: Callable[[Any, Settings], Awaitable[None]],
    *, prepare: Callable[[Any, Connection, Settings], Awaitable[Any]] | None = None,
) -> Outgoing:  # fmt: skip
    """`async def f(work: Model, settings)`: hands one piece of work to the outside. `prepare` makes what `f` takes."""
    return Outgoing(kind, run, next(iter(get_type_hints(prepare or run).values())), prepare)


def holds(
    table: str, *, what: str, until: str, of: str = "strpos(body::text, $1) > 0", shows: str | None = None
) -> Holds:  # fmt: skip
    """A table that holds something of people: documents that name them by id, if `of` says nothing else.

    A test fails for a table that has no such row and is not known to hold nothing of people.
    """
    return Holds(table, what, until, of, shows)


def _change(path: str, run: UseCase, may: May, emits: Sequence[type[Event]], *, creates: bool) -> Change:
    hints = get_type_hints(run)
    row = Change(path, run, _roles(may), _emitted(run, emits), creates, hints["ask"], hints["return"])
    if missing := set(row.path_fields) - row.ask.model_fields.keys():
        raise TypeError(f"{row.ask.__name__} has no field for the path's {', '.join(sorted(missing))}")
    return row


def _emitted(run: UseCase, beyond: Sequence[type[Event]]) -> list[type[Event]]:
    """The events of the act that `run` is named after, and those `beyond` it; raises TypeError where they overlap."""
    own = _of_act(run.__name__, get_type_hints(run)["return"])
    if twice := [event.__name__ for event in beyond if event in own]:
        raise TypeError(f"the row of {run.__name__} need not name {', '.join(twice)}: the lifecycle does")
    return [*own, *beyond]


def _of_act(use_case: str, gives: Any) -> list[type[Event]]:
    lifecycle = getattr(gives, "lifecycle", None)
    if lifecycle is None:
        return []
    return lifecycle.events(_act(use_case, gives))


def _act(use_case: str, gives: type[Any]) -> str:
    noun = gives.noun() if issubclass(gives, Aggregate) else ""
    return use_case.removesuffix(f"_{noun}").replace("_", " ")


def _roles(may: May) -> frozenset[Role]:
    return frozenset({may}) if isinstance(may, Role) else frozenset(may)
