"""`entente import` on a running service: its output and its exit status."""

import asyncio
import json
import re
import uuid
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

import pytest

from cli.main import run
from local.development.serving import serving
from tests.harness.installation import Installation

Import = Callable[..., Coroutine[Any, Any, int]]


@pytest.fixture
def imports(entente: Installation, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Import:
    """Imports lines of organisations by the command, as an operator; returns its exit status."""
    monkeypatch.setenv("ENTENTE_TOKEN", entente.issuer.token(entente.operator.subject))

    async def imports(*lines: str, **options: bool) -> int:
        file = tmp_path / "organisations.csv"
        file.write_text("\n".join(["kind,name.en,country,city.en,identifiers.1.scheme,identifiers.1.value", *lines]))
        async with serving(entente.services["partners"].app) as address:
            words = ["import", str(file), "--what", "organisations", "--at", address]
            return await asyncio.to_thread(run, words + [f"--{name}" for name in options])

    return imports


async def test_a_dry_run_comes_before_the_import(
    entente: Installation, imports: Import, capsys: pytest.CaptureFixture[str]
) -> None:
    """The dry run imports nothing; both print the number of lines."""
    word = uuid.uuid4().hex
    line = f"university,Leeds,GB,Leeds,test,{word}"

    statuses = [await imports(line, **{"dry-run": True}), await imports(line)]

    assert statuses == [0, 0]
    assert capsys.readouterr().out == "1 organisations could be imported\n1 organisations imported\n"
    assert len((await entente.operator.read("partners", f"/organisations?identifier=test:{word}"))["items"]) == 1


async def test_each_mistake_is_a_line_and_the_status_is_2(imports: Import, capsys: pytest.CaptureFixture[str]) -> None:
    """A mistake has file, row, column and reason; the number of valid lines is on standard error."""
    status = await imports("university,Leeds,UK,Leeds,,", "university,Leeds,GB,,,", "university,Leeds,GB,Leeds,,")
    printed = capsys.readouterr()

    assert status == 2
    assert printed.out.splitlines() == [
        "organisations.csv:2: country: 'UK' is not an ISO 3166 country code; write it as 'GB'",
        "organisations.csv:3: city: is empty; fill in city.en or city.zh",
    ]
    assert "1 of 3 lines are right; nothing was imported" in printed.err


async def test_the_rate_is_told_beside_the_answer(imports: Import, capsys: pytest.CaptureFixture[str]) -> None:
    """Elsewhere than in a terminal it is one line on standard error; on standard output is the document alone."""
    lines = [f"university,Leeds {n},GB,Leeds,test,{uuid.uuid4()}" for n in range(30)]

    status = await imports(*lines, "university,Leeds,UK,Leeds,,", json=True)
    printed = capsys.readouterr()

    answer = json.loads(printed.out)
    assert (status, answer["lines"], answer["accepted"], answer["applied"]) == (2, 31, 30, False)
    assert re.fullmatch(r"31 lines in [\d.]+ s, [\d,]+ lines/s\n", printed.err)


async def test_a_person_who_may_not_import_is_refused(
    entente: Installation, imports: Import, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The refusal is a sentence on standard error, and the status is 1."""
    reader = await entente.person(await entente.organisation())
    monkeypatch.setenv("ENTENTE_TOKEN", entente.issuer.token(reader.subject))

    assert await imports("university,Leeds,GB,Leeds,,") == 1
    assert "This needs the role operator" in capsys.readouterr().err
