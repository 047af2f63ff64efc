"""Domain topics identify nobody: held by their schemas."""

from collections.abc import Iterator
from typing import Any, cast

import pytest

from shared.contracts.agreement import AgreementEvent
from shared.contracts.event import Event, facts
from shared.contracts.organisation import OrganisationEvent
from shared.contracts.person import PersonState

ABOUT_PEOPLE = {"name", "accounts", "subject", "issuer", "email", "phone", "address"}
EVENTS = [*facts(AgreementEvent), *facts(OrganisationEvent)]


def _properties(schema: object, at: str = "") -> Iterator[str]:
    """Every property that a schema or its definitions have, as `Definition.property`."""
    if isinstance(schema, dict):
        node = cast("dict[str, Any]", schema)
        yield from (f"{at}.{name}" for name in node.get("properties", {}))
        for name, below in node.get("$defs", {}).items():
            yield from _properties(below, name)


def _personal(event: type[Event]) -> set[str]:
    return {p for p in _properties(event.model_json_schema()) if p.rpartition(".")[2] in ABOUT_PEOPLE}


@pytest.mark.parametrize("event", EVENTS, ids=lambda e: e.type)
def test_events_say_who_by_an_opaque_id_and_an_office(event: type[Event]) -> None:
    """No event of agreements or organisations has a field for a person's name, account or address."""
    own_name = {".name"} if issubclass(event, OrganisationEvent) else set[str]()

    assert _personal(event) == own_name


def test_the_check_sees_personal_data_where_it_belongs() -> None:
    """The person's state, on its compacted topic, is the one that has them."""
    assert _personal(PersonState) == {".name", ".accounts", "Account.issuer", "Account.subject"}
