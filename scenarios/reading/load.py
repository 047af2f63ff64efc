"""Reads a scenario file and reports all its mistakes at once, each with line, column and field."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, cast

from scenarios.catalogue import Catalogue, catalogue
from scenarios.reading.mistakes import LocatedMistake, WrongScenario
from scenarios.reading.name_mistakes import name_mistakes
from scenarios.reading.schema_mistakes import schema_mistakes
from scenarios.reading.step_mistakes import step_mistakes
from scenarios.reading.value_mistakes import value_mistakes
from scenarios.reading.yaml_file import parse, plain, position
from scenarios.schema import scenario_schema
from scenarios.story import Scenario, scenario_of


def load(path: Path, rows: Catalogue | None = None) -> Scenario:
    """The scenario in a YAML file; raises WrongScenario with all its mistakes, OSError if it cannot be read."""
    rows = rows or catalogue()
    tree = parse(path)
    file = plain(tree)
    mistakes = schema_mistakes(scenario_schema(rows), file)
    story = cast("Mapping[str, Any]", file)
    if not mistakes:
        checks = (name_mistakes, step_mistakes, value_mistakes)
        mistakes = [mistake for check in checks for mistake in check(story, rows)]
    if mistakes:
        raise WrongScenario([LocatedMistake(str(path), *position(tree, each.at), each.sentence) for each in mistakes])
    return scenario_of(story, lambda at: position(tree, at)[0])
