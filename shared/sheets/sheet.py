"""A sheet: the header and the lines of a file, as text, with the row numbers that a spreadsheet shows."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

MOST_LINES, MOST_COLUMNS, MOST_CELLS = 20_000, 200, 1_000_000
BYTES = 10 * 1024 * 1024
"""The most bytes that a file may have."""


class Unreadable(Exception):
    """The file cannot be read; the sentence says why and what to do."""


class Line(NamedTuple):
    """A row with something in it; `number` is its row in the spreadsheet."""

    number: int
    cells: list[str]


@dataclass(frozen=True, slots=True)
class Sheet:
    """A file as it was read."""

    header: list[str]
    lines: list[Line]
    day_zero: date | None = None
    """The day that a workbook counts its days from; None for CSV, where a number is no day."""


def sheet_of(rows: Iterable[Sequence[str]], day_zero: date | None = None) -> Sheet:
    """The sheet of these rows, without blank rows, columns and margins of cells; raises Unreadable for too many.

    The first row with something in it is the header. A blank row within the table is no line, and keeps its number.
    """
    found: list[Line] = []
    count = 0
    for number, row in enumerate(rows, 1):
        cells = _trimmed(row)
        count += len(cells)
        if len(cells) > MOST_COLUMNS:
            raise Unreadable(f"row {number} has {len(cells)} columns; at most {MOST_COLUMNS} are read")
        if len(found) > MOST_LINES or count > MOST_CELLS:
            raise Unreadable(
                f"the file has more than {MOST_LINES:,} lines or {MOST_CELLS:,} cells; divide it into several"
            )
        if cells:
            found.append(Line(number, cells))
    if not found:
        raise Unreadable("the file is empty; its first row names the columns")
    return Sheet(found[0].cells, found[1:], day_zero)


def _trimmed(row: Sequence[str]) -> list[str]:
    cells = [cell.strip() for cell in row]
    while cells and not cells[-1]:
        cells.pop()
    return cells
