"""How the lines of a file become commands: each command defines a format."""

import io
import json
from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from local.installation import ROOT
from services.partners.app.draft_agreement import draft_agreement
from services.partners.app.register_organisation import register_organisation
from services.partners.domain.organisation import Organisation
from shared.contracts.values import Identifier
from shared.domain.actor import Role
from shared.domain.command import Command
from shared.http.exports import Export
from shared.http.imports import Format
from shared.service.importing import Draft
from shared.service.rows import imports
from shared.sheets.columns import flattened
from shared.sheets.csv_text import read_csv, write_csv
from shared.sheets.reading import CSV
from shared.sheets.sheet import Sheet
from tests.harness.asked import commands

CREATES = [command for command in commands() if command.row.creates]
AGREEMENTS = Format(imports("/agreements/imports", draft_agreement, may=Role.OPERATOR))
ORGANISATIONS = Format(imports("/organisations/imports", register_organisation, may=Role.OPERATOR))
IDS = "5b3f1a0e-0000-7000-8000-000000000001", "5b3f1a0e-0000-7000-8000-000000000002"
LINE = {
    "kind": "memorandum-of-understanding", "title.en": "On students", "text.zh": "双方交换学生。",
    "areas": "talent; Culture",
    "signatories.1": IDS[0], "signatories.2": IDS[1], "starts_on": "31/01/2027", "time_zone": "Asia/Shanghai",
}  # fmt: skip


def sheet_of(*lines: dict[str, str]) -> Sheet:
    """A CSV file with the columns of the first line."""
    file = io.BytesIO()
    write_csv([list(lines[0]), *([line.get(name, "") for name in lines[0]] for line in lines)], file)
    return read_csv(file.getvalue())


def drafted(format: Format, *lines: dict[str, str]) -> Draft:
    """The draft of such a file, of which no organisation is known by an identifier."""
    return format.draft(sheet_of(*lines), {}, {})


@pytest.mark.parametrize("command", CREATES, ids=str)
def test_each_creating_command_defines_a_format(command: Any) -> None:
    """A body written to columns is read back unchanged; path parameters come from the path."""
    row, body = command.row, command.body()
    format = Format(imports(f"{row.path}/imports", row.run, may=row.may))
    cells = {".".join(str(s + 1) if isinstance(s, int) else s for s in loc): text
             for column in format.columns for loc, text in flattened(body, column.path)}  # fmt: skip
    path = {name: str(IDS[0]) if name != "number" else 1 for name in row.path_fields}
    file = io.BytesIO()
    write_csv([list(cells), list(cells.values())], file)

    draft = format.draft(read_csv(file.getvalue()), path, {})

    assert draft.mistakes == []
    assert draft.asks == {2: row.ask.model_validate_json(json.dumps(body | path), strict=True)}


def test_a_line_may_have_nested_fields_lists_and_dates() -> None:
    """A list is written in one cell or in numbered columns; codes may have capital letters."""
    (ask,) = drafted(AGREEMENTS, LINE).asks.values()
    body = ask.model_dump(mode="json")

    assert (body["title"], body["text"]) == ({"en": "On students", "zh": None}, {"en": None, "zh": "双方交换学生。"})
    assert (body["areas"], body["signatories"], body["starts_on"]) == (["culture", "talent"], [*IDS], "2027-01-31")


@pytest.mark.parametrize(
    ("wrong", "column", "reason"),
    [
        ({"starts_on": "01/02/2027"}, "starts_on", "could be two days"),
        ({"time_zone": ""}, "time_zone", "is empty; fill it in"),
        ({"kind": "birds"}, "kind", "is none of"),
        ({"signatories.2": "Nanjing"}, "signatories.2", "neither the id of an organisation nor an identifier"),
        ({"signatories.2": "ror:03angcq71"}, "signatories.2", "do not fit the rest"),
        ({"signatories.2": "ror:03angcq70"}, "signatories.2", "an identifier that no organisation has"),
        ({"title.en": ""}, "title", "is empty; fill in title.en or title.zh"),
        ({"title.en": "x" * 501}, "title.en", "is longer than 500 characters"),
        ({"time_zone": "Shanghai"}, "time_zone", "not an IANA time zone"),
    ],
)
def test_a_mistake_names_its_column_and_never_its_value(wrong: dict[str, str], column: str, reason: str) -> None:
    """The reason is a phrase that says what to do."""
    (mistake,) = drafted(AGREEMENTS, LINE, {**LINE, **wrong}).mistakes

    assert (mistake.line, mistake.column) == (3, column)
    assert reason in mistake.reason


