"""An office's own workbook of 200 historic agreements, with the mistakes that such files have."""

import io
import uuid
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any, NamedTuple

import pytest
import xlsxwriter

from shared.domain.actor import Role
from shared.sheets.reading import EXCEL
from tests.harness.installation import Client, Installation

IMPORTS = "/agreements/imports"
LINES = 200
HEADER = [
    "Kind", "title.en", "title.zh", "text.en", "areas", "signatories.1", "signatories.2", "time_zone", "starts_on",
    "ends_on", "notice_days", "paper.signed_on", "paper.signed_in.en",
]  # fmt: skip
Cells = list[Any]
Spoil = Callable[[Cells], None]


class Sides(NamedTuple):
    """Officers of two organisations, and the identifiers by which the office names these."""

    ours: Client
    theirs: Client
    names: list[str]


def day_of(number: int) -> date:
    return date(2001, 1, 13) + timedelta(days=40 * number)


def written(day: date, number: int) -> object:
    """The day as offices write it: an Excel date, ISO, day first, or a bare serial number."""
    return [day, day.isoformat(), f"{day:%d/%m/%Y}" if day.day > 12 else day, (day - date(1899, 12, 30)).days][
        number % 4
    ]


def line(number: int, sides: Sides) -> Cells:
    """One agreement of the office, with the stray spaces of typed text; it has no ids."""
    signed, until = day_of(number), day_of(number) + timedelta(days=1826)
    ours, theirs = sides.names
    return [
        "Memorandum-of-Understanding" if number % 2 else "treaty-of-friendship", f" Agreement no. {number} ", None,
        "See the paper in the registry.", "Talent; culture", ours,
        theirs if number % 5 else f" {theirs.upper()} ", "Asia/Shanghai", written(signed, number),
        written(until, number + 1), 180 if number % 3 else None, written(signed, number + 2), "Nanjing  ",
    ]  # fmt: skip


def put(column: str, value: object) -> Spoil:
    """Writes another value into one column."""

    def spoil(cells: Cells) -> None:
        cells[HEADER.index(column)] = value

    return spoil


def swapped(cells: Cells) -> None:
    """The title in the column of the kind, and the kind in that of the title."""
    cells[0], cells[1] = cells[1], cells[0]


MISTAKES: dict[int, tuple[Spoil, str | None, str]] = {
    7: (put("starts_on", "01/02/2015"), "starts_on", "could be two days"),
    21: (swapped, "Kind", "is none of"),
    40: (put("signatories.2", "Nanjing University"), "signatories.2", "neither the id of an organisation nor"),
    55: (put("signatories.2", "ror:01rxvg761"), "signatories.2", "do not fit the rest"),
    56: (put("signatories.2", "schac:nobody.example"), "signatories.2", "an identifier that no organisation has"),
    77: (put("ends_on", "1999-12-31"), None, "last day"),
    102: (put("areas", "talent; sport"), None, "no area of cooperation sport"),
    150: (put("time_zone", "China"), "time_zone", "not an IANA time zone"),
    171: (put("paper.signed_on", "2015-02-30"), "paper.signed_on", ""),
    190: (put("title.en", None), "title", "fill in"),
}
"""The mistakes by row of the workbook."""
TWICE = 120
"""This row repeats the one above it."""


def workbook(sides: Sides, *, right: bool, merged: bool = False) -> bytes:
    """The office's file, original or corrected, with empty rows and columns at its edges."""
    made = io.BytesIO()
    with xlsxwriter.Workbook(made, {"in_memory": True}) as book:
        sheet, days = book.add_worksheet("MoUs"), book.add_format({"num_format": "dd.mm.yyyy"})
        sheet.write_row(0, 0, HEADER)
        for number in range(LINES):
            row, cells = number + 2, line(number, sides)
            if not right and row in MISTAKES:
                MISTAKES[row][0](cells)
            if not right and row == TWICE:
                cells = line(number - 1, sides)
            for column, value in enumerate(cells):
                if isinstance(value, date):
                    sheet.write_datetime(row - 1, column, value, days)  # pyright: ignore[reportArgumentType]
                elif value is not None:
                    sheet.write(row - 1, column, value)
        sheet.write_blank(LINES + 4, 20, None, days)
        if merged:
            sheet.merge_range(9, 1, 10, 1, "One title for two")
    return made.getvalue()


async def sent(who: Client, file: bytes, query: str = "") -> dict[str, Any]:
    answer = await who.post("partners", f"{IMPORTS}{query}", file, Content_Type=EXCEL)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def recorded(who: Client) -> list[dict[str, Any]]:
    """The recorded agreements that `who` sees."""
    return (await who.read("partners", "/agreements?status=recorded&limit=200"))["items"]


@pytest.fixture(scope="module")
async def sides(entente: Installation) -> Sides:
    """Two new organisations, each with a domain of its own."""
    domains = [f"{uuid.uuid4().hex}.example" for _ in range(2)]
    clients: list[Client] = []
    for domain in domains:
        identifiers = [{"scheme": "schac", "value": domain}]
        organisation = await entente.organisation(identifiers=identifiers)
        clients.append(await entente.person(organisation, Role.PARTNERSHIP_OFFICER))
    return Sides(clients[0], clients[1], [f"schac:{domain}" for domain in domains])


async def test_a_dry_run_names_every_mistake_at_once(sides: Sides) -> None:
    """Each mistake has the row number that Excel shows; neither the dry run nor the import keeps a line."""
    file = workbook(sides, right=False)

    tried = await sent(sides.ours, file, "?dry_run=true")
    done = await sent(sides.ours, file)

    found = {one["line"]: (one["column"], one["reason"]) for one in tried["mistakes"]}
    assert (tried["lines"], tried["applied"], done["applied"]) == (LINES, False, False)
    assert set(found) == {*MISTAKES, TWICE}, found
    for row, (_, column, reason) in MISTAKES.items():
        assert (found[row][0] or "").casefold() == (column or "").casefold(), (row, found[row])
        assert reason in found[row][1], (row, found[row])
    assert f"the same as line {TWICE - 1}" in found[TWICE][1]
    assert await recorded(sides.ours) == []


async def test_merged_cells_are_refused(sides: Sides) -> None:
    """A merged cell may be meant for only one of its lines."""
    file = workbook(sides, right=True, merged=True)
    answer = await sides.ours.post("partners", f"{IMPORTS}?dry_run=true", file, Content_Type=EXCEL)

    assert answer.status_code == 422
    assert "merged cells (B10:B11)" in answer.json()["detail"]


async def test_the_corrected_file_is_imported_completely(sides: Sides) -> None:
    """It gives 200 records for the other side to confirm; days are right, however they were written."""
    ours, theirs = sides.ours, sides.theirs

    done = await sent(ours, workbook(sides, right=True))

    found = await recorded(theirs)
    assert (done["applied"], done["accepted"], done["mistakes"], len(found)) == (True, LINES, [], LINES)
    by_title = {each["title"]["en"]: each for each in found}
    for number in (0, 1, 2, 3, 137):
        one = by_title[f"Agreement no. {number}"]
        assert (one["paper"]["signed_on"], one["starts_on"], one["areas"]) == (
            str(day_of(number)), str(day_of(number)), ["culture", "talent"],
        )  # fmt: skip
    first = by_title["Agreement no. 0"]
    confirmed = await theirs.done(
        "partners", f"/agreements/{first['id']}/confirmations", {"revision": first["revision"]}
    )
    assert confirmed["status"] == "ended"  # its last day was in 2006
