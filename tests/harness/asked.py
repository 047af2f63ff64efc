"""Good and bad requests for every route, made from the services' rows."""

import copy
import json
import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, cast

from pydantic import TypeAdapter, ValidationError

from services import SERVICES
from shared.domain.aggregate import Aggregate
from shared.http.documents import Documents
from shared.http.schemas import body_schema
from shared.service.rows import Change, Lists, Reads, Service
from shared.service.settings import Settings
from tests.harness.schemas import below, inline, plain

ALL: dict[str, Service] = {name: make(Settings(development=True)) for name, make in SERVICES.items()}
TRIALS = ("GB", "Asia/Shanghai", "someone@example.org", "ror", "https://issuer.example.org", "0" * 64, "EUR", "1.00")
"""Values to try for fields whose schema does not say what they accept."""
Loc = tuple[str | int, ...]


@dataclass(frozen=True)
class Command:
    """A command's row and the service that it belongs to."""

    service: str
    row: Change

    def __str__(self) -> str:
        return f"{self.service}-{self.row.name}"

    @property
    def schema(self) -> dict[str, Any]:
        """JSON Schema of the body."""
        return inline(body_schema(self.row))

    def path(self, **ids: object) -> str:
        """The path with these ids, and unknown ids for the others."""
        given = {name: ids.get(name, 1 if name == "number" else uuid.uuid4()) for name in self.row.path_fields}
        return self.row.path.format(**given)

    def body(self, **ids: object) -> dict[str, Any]:
        """A body that the command accepts."""
        path = {name: str(ids.get(name, uuid.uuid4())) for name in self.row.path_fields}
        path |= {name: 1 for name in path if name == "number"}
        return example(TypeAdapter(self.row.ask), self.schema, path)


@dataclass(frozen=True)
class Query:
    """A GET route with its parameters."""

    service: str
    path: str
    parameters: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.service}{self.path.replace('/', '-')}"

    @property
    def of_one(self) -> bool:
        """Whether it reads a single document."""
        return "{id}" in self.path

    @property
    def address(self) -> str:
        """The path with an unknown id."""
        return self.path.replace("{id}", str(uuid.uuid4()))


def commands() -> list[Command]:
    """The commands of all services."""
    return [Command(name, row) for name, service in ALL.items() for row in service.commands]


def changes() -> list[Command]:
    """The commands on an existing aggregate."""
    return [command for command in commands() if command.row.path_fields]


def queries() -> list[Query]:
    """The queries of all services, including those common to every service."""
    found: list[Query] = []
    for name, service in ALL.items():
        for row in service.queries:
            found += _of_list(name, row) if isinstance(row, Lists) else [_of_read(name, row)]
        found.append(Query(name, "/me", ()))
        found.append(Query(name, "/tasks", ("limit", "cursor")))
        found.append(Query(name, "/due", ("before", "limit", "cursor")))
        found.append(Query(name, "/events", ("after", "limit")))
        found.append(Query(name, "/positions", ("topic", "key")))
    return found


def _of_list(name: str, row: Lists) -> list[Query]:
    sorts = ["sort"] if row.sorts else []
    one = f"{row.path}/{{id}}"
    page = Query(name, row.path, (*Documents(row).parameters, *sorts, "limit", "cursor"))
    as_of = ("as_of",) if row.kind.keeps_versions else ()
    return [page, Query(name, one, as_of), Query(name, f"{one}/history", ("limit", "cursor"))]


def _of_read(name: str, row: Reads) -> Query:
    return Query(name, row.path, tuple(field for field in row.ask.model_fields if f"{{{field}}}" not in row.path))


def document(kind: type[Aggregate], ours: uuid.UUID, theirs: uuid.UUID, **more: Any) -> dict[str, Any]:
    """A document of an aggregate between two organisations; `more` sets fields."""
    reads = TypeAdapter(kind)
    schema = inline(reads.json_schema())
    made = example(reads, schema, {"id": str(uuid.uuid4())} | more) | more

    def sided(value: Any, of: dict[str, Any]) -> Any:
        of = plain(of)
        if of.get("type") == "array" and plain(of["items"]).get("format") == "uuid":
            return [str(ours), str(theirs)]
        return str(ours) if of.get("format") == "uuid" else value

    fields = {name: sided(value, schema["properties"][name]) for name, value in made.items()}
    whole = reads.validate_python(fields | {"id": uuid.uuid4()} | more)
    return json.loads(reads.dump_json(whole))


