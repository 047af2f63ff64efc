"""What is shown of a story that did not go as expected."""

from io import StringIO
from pathlib import Path

from rich.console import Console

from scenarios.output.screen import Screen, document
from scenarios.playing.play import Played
from scenarios.playing.progress import Held, Outcome
from scenarios.reading.load import load
from tests.unit.scenarios.story import RIGHT, written

AGAIN = """\
  - {step: It is submitted, as: officer, submit_agreement: {agreement_id: $agreement}}
"""
SEEN = Held("agreement status draft", "status in-review", ok=False, line=35)


def broken_off(folder: Path) -> tuple[Screen, StringIO, Played]:
    """A story whose first step is not as expected, and where it is shown."""
    scenario = load(written(folder, RIGHT + AGAIN))
    first, second = scenario.steps
    out = StringIO()
    played = Played([Outcome(first, [Held("done", "done", ok=True), SEEN]), Outcome(second, played=False)], 1)
    return Screen(Console(file=out, width=100), scenario), out, played


def test_what_is_not_as_expected_is_told_with_its_line(tmp_path: Path) -> None:
    """As it is seen, and in the table with its step."""
    screen, out, played = broken_off(tmp_path)

    screen.tell(SEEN)
    assert out.getvalue().strip().endswith("seen: status in-review (line 35)")

    screen.table(played)
    assert "(step 1, line 35)" in " ".join(out.getvalue().split())


def test_only_the_step_at_which_the_story_ended_is_wrong(tmp_path: Path) -> None:
    """Those after it were not played: a dash in the table, and in the document not ok either."""
    screen, out, played = broken_off(tmp_path)

    screen.table(played)

    assert out.getvalue().count("│NO│") == 1
    last = next(line for line in out.getvalue().splitlines() if "It is submitted" in line)
    assert last.replace("│", " ").split()[-3:] == ["not", "played", "–"]
    assert "0 of 2 steps as expected, 1 events. It ended at step 1, line 35." in out.getvalue()
    assert document(played)["steps"] == [
        {"step": "An agreement is drafted", "expected": "done; agreement status draft",
         "seen": "done; status in-review", "ok": False},
        {"step": "It is submitted", "expected": "", "seen": "not played", "ok": False},
    ]  # fmt: skip
