"""Reading files from offices: encodings, separators, margins, workbooks, and the reasons for refusal."""

import csv
import io
import re
import zipfile
from collections.abc import Callable
from datetime import date, datetime

import pytest
import xlsxwriter
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shared.sheets.columns import read_day
from shared.sheets.csv_text import read_csv, write_csv
from shared.sheets.reading import read_sheet
from shared.sheets.sheet import MOST_COLUMNS, MOST_LINES, Line, Sheet, Unreadable
from shared.sheets.workbook import SINCE_1900, SINCE_1904, write_workbook

NAME = "南京市人民政府"
CELLS = st.text(st.characters(exclude_categories=["Cc", "Cs"], include_characters="\n\t"), max_size=20).map(str.strip)
EVIL = st.builds(lambda sign, rest: f"{sign}{rest}".strip(), st.sampled_from("=+-@'＝＋－＠"), CELLS)
TABLES = st.lists(st.lists(CELLS | EVIL, min_size=3, max_size=3), min_size=1, max_size=5)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("separator", [",", ";", "\t"])
async def test_a_csv_file_in_any_common_encoding_is_read(encoding: str, separator: str) -> None:
    """Every encoding and separator gives the same cells; blank rows, blank columns and outer spaces are dropped."""
    rows = [["kind", "name.zh", ""], ["city ", f" {NAME}", " "], ["", "", ""], ["x", f"{NAME}，一", ""], ["", "", ""]]
    data = "\r\n".join(separator.join(row) for row in rows).encode(encoding)

    assert await read_sheet(data) == Sheet(
        ["kind", "name.zh"], [Line(2, ["city", NAME]), Line(4, ["x", f"{NAME}，一"])]
    )


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        ("name\nUniversität Zürich".encode("cp1252"), "neither in UTF-8 nor in GB18030"),
        (b"name\n\xff\xff\xff", "neither in UTF-8 nor in GB18030"),
        (b"", "the file is empty"),
        (b" , \n,,\n", "the file is empty"),
        (b'name\n"open', "is not CSV"),
        (b"a" + b"," * MOST_COLUMNS + b"a", "201 columns"),
        (b"a\n" * (MOST_LINES + 2), "more than 20,000 lines"),
        (b"PK\x03\x04 and no more", "damaged"),
        (b"\xd0\xcf\x11\xe0 and no more", "damaged"),
    ],
)
async def test_an_unreadable_file_is_refused_with_a_reason(data: bytes, reason: str) -> None:
    """The reason says what is wrong with the file."""
    with pytest.raises(Unreadable, match=reason):
        await read_sheet(data)


def workbook(fill: Callable[[xlsxwriter.Workbook], object], **options: bool) -> bytes:
    """An Excel workbook."""
    to = io.BytesIO()
    book = xlsxwriter.Workbook(to, options)
    fill(book)
    book.close()
    return to.getvalue()


async def test_a_workbook_is_read_as_a_table_of_text() -> None:
    """Dates, numbers and booleans become text as in CSV; a second sheet is allowed if it is empty."""

    def fill(book: xlsxwriter.Workbook) -> None:
        sheet, day = book.add_worksheet(), book.add_format({"num_format": "dd/mm/yyyy"})
        book.add_worksheet()
        sheet.write_row(1, 0, ["name", "starts_on", "places", "open"])
        sheet.write_row(3, 0, [f" {NAME} "])
        sheet.write_datetime(3, 1, datetime(2027, 1, 31), day)
        sheet.write_row(3, 2, [12, True])
        sheet.write_row(4, 0, ["Leeds", 46418, 1.5, "no"])

    assert await read_sheet(workbook(fill)) == Sheet(
        ["name", "starts_on", "places", "open"],
        [Line(4, [NAME, "2027-01-31", "12", "true"]), Line(5, ["Leeds", "46418", "1.5", "no"])],
        SINCE_1900,
    )


