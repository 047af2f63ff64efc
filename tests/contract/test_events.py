"""What holds of every public event."""

import re
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shared.contracts import load_all
from shared.contracts.event import Event, Tombstone
from shared.contracts.schema import event_schema, key_of
from tests.contract.bodies import bodies
from tests.harness.schemas import objects

EVENTS = load_all()
WITH_BODY = [event for event in EVENTS.values() if not issubclass(event, Tombstone)]

PERSON_TOPIC = "entente.partners.person"
"""The one topic that may identify people."""

PERSONAL = {
    "account", "accounts", "address", "birth", "birthday", "born", "contact", "email", "emails", "forename", "gender",
    "initials", "issuer", "login", "mail", "mobile", "name", "names", "nationality", "nickname", "passport", "phone",
    "photo", "postcode", "salutation", "sex", "street", "subject", "surname", "telephone", "user", "username", "wechat",
    "zip",
}  # fmt: skip
"""Words that make a field one in which a person's name, address or account could stand, in whatever combination."""

NOT_OF_PEOPLE = {
    ("entente.partners.organisation", field)
    for field in ("name", "address", "contact_offices", "ContactOffice.email", "ContactOffice.phone")
}
"""Fields with such a word that are an organisation's own, by topic and path."""

OF_STUDIES = {"field_of_study"}
"""Fields with such a word that say what is studied, in whatever topic."""


def of_type(event: type[Event]) -> str:
    return event.type


@cache
def bodies_of(event: type[Event]) -> st.SearchStrategy[Any]:
    """Bodies by the event's schema; made once, because Hypothesis examines each new strategy."""
    return bodies(event_schema(event))


def fields(schema: Mapping[str, Any]) -> Iterator[str]:
    """The path of every field of a schema and its definitions."""
    for path, _ in objects(schema):
        if path[-2:-1] == ("properties",):
            yield ".".join(str(step) for step in path if step not in ("properties", "$defs"))


def personal(event: type[Event]) -> set[str]:
    """The fields of an event in which something that identifies a person could stand."""
    named = ((path, path.rpartition(".")[2]) for path in fields(event_schema(event)))
    found = {path for path, name in named if PERSONAL & set(name.split("_")) and name not in OF_STUDIES}
    return {path for path in found if (event.topic, path) not in NOT_OF_PEOPLE}


@pytest.mark.parametrize("event", EVENTS.values(), ids=of_type)
def test_a_types_middle_is_its_topic(event: type[Event]) -> None:
    """A type is its topic, a fact in lower case and a version, so that whoever has a type knows where to subscribe."""
    fact = event.type.removeprefix(f"{event.topic}.")

    assert re.fullmatch(r"[a-z]+(-[a-z]+)*\.v[1-9][0-9]*", fact)
    assert re.fullmatch(r"entente\.[a-z]+\.[a-z]+(-[a-z]+)*", event.topic)


@pytest.mark.parametrize("event", WITH_BODY, ids=of_type)
def test_every_event_holds_its_key(event: type[Event]) -> None:
    """The aggregate's id, which is the key of the record, is a required field of every body as well."""
    assert key_of(event) in event_schema(event)["required"]


@pytest.mark.parametrize("event", [e for e in WITH_BODY if e.topic != PERSON_TOPIC], ids=of_type)
def test_only_the_person_topic_identifies_people(event: type[Event]) -> None:
    """Outside the person topic no event has a field for a name, an address or an account of a person."""
    assert personal(event) == set()


def test_the_person_state_is_seen_to_identify_people() -> None:
    """The check sees personal data where there is some."""
    assert personal(EVENTS[f"{PERSON_TOPIC}.state.v1"]) == {"name", "accounts", "Account.issuer", "Account.subject"}


@pytest.mark.parametrize("event", WITH_BODY, ids=of_type)
@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much])
@given(data=st.data())
def test_an_event_is_read_back_from_its_own_json(event: type[Event], data: st.DataObject) -> None:
    """Whatever fits the golden schema is read as an event, and what that writes is read as the same event."""
    made = event.model_validate(data.draw(bodies_of(event)))

    assert event.model_validate_json(made.model_dump_json()) == made


@pytest.mark.parametrize("event", WITH_BODY, ids=of_type)
def test_readers_ignore_unknown_fields(event: type[Event]) -> None:
    """A field that a newer producer added changes nothing for a reader that does not know it."""
    (example,) = event_schema(event)["examples"]

    assert event.model_validate(example | {"added_later": {"by": 1}}) == event.model_validate(example)


@pytest.mark.parametrize("event", [e for e in WITH_BODY if "time_zone" in e.model_fields], ids=of_type)
def test_a_reader_with_older_zones_takes_a_newer_one(event: type[Event]) -> None:
    """A time zone that was added since the reader's data were made parks no event."""
    (example,) = event_schema(event)["examples"]

    assert event.model_validate(example | {"time_zone": "Asia/Newtown"}).model_dump()["time_zone"] == "Asia/Newtown"
