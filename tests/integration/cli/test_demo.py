"""`entente demo` plays the whole story on the embedded parts, twice on one state."""

import asyncio
import json
import os
import re
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
from scenarios.installation.embedded import embedded
from scenarios.output.document import played_document
from scenarios.playing.play import play
from scenarios.reading.load import load

SMALL = Path(__file__).parent / "leeds-hangzhou.yaml"
THREE_PARTIES = STORY.with_name("nottingham-ningbo.yaml")
UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
FOLDER = "entente demo"
"""A folder with a space in its path, as a checkout may have."""


async def entente(state: Path, *words: str) -> tuple[int, str, str]:
    """Runs the command on a state folder; returns its status, standard output and standard error."""
    environment = {**os.environ, "ENTENTE_STATE": str(state)}
    pipe = asyncio.subprocess.PIPE
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "cli", *words, cwd=ROOT, env=environment, stdout=pipe, stderr=pipe
    )
    out, err = await asyncio.wait_for(process.communicate(), 600)
    return process.returncode or 0, out.decode(), err.decode()


@pytest.fixture(scope="module")
async def everything_up(tmp_path_factory: pytest.TempPathFactory) -> AsyncGenerator[RunningInstallation]:
    """An installation started as `entente up` starts it."""
    state = tmp_path_factory.mktemp("state") / FOLDER
    async with running_installation(state, report=lambda text, share: None) as found:
        yield found
    remove_state(state)


async def test_the_story_holds(everything_up: RunningInstallation) -> None:
    """The demo passes when it finds the installation itself."""
    status, out, err = await entente(everything_up.state, "demo", "--json")

    steps = load(STORY).steps
    document: dict[str, Any] = json.loads(out)
    wrong = [step for step in document["steps"] if not step["ok"]]
    assert (wrong, document["ok"], status) == ([], True, 0), err
    assert [step["title"]["en"] for step in document["steps"]] == [str(step.title) for step in steps]
    for step, said in zip(steps, document["steps"], strict=True):
        lines = {check["line"] for check in said["checks"]}
        assert {each.line for each in step.expect} <= lines, step.title
    assert [each for each in document["directory"] if each["differences"]] == []
    assert document["events"] > 40
    assert "None" not in out


async def test_a_story_holds_twice_on_one_state(everything_up: RunningInstallation) -> None:
    """A story passes when it finds the installation itself, and again when it is given the addresses.

    It expects a mail's words, the absence of a message, and the outcome of two calls at the same time.
    """
    addresses = {**everything_up.services, "issuer": everything_up.issuer, "mailbox": everything_up.mailbox}
    urls = [word for name, address in addresses.items() for word in ("--url", f"{name}={address}")]

    for words in ([], urls):
        status, out, err = await entente(everything_up.state, "demo", str(SMALL), "--json", *words)
        assert (json.loads(out)["ok"], status) == (True, 0), err


async def test_what_does_not_hold_is_shown_and_ends_with_1(everything_up: RunningInstallation, tmp_path: Path) -> None:
    """A failed expectation is shown with what was seen instead, mails included, and the steps after it are not played.
    The directory finds an organisation by another form of its identifier."""
    mailed = "      - message: {to: provost, kind: agreement-to-sign, language: en, mail: true"
    text = ", text: cooperation in five areas}\n"
    # The first expectation waits for the mail, so that the second sees it.
    unmailed = f"{mailed.replace('true', 'false')}}}\n        within: 1\n"
    story = STORY.read_text(encoding="utf-8")
    for right, wrong in (
        ("value: 03angcq70", "value: https://ror.org/03ANGCQ70"),
        (mailed + text, mailed + text + unmailed),
    ):
        assert right in story
        story = story.replace(right, wrong, 1)
    (tmp_path / "wrong.yaml").write_text(story, encoding="utf-8")

    status, out, _ = await entente(everything_up.state, "demo", str(tmp_path / "wrong.yaml"))

    assert status == 1
    flat = " ".join(out.split())
    assert "1 × agreement-to-sign (en) to Professor Tim Jones, not by mail seen: 1 in the inbox (en), 1 by mail" in flat
    total = len(load(STORY).steps)
    assert f"7 of {total} steps as expected" in flat
    assert f"9–{total}│{total - 8} not played" in flat.replace(" ", "").replace("notplayed", " not played")
    assert "\x1b[" not in out, "no colours where there is no terminal"
    assert max(map(cell_len, out.splitlines())) <= 80


async def played(everything_up: RunningInstallation, *changes: tuple[str, str]) -> dict[str, Any]:
    """Plays the small story with these changes and returns its document."""
    story = SMALL.read_text(encoding="utf-8")
    for right, wrong in changes:
        assert story.count(right) == 1, right
        story = story.replace(right, wrong)
    path = everything_up.state / "story.yaml"
    path.write_text(story, encoding="utf-8")
    scenario = load(path)
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("ENTENTE_STATE", str(everything_up.state))
        # Restores the environment, which `embedded` changes.
        environment.setattr(os, "environ", os.environ.copy())
        async with embedded(scenario) as endpoints:
            found = await play(scenario, endpoints, lambda progress: None)
    return played_document(path, scenario, found)


