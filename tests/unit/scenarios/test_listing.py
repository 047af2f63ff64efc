"""What `entente scenario` prints: the listing describes documents, messages and steps."""

import json

import jsonschema_rs
import pytest
from ruamel.yaml import YAML

from cli.main import run
from scenarios.catalogue import catalogue
from scenarios.listing.entries import Entry, entries, found_by
from services.notifications.domain.rules import RULES
from tests.unit.scenarios.story import RIGHT

LISTED = entries(catalogue())


def entry(name: str) -> Entry:
    """The only entry called `name`."""
    (found,) = [each for each in LISTED if each.name == name]
    return found


def printed(capsys: pytest.CaptureFixture[str], *words: str) -> str:
    """The output of the command, with runs of white space collapsed."""
    assert run(["scenario", *words]) == 0
    return " ".join(capsys.readouterr().out.split())


def test_every_document_is_listed_with_its_filters_and_fields() -> None:
    """The inbox alone is left out, because messages are expected by their kind."""
    assert entry("agreements").about == "partners; found by status, kind, area, parent_agreement_id"
    for own in catalogue().documents.values():
        for each in own.values():
            assert each.name == "inbox" or entry(each.name).fields


def test_a_status_is_listed_with_its_values_in_lifecycle_order() -> None:
    """This includes the status of a part, such as a milestone."""
    deals = dict(entry("deals").fields)

    assert deals["status"] == "one of drafted, running, completed, terminated, withdrawn"
    assert "status (one of planned, reported, achieved, disputed)" in deals["milestones"]
    assert dict(entry("draft_agreement").fields)["areas"].startswith("list of one of research-innovation, ")


def test_each_message_is_listed_with_its_recipients() -> None:
    """There is one entry for each kind and event."""
    messages = [each for each in LISTED if each.section == "Messages"]

    assert len(messages) == len({(rule.event, rule.kind) for rule in RULES})
    assert entry("agreement-to-review").about == "follows entente.partners.agreement.submitted.v1"
    assert entry("agreement-to-review").fields == [("goes to", "partnership-officer of its signatories")]


def test_a_step_has_its_fields_events_messages_and_problems(capsys: pytest.CaptureFixture[str]) -> None:
    """The problems only when its whole name is asked for."""
    said = printed(capsys, "steps", "open_call")

    assert "open_call: The sending institution takes nominations" in said
    assert "(exchanges; needs the role mobility-coordinator) programme_id: id" in said
    assert "messages: call-opened" in said
    assert "places-promised: The programme has <free> places left" in said
    assert "changed: Somebody else changed" in said
    assert "places-promised: " not in printed(capsys, "steps", "open_ca")


@pytest.mark.parametrize(
    ("step", "problems"),
    [
        ("draft_agreement", {"not-found", "not-a-side"}),  # a class method makes it, a function of shared refuses
        ("open_call", {"places-promised", "agreement-not-in-force"}),  # raised by another aggregate than its own
        ("propose_programme", {"area-not-covered", "agreement-unknown"}),  # the second by a port's class
        ("confirm_milestone", {"own-report", "same-person"}),  # raised by a part of the aggregate
        ("register_person", {"account-taken", "not-a-side"}),
    ],
)
def test_a_step_has_the_problems_that_its_use_case_can_raise(step: str, problems: set[str]) -> None:
    """They are found wherever the code raises them."""
    assert problems <= {name for name, _ in entry(step).problems}


def test_a_step_does_not_have_the_problems_of_others() -> None:
    """A method of the same name on another aggregate does not count."""
    assert {name for name, _ in entry("withdraw_offer").problems} == {
        "not-found", "not-a-side", "not-in-state", "not-allowed", "invalid", "changed", "which-organisation",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("word", "names"),
    [
        ("sign_deal", ["sign_deal"]),
        ("sign deal", ["sign_deal"]),
        ("milestone_late", ["milestone-late", "entente.commercialisation.deal.milestone-late.v1"]),
        ("moved_up", ["nomination-moved-up", "entente.exchanges.mobility.moved-up.v1"]),
        ("intellectual_property", ["publish_offer", "offers"]),  # by its fields, since no name has it
    ],
)
def test_a_word_finds_names_or_failing_that_fields(word: str, names: list[str]) -> None:
    """Spaces, hyphens and underscores are equivalent."""
    assert [each.name for each in found_by(word, LISTED)] == names


def test_without_a_word_each_entry_is_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    """Fields are left out; the last line says how to see them."""
    output = printed(capsys, "steps")

    assert all(f" {each.name}: " in output for each in LISTED)
    assert "revision: " not in output
    assert output.endswith("with a step's whole name, also its problems.")


def test_an_unknown_word_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    """The message says how to list everything."""
    assert run(["scenario", "steps", "nonsense"]) == 2
    assert "nothing is called 'nonsense'; `entente scenario steps` lists everything" in capsys.readouterr().err


def test_the_printed_schema_accepts_a_valid_file(capsys: pytest.CaptureFixture[str]) -> None:
    """Editors can use it: it is JSON Schema, and it refuses an incomplete file."""
    schema = json.loads(printed(capsys, "schema"))

    assert jsonschema_rs.is_valid(schema, YAML(typ="safe", pure=True).load(RIGHT))
    assert not jsonschema_rs.is_valid(schema, {"name": {"en": "Nothing"}})
