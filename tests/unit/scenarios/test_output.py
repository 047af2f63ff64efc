"""How the results of a story are shown, on the screen and as JSON."""

import json
from dataclasses import replace
from io import StringIO
from pathlib import Path

import pytest
from rich.cells import cell_len
from rich.console import Console

from cli.main import run
from scenarios.output.document import played_document
from scenarios.output.screen import Screen, difference_of
from scenarios.playing.play import Played
from scenarios.playing.progress import Check, Difference, Ensured, Finding, StepResult
from scenarios.reading.load import load
from scenarios.story import Scenario
from shared.contracts.values import Text
from tests.unit.scenarios.story import RIGHT, written

AGAIN = """\
  - {step: It is submitted, as: officer, submit_agreement: {agreement_id: $agreement}}
  - {step: It is approved, as: officer, approve_agreement: {agreement_id: $agreement, revision: $agreement.revision}}
"""
DONE = Check("call", Finding("accepted", {"accepted": True}), Finding("accepted", {"accepted": True}), ok=True, line=23)
SEEN = Check(
    "document", Finding("agreement status draft", {"fields": {"status": "draft"}}),
    Finding("status in-review", {"fields": {"status": "in-review"}}), ok=False, ids={"agreement": "a-1"}, line=35,
)  # fmt: skip


def failed_story(folder: Path) -> tuple[Scenario, Screen, StringIO, Played]:
    """A story whose first step failed, and the screen it is shown on."""
    scenario = load(written(folder, RIGHT + AGAIN))
    first, *others = scenario.steps
    out = StringIO()
    results = [StepResult(first, [DONE, SEEN]), *(StepResult(step, played=False) for step in others)]
    return scenario, Screen(Console(file=out, width=100), scenario), out, Played(results, 1)


def test_a_failed_check_is_shown_with_its_line(tmp_path: Path) -> None:
    """It is shown at once with the value seen, and again in the last sentence with its step."""
    _, screen, out, played = failed_story(tmp_path)

    screen.show(SEEN)
    shown = [line.strip() for line in out.getvalue().splitlines()]
    assert shown == ["NOT as expected (line 35): agreement status draft", "seen: status in-review"]

    screen.table(played)
    assert (
        "0 of 3 steps as expected, 1 events. It ended at step 1, line 35: "
        "expected agreement status draft; seen status in-review."
    ) in " ".join(out.getvalue().split())


@pytest.mark.parametrize("verbose", [False, True])
def test_a_successful_check_is_shown_on_request_only(tmp_path: Path, verbose: bool) -> None:
    """Without `--verbose`, checks that hold are left out."""
    out = StringIO()
    screen = Screen(Console(file=out, width=100), load(written(tmp_path, RIGHT)), verbose=verbose)

    screen.show(replace(SEEN, ok=True))

    assert out.getvalue().strip() == ("ok: agreement status draft" if verbose else "")


def test_the_table_has_a_line_for_each_step_and_one_for_the_rest(tmp_path: Path) -> None:
    """The steps that were not played share the last line."""
    _, screen, out, played = failed_story(tmp_path)

    screen.table(played)

    rows = [line.replace("│", " ").split() for line in out.getvalue().splitlines() if line.startswith("│")]
    assert rows == [
        ["1", "An", "agreement", "is", "drafted", "1/2", "NO"],
        ["2–3", "2", "not", "played", "–"],
    ]


def test_a_long_title_leaves_room_for_the_other_columns(tmp_path: Path) -> None:
    """Each row has its number and its result, and the title is cut."""
    scenario = load(written(tmp_path, RIGHT.replace("An agreement is drafted", "An agreement is drafted " * 9)))
    out = StringIO()

    Screen(Console(file=out, width=80), scenario).table(Played([StepResult(scenario.steps[0], [DONE])], 1))

    (row,) = [line for line in out.getvalue().splitlines() if line.startswith("│")]
    first, title, checks, result = [cell.strip() for cell in row.strip("│").split("│")]
    assert (first, title[-1], checks, result, cell_len(row)) == ("1", "…", "1/1", "ok", 80)