async def test_a_story_of_three_parties_holds(everything_up: RunningInstallation) -> None:
    """A university and its campus sign as two sides; an amendment adds an area; an institute is refused what binds."""
    status, out, err = await entente(everything_up.state, "demo", str(THREE_PARTIES), "--json")

    wrong = [check for step in json.loads(out)["steps"] for check in step["checks"] if not check["ok"]]
    assert (wrong, status) == ([], 0), err


FAILURES = [
    (
        "a message that nobody gets about what they did themselves",
        ("- message: {to: lin, kind: agreement-signature-added, text: 利兹市议会}",
         "- message: {to: rowan, kind: agreement-signature-added}\n        within: 1"),
        "1 × agreement-signature-added to Rowan Hill", "0 in the inbox",
        "Rowan Hill caused it, and nobody gets a message about what they did themselves",
    ),
    (
        "a message whose event never happened",
        ("- message: {to: lin, kind: agreement-signature-added, text: 利兹市议会}",
         "- message: {to: lin, kind: agreement-withdrawn}\n        within: 1"),
        "1 × agreement-withdrawn to Lin Tao", "0 in the inbox",
        "this message follows agreement.withdrawn, which was not published",
    ),
    (
        "a message that goes to others",
        ("- no_message: {to: usher, kind: agreement-in-force}",
         "- message: {to: usher, kind: agreement-in-force}\n        within: 1"),
        "1 × agreement-in-force to Sam Usher", "0 in the inbox", "this message goes to signatory of its signatories",
    ),
    (
        "words that a message does not have",
        ("text: 利兹市议会}", "text: York}\n        within: 1"),
        "1 × agreement-signature-added to Lin Tao, text with “York”", "1 in the inbox (zh), text “", "",
    ),
    (
        "a message that did come",
        # Replaces the message above it too, which would wait until notifications has sent everything.
        ("- message: {to: lin, kind: agreement-to-review, language: zh, mail: true, subject: 两市戏剧合作}\n"
         "      - no_message: {to: [ada, usher]}", "- no_message: {to: [lin, usher]}"),
        "no message about $agreement to Lin Tao, Sam Usher", "Lin Tao: agreement-to-review", "",
    ),
    (
        "another refusal, with the names of organisations",
        ("- refused: organisation-not-in-agreement", "- refused: area-not-covered"),
        "refused: area-not-covered", "refused: organisation-not-in-agreement: York Museum is neither", "",
    ),
    (
        "more calls accepted at the same time than there are",
        ("- accepted: 1", "- accepted: 2"),
        "2 of 2 accepted, the others refused with changed", "refused: changed: ", "",
    ),
    (
        "a list in another order",
        ("areas: [culture, talent], reviews: {given: {}}, ends_on: null}",
         "areas: [talent, culture]}\n        within: 1"),
        "agreement areas [talent; culture]", "areas [culture; talent]", "a list has these entries in another order",
    ),
    (
        "reviews that are not empty",
        ("- partners: {agreements: $agreement, status: in-force}",
         "- partners: {agreements: $agreement, reviews: {given: {}}}\n        within: 1"),
        "agreement reviews {given none}", "reviews {given {Leeds City Council {", "",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("change", "expected", "seen", "why"), [each[1:] for each in FAILURES],
                         ids=[each[0] for each in FAILURES])  # fmt: skip
async def test_a_failure_says_what_was_seen_and_why(
    everything_up: RunningInstallation, change: tuple[str, str], expected: str, seen: str, why: str
) -> None:
    """A failure is described by the story's names, never by ids, which are given as data."""
    document = await played(everything_up, change)

    (failed,) = [check for step in document["steps"] for check in step["checks"] if not check["ok"]]
    assert failed["expected"]["words"].startswith(expected)
    assert seen in failed["seen"]["words"]
    assert failed.get("why", "").startswith(why)
    words = [failed["expected"]["words"], failed["seen"]["words"], failed.get("why", "")]
    assert [word for word in words if UUID.search(word)] == []
    assert all(UUID.fullmatch(id) for id in failed["ids"].values())


async def test_what_the_directory_has_otherwise_is_said(everything_up: RunningInstallation) -> None:
    """Each field that differs from the directory is reported with both values; the directory stays as it is."""
    changes = (
        ("    name: {en: Leeds Playhouse}\n", "    name: {en: Leeds Playhouse Theatre}\n    parent_id: $council\n"),
        ("    name: {en: Ada Shaw}", "    name: {en: Ada Shore}"),
    )
    await played(everything_up)

    document = await played(everything_up, *changes)

    differences = {each["handle"]: each["differences"] for each in document["directory"] if each["differences"]}
    assert {handle: [each["field"] for each in found] for handle, found in differences.items()} == {
        "playhouse": ["name", "parent_id"], "ada": ["name"],
    }  # fmt: skip
    assert differences["ada"][0] == {
        "field": "name", "directory": {"en": "Ada Shaw", "zh": None}, "file": {"en": "Ada Shore", "zh": None},
    }  # fmt: skip
    assert document["ok"]
