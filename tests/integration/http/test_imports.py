"""Files of organisations and people: either all lines are imported or none, and each mistake is named."""

import io
import json
import uuid
from typing import Any

import pytest

from shared.domain.actor import Role
from shared.service.settings import DEVELOPMENT_ISSUER
from shared.sheets.csv_text import write_csv
from shared.sheets.reading import CSV, EXCEL, read_sheet
from shared.sheets.sheet import Sheet
from tests.harness.installation import Client, Installation
from tests.harness.story import draft, two_sides

HEADER = "kind,name.en,name.zh,country,city.en,identifiers.1.scheme,identifiers.1.value"
ORGANISATIONS, PEOPLE = "/organisations/imports", "/people/imports"


def file(*lines: str, header: str = HEADER) -> bytes:
    """A CSV file."""
    return "\r\n".join([header, *lines]).encode()


def university(name: str, identifier: str = "", country: str = "GB") -> str:
    """A line; its identifier has a scheme that no other test uses."""
    return f"university,{name},,{country},Leeds,{'test' if identifier else ''},{identifier}"


async def imported(who: Client, data: bytes, path: str = ORGANISATIONS, media: str = CSV, **headers: str) -> Any:
    """The answer to an import of a readable file."""
    answer = await who.post("partners", path, data, Content_Type=media, **headers)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def found(entente: Installation, word: str) -> list[dict[str, Any]]:
    """The organisations with this identifier."""
    return (await entente.operator.read("partners", f"/organisations?identifier=test:{word}"))["items"]


async def test_the_import_is_the_cause_of_its_changes(entente: Installation) -> None:
    """Each line registers an organisation and publishes its event; the history names the import."""
    words = [uuid.uuid4().hex for _ in range(3)]
    said = await imported(entente.operator, file(*(university("Many", word) for word in words)))

    assert (said["applied"], said["lines"], said["accepted"], said["mistakes"]) == (True, 3, 3, [])
    for word in words:
        (one,) = await found(entente, word)
        (entry,) = (await entente.operator.read("partners", f"/organisations/{one['id']}/history"))["items"]
        assert (entry["use_case"], entry["cause"]) == ("register_organisation", f"import {said['id']}")
        await entente.published("partners", "entente.partners.organisation.registered.v1", one["id"])


async def test_a_file_with_mistakes_is_not_imported(entente: Installation) -> None:
    """Each bad line is named with column and reason, even one that repeats another; no line is imported."""
    good, twice, taken = [uuid.uuid4().hex for _ in range(3)]
    await imported(entente.operator, file(university("Before", taken)))
    lines = [
        university("Good", good), university("Wrong", country="UK"), "", university("First", twice),
        university("Second", twice), university("Third", taken), university("Same"), university("Same"), "zoo,x,,GB,",
    ]  # fmt: skip

    said = await imported(entente.operator, file(*lines))

    assert (said["applied"], said["lines"], said["accepted"]) == (False, 8, 3)
    assert [(one["line"], one["column"]) for one in said["mistakes"]] == [
        (3, "country"), (6, None), (7, None), (9, None), (10, "kind"), (10, "city"),
    ]  # fmt: skip
    reasons = [one["reason"] for one in said["mistakes"]]
    assert [part in reason for part, reason in zip(
        ["write it as 'GB'", "Identifier taken by line 5 of this file", "belongs to the organisation",
         "the same as line 8", "is none of", "fill in city.en or city.zh"], reasons, strict=True,
    )] == [True] * 6, reasons  # fmt: skip
    assert [await found(entente, word) for word in (good, twice)] == [[], []]


async def test_a_dry_run_reports_the_result_and_changes_nothing(entente: Installation) -> None:
    """Afterwards the same file can be imported under the same key."""
    word, key = uuid.uuid4().hex, uuid.uuid4().hex
    data = file(university("Tried", word))

    tried = await imported(entente.operator, data, f"{ORGANISATIONS}?dry_run=true", Idempotency_Key=key)
    before = await found(entente, word)
    done = await imported(entente.operator, data, Idempotency_Key=key)
    again = await imported(entente.operator, data, Idempotency_Key=key)
    other = await entente.operator.refused(
        "partners", ORGANISATIONS, file(university("Other")), Content_Type=CSV, Idempotency_Key=key
    )

    assert (tried["applied"], tried["accepted"], before) == (False, 1, [])
    assert (done["applied"], done == again, other) == (True, True, "idempotency-key-reused")
    assert len(await found(entente, word)) == 1


