"""The guide to scenario files: its listing is made from the services' rows, and its story can be played."""

import re
from pathlib import Path

from scenarios.listing import GUIDE, guide_with_reference
from scenarios.reading.load import load
from tests.unit.scenarios.story import written

TEXT = GUIDE.read_text(encoding="utf-8")


def test_the_guide_lists_what_a_step_can_do() -> None:
    """Write it anew by `python -m scenarios.listing` when a use case has changed."""
    assert guide_with_reference(TEXT) == TEXT


def test_the_story_of_the_guide_is_right(tmp_path: Path) -> None:
    """Whoever begins with a copy of it begins with a file that has no fault."""
    found = re.search(r"```yaml\n(.*?)```", TEXT, re.DOTALL)

    assert found, "the guide has no story"
    assert len(load(written(tmp_path, found[1])).steps) == 8
