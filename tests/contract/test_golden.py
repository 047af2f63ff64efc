"""The golden JSON Schemas and their examples."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest

from shared.contracts import RELEASED, SCHEMAS, load_all
from shared.contracts.compatibility import incompatibilities, read_schemas
from shared.contracts.event import Event, Tombstone, dataschema
from shared.contracts.examples import example
from shared.contracts.golden import differences, golden, main, put, release
from shared.contracts.schema import definition, event_schema, topic_schema, topics

EVENTS = load_all()
WITH_BODY = [event for event in EVENTS.values() if not issubclass(event, Tombstone)]


def of_type(event: type[Event]) -> str:
    return event.type


def test_the_golden_files_are_as_the_events_give_them() -> None:
    """No golden file is missing, left over or different from what its events give; `make contracts` writes them."""
    assert list(map(str, differences(golden(), SCHEMAS))) == []


def test_nothing_released_was_changed_incompatibly() -> None:
    """Readers of the last release can read what is published now."""
    assert incompatibilities(read_schemas(RELEASED), read_schemas(SCHEMAS)) == []


def by_dataschema(event: type[Event], **more: Any) -> jsonschema_rs.Draft202012Validator:
    """Checks bodies as a subscriber does: by the `ce_dataschema` of the record and the golden files."""
    files = [json.loads(file.read_text("utf-8")) for file in SCHEMAS.glob("*.json")]
    known = jsonschema_rs.Registry([(file["$id"], file) for file in files])
    return jsonschema_rs.Draft202012Validator(
        {"$ref": dataschema(event.type)} | more, registry=known, validate_formats=True
    )


@pytest.mark.parametrize("event", EVENTS.values(), ids=of_type)
def test_an_example_is_valid_by_its_dataschema_and_fills_every_field(event: type[Event]) -> None:
    """The example of each event fits its definition in the topic's file, formats included, and leaves no field out."""
    made = example(event)

    assert [str(error) for error in by_dataschema(event).iter_errors(made)] == []
    assert not list(by_dataschema(event, unevaluatedProperties=False).iter_errors(made))
    assert set(made or ()) == set(event_schema(event).get("properties", ()))


@pytest.mark.parametrize("event", WITH_BODY, ids=of_type)
def test_a_broken_body_is_refused_by_its_dataschema(event: type[Event]) -> None:
    """A body without a required field, or with one of another type, is refused, be it the family's or the event's."""
    checked, body = by_dataschema(event), example(event)
    optional = {name for name, field in event.model_fields.items() if not field.is_required()}

    assert {
        name for name in body if checked.is_valid({other: body[other] for other in body if other != name})
    } == optional
    assert {name for name in body if checked.is_valid(body | {name: {"no": "value"}})} == set()
    assert checked.is_valid(body | {"added_later": 1})


@pytest.mark.parametrize("event", EVENTS.values(), ids=of_type)
def test_a_type_alone_says_the_same_as_in_its_topic(event: type[Event]) -> None:
    """What `golden show` prints is a valid schema with all fields in the order of the class, and an example of them."""
    made = dict(event_schema(event))

    assert jsonschema_rs.meta.is_valid(made)
    assert jsonschema_rs.Draft202012Validator(made, validate_formats=True).is_valid(made["examples"][0])
    assert (made["title"], list(made.get("properties", ()))) == (event.__name__, list(event.model_fields))
    assert made["description"]


@pytest.mark.parametrize("topic", topics())
def test_a_topics_schema_is_valid_by_its_dialect(topic: str) -> None:
    """Every golden file is a valid schema of JSON Schema 2020-12, named as the records' ce_dataschema names it."""
    made = dict(topic_schema(topic))

    assert jsonschema_rs.meta.is_valid(made)
    assert {f"{made['$id']}#{one['$anchor']}" for one in made["$defs"].values() if "$anchor" in one} == {
        dataschema(event.type) for event in topics()[topic]
    }


def test_a_field_of_the_family_is_not_defined_again() -> None:
    """An event that gives a field of its family another meaning has no schema: the error names both."""

    class Renamed(EVENTS["entente.partners.agreement.ended.v1"]):
        """An agreement got another title."""

        title: str  # pyright: ignore[reportGeneralTypeIssues, reportIncompatibleVariableOverride]

    with pytest.raises(TypeError, match="Renamed defines title again; give the field another name"):
        definition(Renamed, {})


def test_one_type_is_shown_alone(capsys: pytest.CaptureFixture[str]) -> None:
    """`golden show TYPE` prints its schema with an example, and names those alike when there is no such type."""
    type = "entente.exchanges.call.opened.v1"
    shown = main(["show", type]), json.loads(capsys.readouterr().out)
    mistyped = main(["show", "entente.exchanges.call.openned.v1"]), capsys.readouterr().err

    assert shown == (0, event_schema(EVENTS[type]))
    assert (mistyped[0], type in mistyped[1].splitlines()) == (2, True)


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
    name = "entente.partners.agreement.json"
    richer = json.loads((tmp_path / name).read_text("utf-8"))
    richer["$defs"]["AgreementEnded"]["properties"] = {"lost": {"type": "string"}}
    (tmp_path / name).write_text(json.dumps(richer), "utf-8")
    second = release()

    assert (first, second) == (0, 1)
    assert "entente.partners.agreement.ended.v1: lost: is removed" in capsys.readouterr().out
    assert [d.file for d in differences(golden(), tmp_path)] == [name]


def test_an_erasure_has_no_body() -> None:
    """The example of an erasure is null, as its record has no value."""
    assert example(EVENTS["entente.partners.person.erased.v1"]) is None