async def test_progress_is_reported_while_an_import_runs(
    entente: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each line says how many are done, the last what became of the file; a refusal comes last as well."""
    monkeypatch.setattr("shared.http.import_progress.PAUSE", 0)
    key, asked = uuid.uuid4().hex, {"Content_Type": CSV, "Accept": "application/x-ndjson"}
    data = file(*(university("Reported", uuid.uuid4().hex) for _ in range(40)))

    answers = [await entente.operator.post("partners", ORGANISATIONS, one, **asked, Idempotency_Key=key)
               for one in (data, data, file(university("Other")))]  # fmt: skip
    (*progress, done), (*_, again), (*_, refused) = [list(map(json.loads, each.text.splitlines())) for each in answers]

    counts = [each["done"] for each in progress]
    assert {each["lines"] for each in progress} == {40}
    assert counts == sorted(counts)
    assert any(0 < count < 40 for count in counts), counts
    assert (done["applied"], done["accepted"], again) == (True, 40, done)
    assert (refused["status"], refused["type"].rpartition("/")[2]) == (422, "idempotency-key-reused")


@pytest.mark.parametrize(("media", "country"), [(CSV, "MT"), (EXCEL, "IS")])
async def test_an_export_can_be_imported_unchanged(entente: Installation, media: str, country: str) -> None:
    """Names that look like formulas are unchanged; documents that still exist are refused."""
    names = ['=HYPERLINK("http://x")', "+1", "-1", "@x", "'=1", 'a;b,"c"', "_x0041_", "南京，大学"]
    for name in names:
        body = {"kind": "enterprise", "name": {"en": name}, "country": country, "city": {"zh": name},
                "identifiers": [{"scheme": "test", "value": f"={uuid.uuid4()}"}]}  # fmt: skip
        await entente.operator.done("partners", "/organisations", body)
    path = f"/organisations?country={country}"
    listed = (await entente.operator.read("partners", path))["items"]

    answer = await entente.operator.get("partners", path, Accept=media)
    refused = await imported(entente.operator, answer.content, media=media)
    done = await imported(entente.operator, _as_new(await read_sheet(answer.content)))
    made = (await entente.operator.read("partners", path))["items"][len(listed) :]

    assert answer.headers["content-type"].partition(";")[0] == media
    assert [(one["line"], one["column"]) for one in refused["mistakes"]] == [(n, "id") for n in range(2, 10)]
    assert done["applied"], done["mistakes"]
    assert {"id", "status", "identifier_keys.1", "version"} <= set(done["ignored"])
    assert [one["name"]["en"] for one in listed] == names
    assert [_said(one) for one in made] == [_said(one) for one in listed]


def _as_new(sheet: Sheet) -> bytes:
    """The file without ids, and with new identifiers."""
    for _, cells in sheet.lines:
        cells[sheet.header.index("id")] = ""
        cells[sheet.header.index("identifiers.1.value")] += "-again"
    to = io.BytesIO()
    write_csv([sheet.header, *(cells for _, cells in sheet.lines)], to)
    return to.getvalue()


def _said(one: dict[str, Any]) -> dict[str, Any]:
    return {name: one[name] for name in ("kind", "name", "country", "city", "parent_id")}


async def test_importing_needs_the_same_role_as_registering(entente: Installation) -> None:
    """An act that an officer may not perform for another organisation is a mistake in its line."""
    ours, theirs = await entente.organisation(), await entente.organisation()
    officer = await entente.person(ours, Role.PARTNERSHIP_OFFICER)
    header = "organisation_id,title.en,roles,name.en,accounts.1.issuer,accounts.1.subject"
    lines = [f"{id},Officer,mobility-coordinator; Technology-transfer-officer,Ada,{DEVELOPMENT_ISSUER},{uuid.uuid4()}"
             for id in (ours, theirs)]  # fmt: skip

    refused = await officer.refused("partners", ORGANISATIONS, file(university("x")), Content_Type=CSV)
    mixed = await imported(officer, file(*lines, header=header), PEOPLE)
    done = await imported(officer, file(lines[0], header=header), PEOPLE)
    people = (await officer.read("partners", f"/people?organisation_id={ours}"))["items"]

    assert refused == "not-allowed"
    assert [(one["line"], one["column"]) for one in mixed["mistakes"]] == [(3, None)]
    assert done["applied"]
    assert [one["offices"][0]["roles"] for one in people if one["id"] != str(officer.person_id)] == [
        ["mobility-coordinator", "technology-transfer-officer"]
    ]


@pytest.mark.parametrize(
    ("data", "media", "slug"),
    [
        (b"kind\n", "application/json", "not-a-file"),
        (b"kind\n\xff\xff", CSV, "unreadable-file"),
        (b"PK\x03\x04", EXCEL, "unreadable-file"),
        (b"x" * (10 * 1024 * 1024 + 1), CSV, "too-large"),
    ],
)
async def test_an_unusable_file_is_refused(entente: Installation, data: bytes, media: str, slug: str) -> None:
    """Examples: a file of another type, an unreadable one, one that is too large."""
    assert await entente.operator.refused("partners", ORGANISATIONS, data, Content_Type=media) == slug


async def test_mistakes_in_the_header_are_named_once(entente: Installation) -> None:
    """Unknown, repeated and missing columns are named for the header and not for each line."""
    data = file("university,x,x,x", header="Kind,nmae.en,KIND,country")

    said = await imported(entente.operator, data)

    assert (said["lines"], said["accepted"]) == (1, 0)
    assert [(one["line"], one["column"]) for one in said["mistakes"]] == [
        (1, "nmae.en"), (1, "KIND"), (1, "name"), (1, "city")
    ]  # fmt: skip


async def test_an_exported_file_has_only_what_its_reader_may_see(entente: Installation) -> None:
    """Only sides find an agreement in their file, and no cell is a formula."""
    ours, theirs = await two_sides(entente)
    stranger = await entente.person(await entente.organisation(), Role.PARTNERSHIP_OFFICER)
    made = [await draft(ours, theirs, title={"en": title}) for title in ("=1+1", "Second")]

    seen, unseen = [await who.get("partners", "/agreements", Accept=CSV) for who in (ours, stranger)]
    sheet, none = await read_sheet(seen.content), await read_sheet(unseen.content)
    page = await ours.get("partners", "/agreements?limit=5", Accept=CSV)

    titles = [cells[sheet.header.index("title.en")] for _, cells in sheet.lines]
    assert [cells[0] for _, cells in sheet.lines] == [one["id"] for one in made]
    assert (sheet.header[0], titles, none.lines) == ("id", ["=1+1", "Second"], [])
    assert b",'=1+1," in seen.content
    assert b",=" not in seen.content
    assert page.json()["type"].endswith("/invalid")


async def test_an_exported_file_has_the_filters_of_its_list(
    entente: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Ranges of days, words, a partner and several values filter it like the list; it has all pages."""
    ours, theirs = await two_sides(entente)
    other = (await two_sides(entente))[1]
    days = ["2031-03-01", "2031-01-01", "2031-02-01", "2032-01-01"]
    wanted = [await draft(ours, theirs, title={"en": "On heritage", "zh": "文化遗产"}, starts_on=day) for day in days]
    await draft(ours, theirs, starts_on=days[0])
    await draft(ours, other, title={"en": "On heritage"}, starts_on=days[0])
    monkeypatch.setattr("shared.http.documents.MOST", 2)
    asked = (
        f"starts_on_from=2031-01-01&starts_on_to=2031-12-31&q=herit&partner={theirs.organisation_id}"
        "&status=draft&status=in-force&kind=memorandum-of-understanding&sort=starts_on"
    )

    listed = await ours.read("partners", f"/agreements?{asked}&limit=5")
    files = [await ours.get("partners", f"/agreements?{asked}", Accept=media) for media in (CSV, EXCEL)]
    sheets = [await read_sheet(file.content) for file in files]

    expected = [wanted[n]["id"] for n in (1, 2, 0)]
    assert [one["id"] for one in listed["items"]] == expected
    assert [[cells[0] for _, cells in sheet.lines] for sheet in sheets] == [expected, expected]
