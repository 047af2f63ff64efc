"""docs/lifecycles.md: every lifecycle is drawn, and each transition has something that causes it."""

import re
from collections.abc import Iterator

import pytest

from services.commercialisation.domain.milestone import Milestone
from services.exchanges.domain.action import Action
from services.pages import written
from services.partners.domain.deliverable import Deliverable
from shared.domain.aggregate import Aggregate, Lifecycle

TEXT = next(text for path, text in written().items() if path.name == "lifecycles.md")


def below(kind: type[Aggregate]) -> Iterator[type[Aggregate]]:
    """Every class of aggregates under `kind`."""
    for one in kind.__subclasses__():
        yield one
        yield from below(one)


LIFECYCLES: dict[str, Lifecycle] = {
    kind.noun().replace("_", " "): kind.lifecycle
    for kind in below(Aggregate)
    if kind.__module__.startswith("services.") and hasattr(kind, "lifecycle")
} | {"milestone": Milestone.lifecycle, "deliverable": Deliverable.lifecycle, "action": Action.lifecycle}


def test_every_lifecycle_is_there() -> None:
    """Each aggregate with states, the milestones, deliverables and follow-up actions have a part of the page."""
    assert sorted(re.findall(r"^### (.+)$", TEXT, re.M)) == sorted(LIFECYCLES)


@pytest.mark.parametrize("name", LIFECYCLES)
def test_a_lifecycle_is_drawn_and_told(name: str) -> None:
    """Its part has each transition as an arrow and as a row with the event and its cause."""
    part = re.search(rf"^### {name}$(.*?)(?=^##|\Z)", TEXT, re.M | re.S)
    assert part is not None
    arrows = re.findall(r"^    (\w+) --> (\w+): (.+)$", part[1], re.M)
    rows = re.findall(r"^\| ([a-z-]+) \| ([a-z ]+) \| ([a-z-]+) \| `([a-z.0-9-]+)` \| (.*) \|$", part[1], re.M)
    expected = [(str(r.source), r.what, str(r.target)) for r in LIFECYCLES[name].rows]

    assert [(s.replace("_", "-"), what, t.replace("_", "-")) for s, t, what in arrows] == expected
    assert [row[:3] for row in rows] == expected
    assert [row[3] for row in rows] == [r.event.type for r in LIFECYCLES[name].rows]
    assert [row for row in rows if not row[4]] == []


def test_a_diagram_is_one_that_mermaid_reads() -> None:
    """A state's name has no hyphen, which ends a name in Mermaid's grammar, and is shown with it all the same."""
    drawn = LIFECYCLES["agreement"].mermaid().splitlines()

    assert drawn[:4] == [
        "stateDiagram-v2",
        '    state "in-review" as in_review',
        '    state "in-force" as in_force',
        "    [*] --> draft",
    ]
    assert "    draft --> in_review: submit" in drawn
    assert drawn[-3:] == ["    withdrawn --> [*]", "    ended --> [*]", "    terminated --> [*]"]
