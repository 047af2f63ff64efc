"""Workbooks: Excel's and OpenDocument's are read in a process of their own; Excel's are written.

A few bytes of a workbook can describe a sheet of a billion cells, which the reader would lay out in memory. The process
has a limit of memory and time, so that a malicious file ends that process, not the service.
"""

import asyncio
import io
import json
import re
import resource
import sys
import zipfile
from collections.abc import Iterable, Sequence
from contextlib import suppress
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import IO

from python_calamine import CalamineError, CalamineWorkbook, SheetVisibleEnum

from shared.sheets.sheet import Line, Sheet, Unreadable, sheet_of

MEMORY, SECONDS = 1024**3, 30
SINCE_1900, SINCE_1904 = date(1899, 12, 30), date(1904, 1, 1)
CERTAIN = 10**15
"""A spreadsheet's numbers have 15 digits; the further ones of a longer number are lost."""
LONGEST = 32_767
"""The most characters that a cell of Excel's holds."""
COUNTS_FROM_1904 = re.compile(rb'date1904="(1|true)"')
DESCRIPTION = 1024 * 1024
"""The bytes of a workbook's description that are read."""
ANSWER = 64 * 1024 * 1024
"""The most characters that a sheet may come to."""
ROOT = Path(__file__).parents[2]


async def read_workbook(data: bytes) -> Sheet:
    """The only sheet of a workbook; raises Unreadable."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "shared.sheets.workbook", cwd=ROOT,
        stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.DEVNULL,
    )  # fmt: skip
    try:
        said, _ = await process.communicate(data)
    finally:
        if process.returncode is None:
            process.kill()
    if process.returncode:
        raise Unreadable("the workbook is too large or damaged; keep one sheet in it, save it again, or save it as CSV")
    answer = json.loads(said)
    if "problem" in answer:
        raise Unreadable(answer["problem"])
    lines = [Line(number, cells) for number, cells in answer["lines"]]
    return Sheet(answer["header"], lines, date.fromisoformat(answer["day_zero"]))


def write_workbook(rows: Iterable[Sequence[str]], to: IO[bytes]) -> None:
    """Writes the rows as a workbook of one sheet; a text is a text, whatever it begins with. Raises ValueError."""
    import xlsxwriter  # 50 ms, which few requests need

    book = xlsxwriter.Workbook(to, {"constant_memory": True})
    sheet = book.add_worksheet()
    for number, row in enumerate(rows):
        for column, cell in enumerate(row):
            if len(cell) > LONGEST:
                raise ValueError(f"a text has more than the {LONGEST:,} characters that a cell of Excel's holds")
            if cell:
                sheet.write_string(number, column, cell)
    book.close()


def read(data: bytes) -> Sheet:
    """The only visible sheet with something in it; raises Unreadable."""
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(data))
        names = [each.name for each in book.sheets_metadata if each.visible is SheetVisibleEnum.Visible]
        sheets = [sheet for sheet in map(book.get_sheet_by_name, names) if sheet.height]
        if len(sheets) != 1:
            named = ", ".join(sheet.name for sheet in sheets) or "none"
            raise Unreadable(f"a workbook has one sheet with something in it; this one has: {named}")
        if merged := sheets[0].merged_cell_ranges:
            # Filled, they would say of each line what somebody may have meant for one.
            areas = ", ".join(f"{_address(*first)}:{_address(*last)}" for first, last in merged[:10])
            raise Unreadable(f"there are merged cells ({areas}); unmerge them, and fill in each cell")
        rows = sheets[0].to_python(skip_empty_area=False)
    except CalamineError as problem:
        raise Unreadable(f"the workbook is damaged or has a password ({problem}); save it again") from None
    texts = ([_text(cell, row, column) for column, cell in enumerate(cells)] for row, cells in enumerate(rows))
    return sheet_of(texts, _day_zero(data))


def _day_zero(data: bytes) -> date:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as parts, parts.open("xl/workbook.xml") as part:
            return SINCE_1904 if COUNTS_FROM_1904.search(part.read(DESCRIPTION)) else SINCE_1900
    except (KeyError, zipfile.BadZipFile):
        return SINCE_1900  # not of Excel's newer form


def _text(cell: object, row: int, column: int) -> str:
    match cell:
        case bool():
            return "true" if cell else "false"
        case datetime() if cell.time() == time():
            return cell.date().isoformat()
        case datetime() | date() | time():
            return cell.isoformat()
        case timedelta():
            return str(cell)
        case int() | float() if abs(cell) >= CERTAIN:
            where = _address(row, column)
            raise Unreadable(f"{where} is a number of more than 15 digits, whose last ones Excel drops; make it a text")
        case float() if cell.is_integer():
            return str(int(cell))
        case _:
            return str(cell)


def _address(row: int, column: int) -> str:
    letters, column = "", column + 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return f"{letters}{row + 1}"


def _main() -> None:
    with suppress(ValueError, OSError):  # macOS knows no such limit
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    try:
        sheet = read(sys.stdin.buffer.read())
        answer = {"header": sheet.header, "lines": sheet.lines, "day_zero": str(sheet.day_zero)}
    except Unreadable as problem:
        answer = {"problem": str(problem)}
    said = json.dumps(answer)
    sys.stdout.write(said if len(said) <= ANSWER else json.dumps({"problem": "the texts of the file are too long"}))


if __name__ == "__main__":
    _main()