def example(reads: TypeAdapter[Any], schema: dict[str, Any], path: dict[str, Any]) -> dict[str, Any]:
    """A JSON object that `reads` accepts together with `path`: made from the schema, then corrected error by error."""
    made: dict[str, Any] = _made(schema)
    for _ in range(200):
        try:
            reads.validate_json(json.dumps(made | path), strict=True, extra="forbid")
        except ValidationError as error:
            _try_another(made, schema, error.errors()[0]["loc"])
        else:
            return made
    raise AssertionError(f"found no example: {made}")


def _made(schema: dict[str, Any]) -> Any:
    if "enum" in schema or "const" in schema:
        return schema.get("const", schema.get("enum", [None])[0])
    if "anyOf" in schema:
        return _made(plain(schema))
    match schema.get("type"):
        case "object":
            return {name: _made(schema["properties"][name]) for name in schema.get("required", [])}
        case "array":
            return [_made(schema["items"]) for _ in range(schema.get("minItems", 1))]
        case "integer" | "number":
            return schema.get("minimum", 1)
        case "boolean":
            return True
        case _:
            return _word(schema)


def _word(schema: dict[str, Any]) -> str:
    match schema.get("format"):
        case "uuid":
            return str(uuid.uuid4())
        case "date":
            return "2027-01-01"
        case _:
            return str(schema.get("examples", ["words"])[0])


def _try_another(made: dict[str, Any], schema: dict[str, Any], loc: Sequence[str | int]) -> None:
    holder: Any = made
    place: str | int = ""
    value: Any = made
    of = schema
    for step in loc:
        if not isinstance(value, dict | list) or (isinstance(value, dict) and step not in value):
            break
        holder, place, of = cast(Any, value), step, below(of, step)
        value = holder[place]
    if isinstance(value, dict):
        new = next(name for name in of["properties"] if name not in value)
        value[new] = _made(of["properties"][new])
    elif isinstance(value, str):
        holder[place] = TRIALS[(TRIALS.index(value) + 1 if value in TRIALS else 0) % len(TRIALS)]
    else:
        raise AssertionError(f"no value to try for {loc} besides {value!r}")


def wrong_bodies(body: dict[str, Any], schema: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    """Every body that differs from a valid one in one place, with a description of the difference."""
    yield "unknown field", body | {"surprise": 1}
    for loc, value, of in _places(body, schema, ()):
        where = ".".join(map(str, loc))
        if isinstance(value, dict):
            yield f"unknown field in {where}", _with(body, loc, {**value, "surprise": 1})
        for what, other in _others(value, of):
            yield f"{where}: {what}", _with(body, loc, other)
    for name in schema.get("required", []):
        yield f"without {name}", {key: value for key, value in body.items() if key != name}


def _places(value: Any, schema: dict[str, Any], loc: Loc) -> Iterator[tuple[Loc, Any, dict[str, Any]]]:
    steps: list[tuple[str | int, Any]] = []
    if isinstance(value, dict):
        steps = [(name, _made(of)) if name not in value else (name, value[name])
                 for name, of in schema.get("properties", {}).items()]  # fmt: skip
    elif isinstance(value, list):
        steps = list(enumerate(value))
    for step, inside in steps:
        of = schema["items"] if isinstance(step, int) else schema["properties"][step]
        yield (*loc, step), inside, of
        yield from _places(inside, plain(of), (*loc, step))


def _with(body: dict[str, Any], loc: Loc, other: Any) -> dict[str, Any]:
    changed: Any = copy.deepcopy(body)
    at = changed
    for step in loc[:-1]:
        at = at.setdefault(step, {}) if isinstance(at, dict) else at[step]
    if isinstance(at, dict) or loc[-1] < len(at):  # pyright: ignore[reportOperatorIssue]
        at[loc[-1]] = other
    return changed


def _others(value: Any, schema: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    """Values that a field must refuse, with descriptions."""
    if not any(one.get("type") == "null" for one in schema.get("anyOf", [])):
        yield "null", None
    yield "an object", {"surprise": {}}
    yield "a number beyond bounds", 10**30
    yield "a fraction", 0.5
    schema = plain(schema)
    match value:
        case str() if schema.get("format") == "date":
            for day in ("0001-01-01", "9999-12-31", "2027-02-30", "12027-01-01", "0", "2027-01-01T00:00:00Z", ""):
                yield f"the day {day!r}", day
        case str():
            yield "U+0000", f"{value}\x00"
            yield "nothing", ""
            yield "very long", "x" * 60_000
        case bool():
            yield "a word", "yes"
        case int():
            yield "negative", -1
            yield "a number as a word", "1"
            yield "true", True
        case list():
            yield "not a list", "words"
            if "enum" not in schema["items"]:  # in a set of enum values, duplicates are merged
                yield "very many", value * 2000
        case _:
            yield "a list", []
