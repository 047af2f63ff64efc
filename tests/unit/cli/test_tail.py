"""How `entente tail` shows events."""

from datetime import UTC, datetime
from uuid import UUID, uuid4

import pytest

from cli.tail import Wanted, as_line, read_body, short, summary, what_is_read
from shared.contracts.event import Envelope

SUBJECT = uuid4()
SIGNED = Envelope(
    uuid4(), "entente.partners.agreement.signed.v1", str(SUBJECT), 7, datetime(2026, 11, 24, 8, tzinfo=UTC), "/x"
)


@pytest.mark.parametrize(
    ("pattern", "fits"),
    [
        (None, True),
        ("*.signed", True),
        ("*agreement*", True),
        ("partners.agreement.*", True),
        ("entente.partners.agreement.signed.v1", True),
        ("*.signed.v1", True),
        ("*.signed.v2", False),
        ("exchanges.*", False),
        ("signed", False),
    ],
)
def test_a_pattern_matches_the_full_type_or_its_short_form(pattern: str | None, fits: bool) -> None:
    """A pattern may leave out `entente.` and the first version."""
    assert Wanted(type=pattern).fits(SIGNED) is fits


@pytest.mark.parametrize(("key", "fits"), [(SUBJECT, True), (uuid4(), False)])
def test_a_key_selects_one_aggregate(key: UUID, fits: bool) -> None:
    """Only events of the requested aggregate match."""
    assert Wanted(key=key).fits(SIGNED) is fits


def test_a_later_version_is_shown() -> None:
    """The first version is left out."""
    assert short("entente.partners.agreement.signed.v1") == "partners.agreement.signed"
    assert short("entente.partners.agreement.signed.v2") == "partners.agreement.signed.v2"


def test_a_body_is_summarised_in_one_line() -> None:
    """Plain fields appear with their values, texts in English, lists of objects as a count; ids are left out."""
    body = {
        "agreement_id": str(SUBJECT), "title": {"en": "Joint\n institute", "zh": "联合"},
        "areas": ["talent", "health"], "parties": [{"a": 1}, {"b": 2}], "until": None, "city": {"zh": "南京"},
        "long": "x" * 100, "number": 3,
    }  # fmt: skip
    assert summary(body, str(SUBJECT)) == (
        f"title Joint institute, areas talent health, parties 2, city 南京, long {'x' * 59}…, number 3"
    )


@pytest.mark.parametrize(
    ("value", "shown"), [(None, ""), (b"not json", "a body that is no JSON"), (b"\xff", "a body that is no JSON")]
)
def test_any_body_can_be_shown(value: bytes | None, shown: str) -> None:
    """A tombstone, and a body that is not JSON, can be shown."""
    assert summary(read_body(value), str(SUBJECT)) == shown


def test_a_line_has_type_subject_and_sequence() -> None:
    """An event is one line with its type, subject, sequence and fields."""
    line = as_line(SIGNED, {"title": {"en": "Joint institute"}}).plain
    assert line.split()[1:] == ["partners.agreement.signed", str(SUBJECT), "#7", "title", "Joint", "institute"]


@pytest.mark.parametrize(("from_beginning", "stop", "shown"), [
    (False, False, "Waiting for new events of 9 topics on k:1; --from-beginning shows the earlier ones too"),
    (True, False, "Reading all events of 9 topics on k:1, then waiting for new ones; Ctrl-C ends it"),
    (True, True, "Reading all events of 9 topics on k:1"),
    (False, True, "Nothing to read of the events of 9 topics on k:1: add --from-beginning"),
])  # fmt: skip
def test_it_says_what_it_reads_and_waits_for(from_beginning: bool, stop: bool, shown: str) -> None:
    """An empty screen is no failure: the line says where it reads from and what it does then."""
    assert what_is_read("k:1", 9, from_beginning=from_beginning, stop=stop).startswith(shown)
