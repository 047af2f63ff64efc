"""docs/lifecycles.md shows every lifecycle, and each transition has a cause."""

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
    """All subclasses of `kind`."""
    for one in kind.__subclasses__():
        yield one
        yield from below(one)


LIFECYCLES: dict[str, Lifecycle] = {
    kind.noun().replace("_", " "): kind.lifecycle
    for kind in below(Aggregate)
    if kind.__module__.startswith("services.") and hasattr(kind, "lifecycle")
} | {"milestone": Milestone.lifecycle, "deliverable": Deliverable.lifecycle, "action": Action.lifecycle}


def test_every_lifecycle_has_a_section() -> None:
    """Each aggregate with states has one, and so have milestones, deliverables and follow-up actions."""
    assert sorted(re.findall(r"^### (.+)$", TEXT, re.M)) == sorted(LIFECYCLES)


@pytest.mark.parametrize("name", LIFECYCLES)
def test_each_transition_is_drawn_and_listed(name: str) -> None:
    """The section has an arrow for it, and a row with its event and its cause."""
    part = re.search(rf"^### {name}$(.*?)(?=^##|\Z)", TEXT, re.M | re.S)
    assert part is not None
    arrows = re.findall(r"^    (\w+) --> (\w+): (.+)$", part[1], re.M)
    rows = re.findall(r"^\| ([a-z-]+) \| ([a-z ]+) \| ([a-z-]+) \| `([a-z.0-9-]+)` \| (.*) \|$", part[1], re.M)
    expected = [(str(r.source), r.what, str(r.target)) for r in LIFECYCLES[name].rows]

    assert [(s.replace("_", "-"), what, t.replace("_", "-")) for s, t, what in arrows] == expected
    assert [row[:3] for row in rows] == expected
    assert [row[3] for row in rows] == [r.event.type for r in LIFECYCLES[name].rows]
    assert [row for row in rows if not row[4]] == []


def test_a_diagram_is_valid_mermaid() -> None:
    """Mermaid does not allow hyphens in names, so a state has a name without them and a label with them."""
    drawn = LIFECYCLES["agreement"].mermaid().splitlines()

    assert drawn[:4] == [
        "stateDiagram-v2",
        '    state "in-review" as in_review',
        '    state "in-force" as in_force',
        "    [*] --> draft",
    ]
    assert "    draft --> in_review: submit" in drawn
    assert drawn[-3:] == ["    withdrawn --> [*]", "    ended --> [*]", "    terminated --> [*]"]
