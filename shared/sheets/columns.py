"""Columns: the fields of a JSON object, flattened. `name.en` is a field within one, `roles.1` a place in a list."""

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, NamedTuple

from shared.contracts.values import CODE

Schema = dict[str, Any]
Loc = tuple[str | int, ...]

PLACE = "#"
"""Stands in the path of a column for a place in a list."""
ISO_DAY, OTHER_DAY = re.compile(r"\d{4}-\d{2}-\d{2}"), re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})")
SERIAL = re.compile(r"\d{5}")
WHOLE = re.compile(r"[+-]?\d{1,15}")
BOOLEANS = {"true": True, "false": False}


class Column(NamedTuple):
    """A field that a column can hold, with its JSON Schema."""

    path: tuple[str, ...]
    schema: Schema

    @property
    def name(self) -> str:
        """The name in a header, with the first place of each list."""
        return dotted([0 if part == PLACE else part for part in self.path])


class Cell(NamedTuple):
    """What a cell of a line holds, and the column's name in the header."""

    value: Any
    header: str


@dataclass(frozen=True, slots=True)
class Bound:
    """A column of a file: which field it holds. A list's column without a number holds all values, between `;`."""

    header: str
    column: Column
    loc: Loc
    whole_list: bool

    def texts(self, cell: str) -> list[str]:
        """What stands between the `;` of a list's cell; of any other, the cell."""
        return [one for each in cell.split(";") if (one := each.strip())] if self.whole_list else [cell]

    def value(self, cell: str, read: Callable[[str, Schema], Any]) -> Any:
        """What a cell means, each text as `read` reads it; raises what that raises."""
        values = [read(text, self.column.schema) for text in self.texts(cell)]
        return values if self.whole_list else values[0]


@dataclass
class Body:
    """A line as a JSON object, and which column each place in it came from."""

    said: dict[str, Any]
    columns: dict[Loc, str] = field(default_factory=dict[Loc, str])

    def column(self, loc: Loc) -> str:
        """The column of the mistake at `loc`."""
        for end in range(len(loc), 0, -1):
            if found := self.columns.get(loc[:end]):
                return found
        return dotted(loc)


def columns_of(schema: Schema, definitions: Mapping[str, Schema], path: tuple[str, ...] = ()) -> Iterator[Column]:
    """The columns of an object, in its order. A mapping with keys of its own has none."""
    schema = plain(schema, definitions)
    if "properties" in schema:
        for name, inside in schema["properties"].items():
            yield from columns_of(inside, definitions, (*path, name))
    elif schema.get("type") == "array":
        yield from columns_of(schema["items"], definitions, (*path, PLACE))
    elif schema.get("type") != "object":
        yield Column(path, schema)


def plain(schema: Schema, definitions: Mapping[str, Schema]) -> Schema:
    """The schema that a reference leads to, or that is left beside null."""
    if "$ref" in schema:
        return plain(definitions[schema["$ref"].rpartition("/")[2]], definitions)
    if options := [one for one in schema.get("anyOf", ()) if one.get("type") != "null"]:
        return plain(options[0], definitions)
    return schema


def bind(header: str, columns: Iterable[Column]) -> Bound | None:
    """The field that a column of a file holds, whatever the case of its name; None if it is none of `columns`."""
    parts = [part.strip().casefold() for part in header.split(".")]
    for column in columns:
        for path, whole_list in ((column.path, False), (column.path[:-1], column.path[-1] == PLACE)):
            if path == column.path or whole_list:
                loc = _loc(parts, path)
                if loc is not None:
                    return Bound(header, column, loc, whole_list)
    return None


def _loc(parts: list[str], path: Collection[str]) -> Loc | None:
    if len(parts) != len(path):
        return None
    found: list[str | int] = []
    for part, name in zip(parts, path, strict=True):
        if name == PLACE and part.isdecimal() and 0 < int(part) < 1000:
            found.append(int(part) - 1)
        elif name != PLACE and part == name.casefold():
            found.append(name)
        else:
            return None
    return tuple(found)


def body_of(cells: Iterable[tuple[Loc, Cell]]) -> Body:
    """The JSON object of a line; places of lists close up where a column is blank."""
    tree: dict[str | int, Any] = {}
    for loc, cell in cells:
        node = tree
        for step in loc[:-1]:
            node = node.setdefault(step, {})
        node[loc[-1]] = cell
    body = Body({})
    body.said = _grown(tree, (), body.columns) or {}
    return body


def _grown(node: Any, loc: Loc, columns: dict[Loc, str]) -> Any:
    if isinstance(node, Cell):
        columns[loc] = node.header
        return node.value
    if node and all(isinstance(step, int) for step in node):
        return [_grown(node[step], (*loc, place), columns) for place, step in enumerate(sorted(node))]
    return {step: _grown(inside, (*loc, step), columns) for step, inside in node.items()}


def flattened(value: Any, path: tuple[str, ...], loc: Loc = ()) -> Iterator[tuple[Loc, str]]:
    """The cells of one column of an object: where each stands, and its text."""
    if value is None:
        return
    if not path:
        yield loc, _written(value)
    elif path[0] == PLACE:
        for place, one in enumerate(value):
            yield from flattened(one, path[1:], (*loc, place))
    else:
        yield from flattened(value.get(path[0]), path[1:], (*loc, path[0]))


def _written(value: Any) -> str:
    return ("false", "true")[value] if isinstance(value, bool) else str(value)


def dotted(loc: Iterable[str | int]) -> str:
    """The name of a column; places count from 1."""
    return ".".join(str(step + 1) if isinstance(step, int) else step for step in loc)


def read_cell(text: str, schema: Schema, day_zero: date | None) -> Any:
    """The value that a text means in a field; raises ValueError with the reason, which does not repeat the text."""
    if "enum" in schema:
        return next((one for one in schema["enum"] if str(one).casefold() == text.casefold()), text)
    if schema.get("pattern") == CODE:
        return text.casefold()
    match schema.get("type"), schema.get("format"):
        case "string", "date":
            return read_day(text, day_zero).isoformat()
        case "boolean", _:
            if text.casefold() not in BOOLEANS:
                raise ValueError("is neither true nor false")
            return BOOLEANS[text.casefold()]
        case "integer", _:
            if not WHOLE.fullmatch(text):
                raise ValueError("is no whole number; write it with digits only, like `1200`")
            return int(text)
        case "number", _:
            return float(text) if re.fullmatch(r"[+-]?\d+(\.\d+)?", text) else text
        case _:
            return text


def read_day(text: str, day_zero: date | None) -> date:
    """The day of `2027-01-31`, `31/01/2027` or a workbook's number of a day; raises ValueError with the reason."""
    if day_zero is not None and SERIAL.fullmatch(text):
        return day_zero + timedelta(days=int(text))
    try:
        if ISO_DAY.fullmatch(text):
            return date.fromisoformat(text)
        if found := OTHER_DAY.fullmatch(text):
            day, month, year = map(int, found.groups())
            if day <= 12 and month <= 12 and day != month:
                raise LookupError
            return date(year, month, day)
    except LookupError:
        raise ValueError("could be two days, as some put the month first; write it like `2027-01-31`") from None
    except ValueError:
        pass
    raise ValueError("is not a day; write it like `2027-01-31` or `31/01/2027`")
