"""The compatibility check: what may change within a version, and what may not."""

import json
import subprocess
import sys
from copy import deepcopy
from pathlib import Path

import pytest

from shared.contracts import SCHEMAS
from shared.contracts.agreement import SignatureEvent
from shared.contracts.compatibility import incompatibilities, read_schemas
from shared.contracts.event import facts
from shared.contracts.schema import topic_schema, types_of
from tests.contract.changes import ALLOWED, REFUSED, RELEASED, TEXT, TYPE, Change, Schema, after, drop, put


@pytest.mark.parametrize("change", ALLOWED)
def test_a_compatible_change_is_allowed(change: str) -> None:
    """Old readers can read new events, and new readers can read old events."""
    assert incompatibilities({TYPE: RELEASED}, {TYPE: ALLOWED[change]}) == []


@pytest.mark.parametrize("change", REFUSED)
def test_a_change_that_breaks_a_reader_is_refused(change: str) -> None:
    """The change is found in every place where it occurs, with its reason, and nothing else is reported."""
    schema, expected = REFUSED[change]
    found = incompatibilities({TYPE: RELEASED}, {TYPE: schema})

    assert {(f.path, f.reason) for f in found} == {
        (at, next((f.reason for f in found if f.path == at and f.reason.startswith(why)), why)) for at, why in expected
    }


def test_a_type_may_be_added_but_not_removed() -> None:
    """A released type must stay."""
    found = incompatibilities({TYPE: RELEASED}, {"entente.partners.fact.done.v2": RELEASED})

    assert [(finding.type, finding.path) for finding in found] == [(TYPE, ".")]
    assert "removed" in found[0].reason


@pytest.mark.parametrize("type", sorted(read_schemas(SCHEMAS)))
def test_every_event_is_compatible_with_itself(type: str) -> None:
    """The check can read everything in the golden schemas."""
    schemas = read_schemas(SCHEMAS)

    assert incompatibilities({type: schemas[type]}, schemas) == []


@pytest.mark.parametrize("type", sorted(t for t, s in read_schemas(SCHEMAS).items() if s.get("properties")))
def test_a_field_removed_from_any_event_is_found(type: str) -> None:
    """The check names every field of every event when it is removed."""
    schema = read_schemas(SCHEMAS)[type]
    for name in schema["properties"]:
        changed: Schema = deepcopy(dict(schema))
        del changed["properties"][name]

        assert name in [finding.path for finding in incompatibilities({type: schema}, {type: changed})]


def test_a_change_in_a_family_is_found_in_each_of_its_events() -> None:
    """A field of the family is defined once in the topic's file; each event that has it is named."""
    changed = agreement(drop("SignatureEvent/properties/signatures"))
    acted = {event.type for event in facts(SignatureEvent)}

    assert {(f.type, f.path) for f in incompatibilities(types_of(agreement()), types_of(changed))} == {
        (type, "signatures") for type in acted
    }


def test_the_layout_of_a_topics_file_makes_no_difference() -> None:
    """Moving a field between a family and its only event, or renaming a family, changes nothing."""
    one = {"$id": "urn:entente:schema:a.topic", "$defs": {
        "Family": {"type": "object", "properties": {"id": TEXT, "note": TEXT}, "required": ["id", "note"]},
        "Done": {"$anchor": "done.v1", "allOf": [{"$ref": "#/$defs/Family"}]},
    }}  # fmt: skip
    other = {"$id": "urn:entente:schema:a.topic", "$defs": {
        "Kin": {"type": "object", "properties": {"id": TEXT}, "required": ["id"]},
        "Did": {"$anchor": "done.v1", "allOf": [{"$ref": "#/$defs/Kin"}], "properties": {"note": TEXT},
                "required": ["note"]},
    }}  # fmt: skip

    assert incompatibilities(types_of(one), types_of(other)) == incompatibilities(types_of(other), types_of(one)) == []


def test_the_command_prints_type_field_and_reason(tmp_path: Path) -> None:
    """It exits with 1 and prints a line for each finding; without findings it exits with 0."""
    write(RELEASED, tmp_path)
    wrong = _command(tmp_path, after(drop("properties/note")))
    right = _command(tmp_path, after(put("properties/extra", TEXT)))

    assert (wrong.returncode, right.returncode) == (1, 0)
    assert wrong.stdout.startswith(f"{TYPE}: note: is removed")


def _command(released: Path, current: Schema) -> "subprocess.CompletedProcess[str]":
    there = released / "current"
    there.mkdir(exist_ok=True)
    write(current, there)
    command = [sys.executable, "-m", "shared.contracts.compatibility", str(released), str(there)]
    return subprocess.run(command, capture_output=True, text=True, check=False, cwd=SCHEMAS.parents[2])


def write(schema: Schema, folder: Path) -> None:
    """Writes the schema as the file of a topic with this one type."""
    topic, fact, version = TYPE.rsplit(".", 2)
    definitions = {"FactDone": {"$anchor": f"{fact}.{version}"} | schema} | schema["$defs"]
    file = {"$id": f"urn:entente:schema:{topic}", "$defs": definitions}
    (folder / f"{topic}.json").write_text(json.dumps(file))


def agreement(*changes: Change) -> Schema:
    """The schema of the agreement topic with these changes to its definitions."""
    made = deepcopy(dict(topic_schema(SignatureEvent.topic)))
    for change in changes:
        change(made["$defs"])
    return made