@pytest.mark.parametrize(
    ("fill", "reason"),
    [
        (lambda book: book.add_worksheet().merge_range("B2:C4", "both"), r"merged cells \(B2:C4\)"),
        (lambda book: [book.add_worksheet(name).write("A1", 1) for name in ("one", "two")], "has: one, two"),
        (lambda book: book.add_worksheet(), "has: none"),
        (lambda book: book.add_worksheet().write("AB3", 10**15), "AB3 is a number of more than 15 digits"),
        (lambda book: [book.add_worksheet().write("A1", 1), book.worksheets()[0].write("XFD1048576", 1)], "too large"),
    ],
)  # fmt: skip
async def test_an_ambiguous_workbook_is_refused(fill: Callable[[xlsxwriter.Workbook], object], reason: str) -> None:
    """Examples: merged cells, several sheets, numbers that have lost digits, a sheet of 17 billion cells."""
    with pytest.raises(Unreadable, match=reason):
        await read_sheet(workbook(fill))


@pytest.mark.parametrize(
    ("text", "zero", "day"),
    [
        ("2027-01-31", None, date(2027, 1, 31)),
        ("31/01/2027", None, date(2027, 1, 31)),
        ("3/3/2027", None, date(2027, 3, 3)),
        ("46418", SINCE_1900, date(2027, 1, 31)),
        ("44956", SINCE_1904, date(2027, 1, 31)),
    ],
)
def test_a_day_is_read_in_the_usual_notations(text: str, zero: date | None, day: date) -> None:
    """ISO 8601, day before month, and a workbook's serial number in its own date system."""
    assert read_day(text, zero) == day


@pytest.mark.parametrize(
    ("text", "reason"),
    [("01/02/2027", "could be two days"), ("01/31/2027", "not a day"), ("2027-02-30", "not a day"), ("46418", "not a")],
)
def test_an_ambiguous_day_is_refused(text: str, reason: str) -> None:
    """Neither the order of day and month nor the date system of a bare number is guessed."""
    with pytest.raises(ValueError, match=reason):
        read_day(text, None)


async def test_the_date_system_of_a_workbook_is_detected() -> None:
    """Some Excel workbooks count days from 1904."""
    data = workbook(lambda book: book.add_worksheet().write("A1", 44956), date_1904=True)

    assert (await read_sheet(data)).day_zero == SINCE_1904


@given(TABLES)
def test_csv_has_no_formula_and_is_read_back_unchanged(rows: list[list[str]]) -> None:
    """No cell, quoted or not, starts like a formula; reading it back gives the original text."""
    file = io.BytesIO()
    write_csv([["a", "b", "c"], *rows], file)
    text = file.getvalue().decode("utf-8-sig")

    assert not any(
        cell.startswith(tuple("=+-@\t\r\n＝＋－＠")) for row in csv.reader(io.StringIO(text)) for cell in row
    )
    assert cells(read_csv(file.getvalue())) == trimmed(rows)


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(TABLES)
async def test_a_workbook_has_no_formula_and_is_read_back_unchanged(rows: list[list[str]]) -> None:
    """Each cell is of type text, so that none is evaluated; reading it back gives the original text."""
    file = io.BytesIO()
    write_workbook([["a", "b", "c"], *rows], file)
    with zipfile.ZipFile(file) as parts:
        sheet = parts.read("xl/worksheets/sheet1.xml").decode()

    assert "<f>" not in sheet
    assert set(re.findall(r"<c [^>]*t=\"(\w+)\"", sheet)) == {"inlineStr"}
    assert len(re.findall(r"<c ", sheet)) == len(re.findall(r't="inlineStr"', sheet))
    assert cells(await read_sheet(file.getvalue())) == trimmed(rows)


def cells(sheet: Sheet) -> list[list[str]]:
    """The cells of each line."""
    return [line.cells for line in sheet.lines]


def trimmed(rows: list[list[str]]) -> list[list[str]]:
    """The rows without blank rows and trailing blank cells."""
    found = [row[: max((n for n, cell in enumerate(row, 1) if cell), default=0)] for row in rows]
    return [row for row in found if row]
