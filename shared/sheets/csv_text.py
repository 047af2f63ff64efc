"""CSV: reads the encodings and separators that offices use; writes cells that no spreadsheet evaluates."""

import csv
import io
import re
from collections.abc import Iterable, Sequence
from typing import IO

from shared.sheets.sheet import Sheet, Unreadable, sheet_of

SEPARATORS = ",;\t"
# A spreadsheet takes a cell that begins so for a formula, also with full-width signs (OWASP, "CSV Injection"). The
# apostrophes before it count, so that a text which has one itself is read again as it was.
FORMULA = re.compile("'*[=+\\-@\t\r\n＝＋－＠]")
ENOUGH = 0.9
"""The share of characters beyond ASCII that GB 2312 must have, for a file to be taken for GB18030."""


def read_csv(data: bytes) -> Sheet:
    """The sheet of a CSV file; raises Unreadable."""
    text = _decoded(data)
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=_separator(text), strict=True)
    try:
        return sheet_of([_plain(cell) for cell in row] for row in rows)
    except csv.Error as problem:
        raise Unreadable(f"row {rows.line_num} is not CSV ({problem}); save the file as CSV again") from None


def write_csv(rows: Iterable[Sequence[str]], to: IO[bytes]) -> None:
    """Writes the rows as CSV in UTF-8; with the mark by which Excel knows that it is."""
    text = io.TextIOWrapper(to, "utf-8-sig", newline="")
    csv.writer(text).writerows([harmless(cell) for cell in row] for row in rows)
    text.detach()


def harmless(cell: str) -> str:
    """The cell with an apostrophe before it where a spreadsheet would take it for a formula."""
    return f"'{cell}" if FORMULA.match(cell) else cell


def _plain(cell: str) -> str:
    """What `harmless` was given."""
    return cell[1:] if cell.startswith("'") and FORMULA.match(cell) else cell


def _decoded(data: bytes) -> str:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):  # Excel's "Unicode text"
        return data.decode("utf-16", "replace")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return _chinese(data)


def _chinese(data: bytes) -> str:
    """The text in GB18030. Western encodings read as rare characters in it, so that most must be common ones."""
    try:
        text = data.decode("gb18030")
    except UnicodeDecodeError:
        text = ""
    beyond = [c for c in text if ord(c) > 127]
    common = sum(1 for c in beyond if c.encode("gb2312", "ignore"))
    if not beyond or common < ENOUGH * len(beyond):
        raise Unreadable(
            "the file is neither in UTF-8 nor in GB18030; save it as `CSV UTF-8`, or as a workbook (.xlsx)"
        )
    return text


def _separator(text: str) -> str:
    header = re.sub(r'"[^"]*"', "", next((line for line in text.splitlines() if line.strip()), ""))
    return max(SEPARATORS, key=header.count)
