"""Reads a file as the requests of its lines: the command is the format, its fields are the columns."""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import date
from functools import partial
from typing import Any
from uuid import UUID

from pydantic import ValidationError

from shared.contracts.values import ASKED, Identifier
from shared.domain.command import Command
from shared.domain.refused import Refused
from shared.http.named import Known, identifier_in, is_organisation, organisation_in
from shared.http.schemas import Schema, body_schema, schema_of
from shared.service.importing import Draft, Mistake
from shared.service.rows import Imports
from shared.sheets.columns import Bound, Cell, Column, Loc, bind, body_of, columns_of, dotted, plain, read_cell
from shared.sheets.sheet import Line, Sheet

Read = Callable[[str, Schema], Any]
WORDS = {
    "missing": "is empty; fill it in",
    "enum": "is none of {expected}",
    "literal_error": "is none of {expected}",
    "string_too_long": "is longer than {max_length} characters",
    "string_too_short": "is shorter than {min_length} characters",
    "string_pattern_mismatch": "does not have the form {pattern}",
    "uuid_parsing": "is not an id; copy it whole",
    "uuid_type": "is not an id; copy it whole",
    "too_long": "has more than {max_length} values",
    "too_short": "has fewer than {min_length} values",
    "greater_than_equal": "is below {ge}",
    "less_than_equal": "is above {le}",
    "value_error": "{error}",
}
"""The words for each kind of pydantic's errors; any other error has pydantic's own."""


class UnreadableFile(Refused):
    """The file cannot be read: {reason}.

    A file is CSV in UTF-8 or GB18030 with commas, semicolons or tabs between its cells, or a workbook with one sheet.
    Its first row names the columns. The operation's description lists them; an export of the list has the same names.
    """

    status = 422