def test_the_last_sentence_has_one_full_stop(tmp_path: Path) -> None:
    """This holds even if it ends with a sentence from a service."""
    scenario, screen, out, played = failed_story(tmp_path)
    refused = replace(SEEN, seen=Finding("refused: not-a-side: Only its sides may do this.", {"refused": "not-a-side"}))

    screen.table(replace(played, results=[StepResult(scenario.steps[0], [refused])]))

    assert out.getvalue().rstrip().endswith("Only its sides may do this.")


def test_the_document_has_each_check_as_data(tmp_path: Path) -> None:
    """A check has its line and ids; a step that was not played has no checks and is not ok."""
    scenario, _, _, played = failed_story(tmp_path)

    document = json.loads(json.dumps(played_document(tmp_path / "story.yaml", scenario, played)))

    assert (document["ok"], document["story"], document["events"]) == (False, {"en": "Two cities"}, 1)
    first, second, _ = document["steps"]
    assert first["checks"][1] == {
        "kind": "document", "ok": False, "line": 35, "ids": {"agreement": "a-1"},
        "expected": {"words": "agreement status draft", "fields": {"status": "draft"}},
        "seen": {"words": "status in-review", "fields": {"status": "in-review"}},
    }  # fmt: skip
    assert second == {
        "number": 2, "title": {"en": "It is submitted"}, "line": 36, "played": False, "ok": False, "checks": [],
    }  # fmt: skip


@pytest.mark.parametrize("command", ["demo", "scenario check"])
def test_a_wrong_file_is_reported_as_one_json_document(
    tmp_path: Path, command: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """It has the place of each mistake; the messages are on standard error too."""
    path = written(tmp_path, RIGHT.replace("[culture]", "[arts]"))

    assert run([*command.split(), str(path), "--json"]) == 2

    out, err = capsys.readouterr()
    document = json.loads(out)
    assert (document["ok"], document["file"]) == (False, str(path))
    assert [(each["line"], each["column"], each["message"][:15]) for each in document["mistakes"]] == [
        (29, 15, "field 'areas', ")
    ]
    assert err.startswith(f"{path}:29:15: field 'areas'")


def test_a_missing_file_is_reported_as_one_json_document(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """It has the reason."""
    assert run(["demo", str(tmp_path / "none.yaml"), "--json"]) == 2
    assert json.loads(capsys.readouterr().out)["error"].endswith("cannot be read: No such file or directory")


def test_a_story_that_cannot_be_played_is_reported_as_one_json_document(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """It has the same message as standard error."""
    at = [f"--url={name}=http://127.0.0.1:9" for name in ("partners", "issuer")]

    assert run(["demo", str(written(tmp_path)), "--json", *at]) == 1

    out, err = capsys.readouterr()
    assert json.loads(out)["error"].startswith("the issuer at http://127.0.0.1:9 does not answer")
    assert json.loads(out)["error"] in err


def test_a_valid_file_is_checked_without_playing_it(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The output counts its organisations, people and steps."""
    path = written(tmp_path)

    assert run(["scenario", "check", str(path)]) == 0
    assert capsys.readouterr().out == f"{path} has no mistakes: 2 organisations, 2 people, 1 steps\n"


@pytest.mark.parametrize(
    ("made", "sentence"),
    [
        (False, "Here: differs from your file: parent_id; the directory is used as it is"),
        (True, "Here: new; the directory has another one of this name, which differs in parent_id"),
    ],
)
def test_a_difference_from_the_directory_is_shown(made: bool, sentence: str) -> None:
    """It is shown for an existing organisation, and for a new one of the same name."""
    ensured = Ensured("organisation", "here", Text(en="Here"), made, [Difference("parent_id", None, "o-1")])

    assert difference_of(ensured) == sentence
