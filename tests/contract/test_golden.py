"""The golden JSON Schemas and their examples."""

import json
import subprocess
import sys
from pathlib import Path

import jsonschema_rs
import pytest

from shared.contracts import RELEASED, SCHEMAS, load_all
from shared.contracts.compatibility import incompatibilities, read_schemas
from shared.contracts.event import Event
from shared.contracts.examples import example
from shared.contracts.golden import differences, golden, put, release, schema

EVENTS = load_all()


def of_type(event: type[Event]) -> str:
    return event.type


def test_the_golden_files_are_as_the_events_give_them() -> None:
    """No golden file is missing, left over or another than its event gives; `make contracts` writes them."""
    assert list(map(str, differences(golden(), SCHEMAS))) == []


def test_nothing_released_was_changed_incompatibly() -> None:
    """Readers of the last release can read what is published now."""
    assert incompatibilities(read_schemas(RELEASED), read_schemas(SCHEMAS)) == []


@pytest.mark.parametrize("event", EVENTS.values(), ids=of_type)
def test_an_example_is_valid_and_fills_every_field(event: type[Event]) -> None:
    """The one example of each event fits its schema, formats included, and leaves no field out."""
    made = schema(event)
    checked = jsonschema_rs.Draft202012Validator(made, validate_formats=True)

    assert [str(error) for error in checked.iter_errors(made["examples"][0])] == []
    assert set(made["examples"][0] or ()) == set(made.get("properties", ()))


@pytest.mark.parametrize("event", EVENTS.values(), ids=of_type)
def test_a_schema_is_valid_by_its_dialect(event: type[Event]) -> None:
    """Every golden schema is a valid one of JSON Schema 2020-12, named as the records' ce_dataschema names it."""
    made = schema(event)

    assert jsonschema_rs.meta.is_valid(made)
    assert made["$id"] == f"urn:entente:schema:{event.type}"
    assert made["description"]


def test_examples_are_the_same_in_every_process() -> None:
    """A second interpreter makes the same golden files, so that they change only when an event does."""
    made = subprocess.run(
        [sys.executable, "-c", "from shared.contracts.golden import golden; print(golden())"],
        capture_output=True,
        check=True,
        text=True,
        cwd=SCHEMAS.parents[2],
        env={"PYTHONHASHSEED": "7", "PYTHONUTF8": "1"},
    )

    assert made.stdout.strip() == str(golden())


def test_each_difference_is_named(tmp_path: Path) -> None:
    """A missing, a changed and a left-over golden file are told apart, and writing mends all three."""
    wanted = {"a.json": "1\n", "b.json": "2\n", "c.json": "3\n"}
    put({"a.json": "1\n", "b.json": "old\n", "gone.json": "4\n"}, tmp_path)
    found = [(difference.file, difference.is_) for difference in differences(wanted, tmp_path)]
    put(wanted, tmp_path)

    assert found == [("b.json", "different"), ("c.json", "missing"), ("gone.json", "left over")]
    assert list(differences(wanted, tmp_path)) == []


def test_a_release_keeps_the_schemas_unless_they_break_a_reader(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The first release keeps all golden files; one that lost a field since is refused and nothing is overwritten."""
    monkeypatch.setattr("shared.contracts.golden.RELEASED", tmp_path)
    first = release()
    name = "entente.partners.agreement.ended.v1.json"
    richer = json.loads((tmp_path / name).read_text("utf-8"))
    richer["properties"]["lost"] = {"type": "string"}
    (tmp_path / name).write_text(json.dumps(richer), "utf-8")
    second = release()

    assert (first, second) == (0, 1)
    assert "entente.partners.agreement.ended.v1: lost: is removed" in capsys.readouterr().out
    assert [d.file for d in differences(golden(), tmp_path)] == [name]


def test_an_erasure_has_no_body() -> None:
    """The example of an erasure is null, as its record has no value."""
    assert example(EVENTS["entente.partners.person.erased.v1"]) is None