class Format:
    """The columns that the lines of an import may have."""

    def __init__(self, row: Imports) -> None:
        """Raises TypeError for a command with a field that no column can hold."""
        whole = body_schema(row)
        self.row, self._defs = row, whole.get("$defs", {})
        self.columns = list(columns_of(whole, self._defs))
        fields: dict[str, Any] = whole["properties"]
        if lost := fields.keys() - {column.path[0] for column in self.columns}:
            raise TypeError(f"no column can hold {', '.join(lost)} of {row.ask.__name__}")
        self._required = whole["required"]
        self._lists = [name for name in self._required if plain(fields[name], self._defs).get("type") == "array"]
        document, definitions = schema_of(row.gives)
        self._others = [
            one for one in columns_of(document, definitions) if one.path not in {c.path for c in self.columns}
        ]

    def identifiers(self, sheet: Sheet) -> set[Identifier]:
        """Those by which its lines name organisations, without those that cannot be."""
        bound = [bind(name, self.columns) for name in sheet.header]
        places = [(n, one) for n, one in enumerate(bound) if one and is_organisation(one.column.schema)]
        cells = ((one, line.cells[n]) for line in sheet.lines for n, one in places if n < len(line.cells))
        found = set[Identifier]()
        for text in {text for one, cell in cells for text in one.texts(cell)}:
            with suppress(ValueError):  # the line is refused for it, when it is read
                if identifier := identifier_in(text):
                    found.add(identifier)
        return found

    def draft(self, sheet: Sheet, path: Mapping[str, Any], known: Known) -> Draft:
        """The command of each line, with the path parameters; and each mistake.

        `known` are the organisations that its `identifiers` belong to.
        """
        draft = Draft(lines=len(sheet.lines))
        bound = self._header(sheet, draft)
        if draft.mistakes:
            return draft
        draft.ids = _ids(sheet, bound)
        read = partial(_read, day_zero=sheet.day_zero, known=known)
        seen: dict[str, int] = {}
        for line in sheet.lines:
            if (ask := self._line(line, bound, read, path, draft)) is None:
                continue
            if before := seen.get(whole := ask.model_dump_json()):
                reason = f"says the same as line {before}; each may stand there once"
                draft.mistakes.append(Mistake(line=line.number, column=None, reason=reason))
            seen.setdefault(whole, line.number)
            draft.asks[line.number] = ask
        return draft

    def _header(self, sheet: Sheet, draft: Draft) -> list[Bound | None]:
        """The field of each column; adds the mistakes of the header, and which columns are left aside."""
        found: list[Bound | None] = []
        for place, name in enumerate(sheet.header, 1):
            one = bind(name, self.columns)
            found.append(one)
            if one is None and name and bind(name, self._others):
                draft.ignored.append(name)
            elif one is None and (
                name or any(place <= len(line.cells) and line.cells[place - 1] for line in sheet.lines)
            ):
                known = ", ".join(column.name for column in self.columns)
                reason = (
                    f"is not a column of this import; there are: {known}" if name else f"column {place} has no name"
                )
                draft.mistakes.append(Mistake(line=1, column=name, reason=reason))
        locs = [one.loc for one in found if one]
        for one in (one for place, one in enumerate(found) if one and _given(one, found[:place])):
            draft.mistakes.append(Mistake(line=1, column=one.header, reason="is there twice; keep one of them"))
        for name in self._required:
            if not any(loc[0] == name for loc in locs):
                names = " or ".join(column.name for column in self.columns if column.path[0] == name)
                draft.mistakes.append(Mistake(line=1, column=name, reason=f"there is no column {names}; add it"))
        return found

    def _line(
        self, line: Line, bound: Sequence[Bound | None], read: Read, path: Mapping[str, Any], draft: Draft
    ) -> Command | None:
        cells: list[tuple[Loc, Cell]] = []
        mistakes: list[Mistake] = []
        if len(line.cells) > len(bound):
            mistakes.append(Mistake(line=line.number, column=None, reason="has more cells than the header has columns"))
        for one, text in zip(bound, line.cells, strict=False):
            if one and text:
                try:
                    cells.append((one.loc, Cell(one.value(text, read), one.header)))
                except ValueError as problem:
                    mistakes.append(Mistake(line=line.number, column=one.header, reason=str(problem)))
        body = body_of(cells)
        said = {**dict.fromkeys(self._lists, ()), **body.said, **path}
        try:
            if not mistakes:
                text = json.dumps(said, default=str)
                return self.row.ask.model_validate_json(text, strict=True, extra="forbid", context=ASKED)
        except ValidationError as error:
            found = error.errors(include_url=False, include_input=False)
            mistakes += [Mistake(line=line.number, column=body.column(e["loc"]), reason=self._words(e)) for e in found]
        draft.mistakes += mistakes
        return None

    def _words(self, error: Mapping[str, Any]) -> str:
        if error["type"] == "missing":
            below = [column.name for column in self._below(error["loc"])]
            if len(below) > 1:
                return f"is empty; fill in {' or '.join(below)}"
        words = WORDS.get(error["type"]) or str(error["msg"]).replace("{", "{{").replace("}", "}}")
        return words.format_map(error.get("ctx", {}))

    def _below(self, loc: Loc) -> Iterator[Column]:
        name = dotted([0 if isinstance(step, int) else step for step in loc])
        return (column for column in self.columns if column.name.startswith(f"{name}."))


def _given(one: Bound, before: Iterable[Bound | None]) -> bool:
    """Whether an earlier column holds the same field, or the list that it is in."""
    shorter = [(other.loc, min(len(one.loc), len(other.loc))) for other in before if other]
    return any(one.loc[:n] == loc[:n] for loc, n in shorter)


def _read(text: str, schema: Schema, *, day_zero: date | None, known: Known) -> Any:
    return organisation_in(text, known) if is_organisation(schema) else read_cell(text, schema, day_zero)


def _ids(sheet: Sheet, bound: Sequence[Bound | None]) -> dict[int, UUID]:
    """The ids in an exported file, by line; a command has no such field."""
    ids: dict[int, UUID] = {}
    for place, name in enumerate(sheet.header):
        if bound[place] is None and name.casefold() == "id":
            for line in sheet.lines:
                with suppress(ValueError, IndexError):
                    ids[line.number] = UUID(line.cells[place])
    return ids
