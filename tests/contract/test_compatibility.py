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
def test_what_neither_reader_notices_is_allowed(change: str) -> None:
    """Old readers of new events and new readers of old events both work when only this has changed."""
    assert incompatibilities({TYPE: RELEASED}, {TYPE: ALLOWED[change]}) == []


@pytest.mark.parametrize("change", REFUSED)
def test_what_breaks_a_reader_is_refused(change: str) -> None:
    """The change is found at every place where it stands, with its reason, and nothing else is."""
    schema, expected = REFUSED[change]
    found = incompatibilities({TYPE: RELEASED}, {TYPE: schema})

    assert {(f.path, f.reason) for f in found} == {
        (at, next((f.reason for f in found if f.path == at and f.reason.startswith(why)), why)) for at, why in expected
    }


def test_a_removed_type_is_refused_and_a_new_one_allowed() -> None:
    """A type that was released stays, another may come."""
    found = incompatibilities({TYPE: RELEASED}, {"entente.partners.fact.done.v2": RELEASED})

    assert [(finding.type, finding.path) for finding in found] == [(TYPE, ".")]
    assert "removed" in found[0].reason


@pytest.mark.parametrize("type", sorted(read_schemas(SCHEMAS)))
def test_every_event_is_compatible_with_itself(type: str) -> None:
    """The golden schemas hold nothing that the check cannot read."""
    schemas = read_schemas(SCHEMAS)

    assert incompatibilities({type: schemas[type]}, schemas) == []


@pytest.mark.parametrize("type", sorted(t for t, s in read_schemas(SCHEMAS).items() if s.get("properties")))
def test_a_field_removed_from_any_event_is_found(type: str) -> None:
    """Whichever field of whichever event is taken away, the check names it."""
    schema = read_schemas(SCHEMAS)[type]
    for name in schema["properties"]:
        changed: Schema = deepcopy(dict(schema))
        del changed["properties"][name]

        assert name in [finding.path for finding in incompatibilities({type: schema}, {type: changed})]


def test_what_changes_in_a_family_is_found_in_each_of_its_events() -> None:
    """A field of the family is written once in the topic's file; each event that has it is named."""
    changed = agreement(drop("SignatureEvent/properties/signatures"))
    acted = {event.type for event in facts(SignatureEvent)}

    assert {(f.type, f.path) for f in incompatibilities(types_of(agreement()), types_of(changed))} == {
        (type, "signatures") for type in acted
    }


def test_where_a_field_is_written_in_the_topics_file_makes_no_difference() -> None:
    """A field that moves between a family and its only event, and a family with another name, are no change."""
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


def test_the_command_says_type_field_and_reason(tmp_path: Path) -> None:
    """The command ends with status 1 and a line for each finding, and with 0 when there is none."""
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
    """Writes the schema of the one type as its topic's file."""
    topic, fact, version = TYPE.rsplit(".", 2)
    definitions = {"FactDone": {"$anchor": f"{fact}.{version}"} | schema} | schema["$defs"]
    file = {"$id": f"urn:entente:schema:{topic}", "$defs": definitions}
    (folder / f"{topic}.json").write_text(json.dumps(file))


def agreement(*changes: Change) -> Schema:
    """The schema of the agreement topic with changes of its definitions made."""
    made = deepcopy(dict(topic_schema(SignatureEvent.topic)))
    for change in changes:
        change(made["$defs"])
    return made
