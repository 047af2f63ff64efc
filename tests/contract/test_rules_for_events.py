"""The rules for every event of every service."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from shared.contracts import load_all
from shared.contracts.event import Event, State, Tombstone
from shared.contracts.schema import event_schema
from shared.domain.reason import Cause, ReasonCode
from tests.harness.schemas import objects

WITH_BODY = [e for e in load_all().values() if not issubclass(e, Tombstone)]
FACTS = [event for event in WITH_BODY if not issubclass(event, State)]
GUIDE = Path(__file__).parents[2] / "docs" / "events.md"

NAMES_OF_THINGS = {
    "title", "programme_title", "offer_title", "need_title", "milestone_title", "deliverable_title", "action_title",
}  # fmt: skip
"""Texts that name what an event is about. People choose them for the public."""
PUBLISHED = {
    ("entente.commercialisation.offer", "summary"),
    ("entente.commercialisation.need", "summary"),
    ("entente.partners.initiative", "authority"),
    ("entente.partners.organisation", "name"),
    ("entente.partners.organisation", "city"),
    ("entente.partners.organisation", "address"),
}
"""Other texts that people write for the public, by topic and field."""
SIGNED = {"entente.partners.agreement", "entente.partners.amendment", "entente.commercialisation.deal"}
"""The topics on which a signature, with its office, is a public act."""
TEXTS = {"Text", "Document"}


def of_type(event: type[Event]) -> str:
    return event.type


def fields(schema: Mapping[str, Any]) -> Iterator[tuple[tuple[str, ...], Mapping[str, Any]]]:
    """The path and schema of every field of an event and of its definitions."""
    for path, node in objects(schema):
        if path[-2:-1] == ("properties",):
            yield tuple(str(step) for step in path), node


def names_of(node: Any) -> set[str]:
    """The definitions that a field refers to, at any depth."""
    return {str(each["$ref"]).rpartition("/")[2] for _, each in objects({"x": node}) if "$ref" in each}


@pytest.mark.parametrize("event", WITH_BODY, ids=of_type)
def test_no_list_of_values_is_closed(event: type[Event]) -> None:
    """A reader must accept codes that are newer than itself."""
    closed = [path for path, node in objects(event_schema(event)) if "enum" in node and "examples" not in path]

    assert closed == []


@pytest.mark.parametrize("event", FACTS, ids=of_type)
def test_every_event_has_a_status(event: type[Event]) -> None:
    """Without it each reader would keep its own map from type to status."""
    assert "status" in event_schema(event)["required"]


@pytest.mark.parametrize("event", FACTS, ids=of_type)
def test_every_event_can_name_the_side_the_office_and_the_person(event: type[Event]) -> None:
    """These are the side bound, the organisation whose office was used, and the person by an opaque id."""
    assert {"party", "acting", "by"} <= event_schema(event)["properties"].keys()


@pytest.mark.parametrize("event", FACTS, ids=of_type)
def test_no_event_has_free_text_about_a_case(event: type[Event]) -> None:
    """A topic keeps texts for ever, beyond the reach of erasure, so it has names and published texts only."""
    schema = event_schema(event)
    free = {
        name
        for name, node in schema["properties"].items()
        if names_of(node) & TEXTS and name not in NAMES_OF_THINGS and (event.topic, name) not in PUBLISHED
    }

    assert free == set()


@pytest.mark.parametrize("event", FACTS, ids=of_type)
def test_a_reason_is_a_code(event: type[Event]) -> None:
    """The sentence is in the document, which only the sides see."""
    assert [path for path, _ in fields(event_schema(event)) if path[-1] in ("reason", "comment", "note")] == []


@pytest.mark.parametrize("code", [*ReasonCode, *Cause])
def test_the_guide_names_every_reason(code: str) -> None:
    """Subscribers can look up the meaning of each current code."""
    assert f"| `{code}` |" in GUIDE.read_text("utf-8")


@pytest.mark.parametrize("event", FACTS, ids=of_type)
def test_only_signatures_have_an_office(event: type[Event]) -> None:
    """An office such as "Vice Mayor of Nanjing" identifies a person, and only signatures are public acts."""
    schema = event_schema(event)
    holders = {path[-3] for path, _ in fields(schema) if path[-1] == "office"}
    fields_with = {name for name, node in schema["properties"].items() if names_of(node) & {"Signature", "Signatory"}}

    assert holders <= {"Signatory"}
    assert fields_with <= ({"signatures"} if event.topic in SIGNED else set())
