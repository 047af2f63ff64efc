"""The examples in the guide to scenario files are valid."""

import re
from pathlib import Path

import pytest

from cli.demo import STORY as BIRMINGHAM
from cli.main import command_line
from local.installation import ROOT
from scenarios.catalogue import catalogue
from scenarios.playing.expectations import kind_of
from scenarios.reading.load import load
from scenarios.schema import scenario_schema
from tests.unit.scenarios.story import written

TEXT = (ROOT / "docs" / "scenarios.md").read_text(encoding="utf-8")
STORY, PARTICIPANTS, GROUP = re.findall(r"```yaml\n(.*?)```", TEXT, re.DOTALL)


def test_the_story_of_the_guide_is_right(tmp_path: Path) -> None:
    """A copy of it is a file without mistakes."""
    assert len(load(written(tmp_path, STORY)).steps) == 9


@pytest.mark.parametrize("example", [PARTICIPANTS, GROUP], ids=["participants", "calls at the same time"])
def test_an_example_is_taken_from_the_demo(example: str) -> None:
    """The two texts are equal, so the demo tests the example."""
    assert example in BIRMINGHAM.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    "kind", ["event", "applied", "refused", "accepted", "message", "no_message", "mail", "partners"]
)
def test_every_kind_of_expectation_is_in_the_table(kind: str) -> None:
    """The table shows it as it is written in a file."""
    properties = scenario_schema(catalogue())["$defs"]["Expectation"]["properties"]

    assert kind in properties
    assert f"\n| `{kind}: " in TEXT
    assert kind_of({kind: {}}) in (kind, "document")


def test_the_guide_names_the_existing_commands() -> None:
    """It names all commands of `entente scenario` and no others."""
    named = set(re.findall(r"entente scenario (\w+)", TEXT))

    group = next(each for each in command_line(["scenario"]).registered_groups if each.name == "scenario")
    assert group.typer_instance is not None
    commands = {c.name or c.callback.__name__ for c in group.typer_instance.registered_commands if c.callback}
    assert named == commands