NANJING, BIRMINGHAM = Identifier(scheme="ror", value="01rxvg760"), Identifier(scheme="ror", value="03angcq70")
KNOWN = {NANJING: [UUID(IDS[1])], BIRMINGHAM: [UUID(IDS[0])]}


@pytest.mark.parametrize(
    "cells",
    [
        {"signatories.1": "ror:03angcq70", "signatories.2": "ROR: https://ror.org/01rxvg760"},
        {"signatories": "ror:03angcq70; ror：01rxvg760"},
        {"signatories.1": IDS[0], "signatories.2": "ror:01RXVG760"},
    ],
    ids=["numbered columns", "one cell, with a Chinese colon", "beside an id"],
)
def test_an_organisation_is_named_by_an_identifier(cells: dict[str, str]) -> None:
    """However it is written, it is looked up in its normal form; the request has the organisation's id."""
    line = {name: cell for name, cell in LINE.items() if not name.startswith("signatories")} | cells
    sheet = sheet_of(line)

    named = AGREEMENTS.identifiers(sheet)
    draft = AGREEMENTS.draft(sheet, {}, {each: KNOWN[each] for each in named})

    assert NANJING in named
    assert draft.mistakes == []
    assert draft.asks[2].model_dump(mode="json")["signatories"] == [*IDS]


def test_an_identifier_of_two_organisations_is_a_mistake() -> None:
    """Which of them is meant, the file must say by an id."""
    sheet = sheet_of(LINE, {**LINE, "signatories.2": "ror:01rxvg760"})

    (mistake,) = AGREEMENTS.draft(sheet, {}, {NANJING: [UUID(int=1), UUID(int=2)]}).mistakes

    assert (mistake.line, mistake.column) == (3, "signatories.2")
    assert "an identifier of several organisations" in mistake.reason


def test_what_is_no_organisation_is_not_looked_up() -> None:
    """A text with a colon is a text; ids of other things are ids."""
    assert AGREEMENTS.identifiers(sheet_of({**LINE, "title.en": "ror:03angcq70"})) == set()


def test_a_list_given_twice_is_refused() -> None:
    """A column for the whole list contradicts a numbered column for one of its items."""
    draft = drafted(AGREEMENTS, {"areas.1": "talent", **LINE})

    assert [(one.line, one.column) for one in draft.mistakes] == [(1, "areas")]
    assert draft.asks == {}


def test_cells_beyond_the_header_are_refused() -> None:
    """An extra separator would shift all the following cells."""
    draft = ORGANISATIONS.draft(read_csv(b"kind,name.en,country,city.en\nuniversity,a,GB,b,c"), {}, {})

    assert [(one.line, one.column) for one in draft.mistakes] == [(2, None)]


def test_the_example_file_of_the_guide_is_valid() -> None:
    """It can be imported as it is."""
    draft = ORGANISATIONS.draft(read_csv((ROOT / "docs/organisations.csv").read_bytes()), {}, {})

    assert (len(draft.asks), draft.mistakes) == (4, [])


INVISIBLE = "\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0" + "".join(
    map(chr, [*range(0x180B, 0x1810), *range(0xFE00, 0xFE10)])
)
WORDS = st.text(
    st.characters(exclude_categories=["Cc", "Cs", "Cf", "Zl", "Zp"], exclude_characters=INVISIBLE),
    min_size=1,
    max_size=30,
).filter(lambda text: not any(0xE0100 <= ord(c) <= 0xE01EF for c in text))
TEXTS = st.builds(lambda sign, rest: (sign + rest).strip() or "x", st.sampled_from(["", *"=+-@'＝＋－＠"]), WORDS)


@given(st.lists(st.tuples(TEXTS, TEXTS, st.lists(TEXTS, max_size=3)), min_size=1, max_size=4))
async def test_an_exported_file_is_imported_unchanged(rows: list[tuple[str, str, list[str]]]) -> None:
    """For any names, cities and identifiers, importing an exported file gives the same organisations."""
    asks = [
        ORGANISATIONS.row.ask.model_validate({
            "kind": "enterprise", "name": {"en": name}, "city": {"zh": city}, "country": "CN",
            "identifiers": [{"scheme": "test", "value": f"{one}{n}"} for one in set(ids)] + [
                {"scheme": "line", "value": str(n)}],
        })
        for n, (name, city, ids) in enumerate(rows)
    ]  # fmt: skip
    export = Export(Organisation)

    async def pages() -> AsyncIterator[list[dict[str, Any]]]:
        yield [json.loads(ask.model_dump_json()) | {"version": 3} for ask in asks]

    await export.take(pages())
    with export.written(CSV) as file:
        draft = ORGANISATIONS.draft(read_csv(file.read()), {}, {})

    assert draft.mistakes == []
    assert list[Command](draft.asks.values()) == asks
