"""`entente demo`: the whole story on the embedded parts, twice on one state, as anybody would run it."""

import asyncio
import json
import os
import sys
from collections.abc import AsyncGenerator
from pathlib import Path
from typing import Any

import pytest
from rich.cells import cell_len

from cli.demo import STORY
from local import remove_state
from local.installation import ROOT
from local.running_installation import RunningInstallation, running_installation
from scenarios.reading.load import load

FOLDER = "entente demo"
"""A folder with a space in its name, as a checkout may have."""


async def entente(state: Path, *words: str) -> tuple[int, str, str]:
    """Runs the command on a state folder; its status, standard output and standard error."""
    environment = {**os.environ, "ENTENTE_STATE": str(state)}
    pipe = asyncio.subprocess.PIPE
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "cli", *words, cwd=ROOT, env=environment, stdout=pipe, stderr=pipe
    )
    out, err = await asyncio.wait_for(process.communicate(), 600)
    return process.returncode or 0, out.decode(), err.decode()


@pytest.fixture(scope="module")
async def everything_up(tmp_path_factory: pytest.TempPathFactory) -> AsyncGenerator[RunningInstallation]:
    """An installation that this test started, as `entente up` does."""
    state = tmp_path_factory.mktemp("state") / FOLDER
    async with running_installation(state, report=lambda text, share: None) as found:
        yield found
    remove_state(state)


async def test_the_story_holds_twice_on_one_state(everything_up: RunningInstallation) -> None:
    """Played where it finds everything itself, and again by addresses, it gives one document with all as expected."""
    addresses = {**everything_up.services, "issuer": everything_up.issuer, "mailbox": everything_up.mailbox}
    urls = [word for name, address in addresses.items() for word in ("--url", f"{name}={address}")]

    played = [await entente(everything_up.state, "demo", "--json", *words) for words in ([], urls)]

    for status, out, err in played:
        document: dict[str, Any] = json.loads(out)
        wrong = [step for step in document["steps"] if not step["ok"]]
        assert (wrong, document["ok"], status) == ([], True, 0), err
        assert [step["step"] for step in document["steps"]] == [str(step.title) for step in load(STORY).steps]
        assert set(document["steps"][0]) == {"step", "expected", "seen", "ok"}
        assert document["events"] > 40


async def test_what_does_not_hold_is_shown_and_ends_with_1(everything_up: RunningInstallation, tmp_path: Path) -> None:
    """A wrong expectation is told with what was seen instead, a mail that came among it; the steps after it
    are not played. Whoever is in the directory is found by an identifier in another of its forms."""
    mailed = "      - message: {to: provost, kind: agreement-to-sign, language: en, mail: true}\n"
    story = STORY.read_text(encoding="utf-8")
    for told, otherwise in (
        ("value: 03angcq70", "value: https://ror.org/03ANGCQ70"),
        (mailed, f"{mailed}{mailed.replace('true', 'false')}        within: 1\n"),
    ):
        assert told in story
        story = story.replace(told, otherwise, 1)
    (tmp_path / "wrong.yaml").write_text(story, encoding="utf-8")

    status, out, _ = await entente(everything_up.state, "demo", str(tmp_path / "wrong.yaml"))

    assert status == 1
    told = "1 × Professor Tim Jones told agreement-to-sign (en), not by mail; seen: 1 in the inbox (en), 1 by mail"
    assert f"NOT as expected: {told}" in " ".join(out.split())
    assert f"7 of {len(load(STORY).steps)} steps as expected" in out
    assert "\x1b[" not in out, "no colours where there is no terminal"
    assert max(map(cell_len, out.splitlines())) <= 80
