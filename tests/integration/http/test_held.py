"""`GET /people/{id}/held`: who may ask, what it says, and that no table is left out."""

import uuid
from collections.abc import AsyncGenerator
from dataclasses import dataclass
from typing import Any

import pytest

from services import SERVICES
from services.partners.adapters.admission_table import AdmissionTable
from shared.contracts.person import Account
from shared.domain.actor import Role
from shared.service.held import all_held
from shared.service.settings import DEVELOPMENT_ISSUER, Settings
from tests.harness.installation import Client, until
from tests.harness.participants import World, with_mailbox
from tests.harness.parts import Addresses
from tests.harness.story import two_sides

OF_NOBODY = {
    "migrations": "which migrations have run",
    "installation": "when the installation began",
    "lane": "which relay publishes what",
    "offsets": "how far a consumer has read",
    "caught_up": "whether a consumer has read a topic to its end",
    "agreement_copy": "agreements, by organisation",
    "agreement_over": "agreements that are over",
    "initiative_copy": "initiatives, by agreement",
    "directory_organisation": "organisations",
    "identifier": "identifiers of organisations",
    "directory_identifier": "their copy",
    "delivery_item": "what counts for an agreement, by organisation",
}
"""Tables that hold nothing of people, and what they hold."""
PERSONAL = ("actor", "person", "participant", "nominee", "account", "subject", "name", "email", "address")
"""Words in the name of a column that may be about a person."""
OF_ORGANISATIONS = {
    ("directory_organisation", "name_en"), ("directory_organisation", "name_zh"), ("agreement_copy", "participants"),
}  # fmt: skip
"""Columns with such a name that are about organisations."""
TABLES = """select table_name, array_agg(column_name::text)
    from information_schema.tables join information_schema.columns using (table_schema, table_name)
    where table_schema = current_schema() and table_type = 'BASE TABLE' and table_name not like '%\\_migrations'
    group by 1"""


def declared(service: str) -> set[str]:
    """The tables that a service says hold something of people."""
    return {row.table for row in all_held(SERVICES[service](Settings(development=True)))}


@pytest.fixture(scope="module")
async def world(addresses: Addresses, tmp_path_factory: pytest.TempPathFactory) -> AsyncGenerator[World]:
    """All services and a mailbox."""
    async with with_mailbox(addresses, tmp_path_factory.mktemp("mails")) as world:
        yield world


@dataclass
class Cast:
    """A coordinator, a participant whom they nominated, and people who may ask for the data of anyone."""

    coordinator: Client
    participant: Client
    officer: Client


@pytest.fixture(scope="module")
async def cast(world: World) -> Cast:
    """All known to every service."""
    ours, theirs = await two_sides(world.entente)
    assert ours.organisation_id
    record = await world.registered(ours)
    await world.nominated(ours, theirs, record)
    officer = await world.entente.person(ours.organisation_id, Role.DATA_PROTECTION_OFFICER)
    for service in SERVICES:
        for who in (ours, officer, world.entente.operator):
            await world.entente.knows(service, who)
    contact = {"language": "en", "address": "coordinator@example.org"}
    await ours.done("notifications", "/contacts", contact, Idempotency_Key="contact")
    return Cast(ours, await world.signed_in(record, ours), officer)


def held_of(id: object) -> str:
    """The address of what is held of somebody."""
    return f"/people/{id}/held"


@pytest.mark.parametrize("service", SERVICES)
async def test_every_table_says_whether_it_holds_something_of_people(world: World, service: str) -> None:
    """A table is declared, or known to hold nothing of people; then no column of it has a personal name."""
    columns = dict[str, list[str]](map(tuple, await world.entente.services[service].pool.fetch(TABLES)))
    unsaid = columns.keys() - declared(service) - OF_NOBODY.keys()
    personal = {
        (table, column) for table in columns.keys() & OF_NOBODY.keys() for column in columns[table]
        if any(word in column for word in PERSONAL)
    }  # fmt: skip

    assert (unsaid, declared(service) - columns.keys()) == (set(), set())
    assert personal <= OF_ORGANISATIONS


async def test_whoever_did_something_stands_in_declared_tables_only(world: World, cast: Cast) -> None:
    """The ids of the people of a story are in no table that its service does not declare."""
    found = {place for who in (cast.coordinator, cast.participant) for place in await world.where(str(who.person_id))}
    undeclared = {place for place in found if place.partition(".")[2] not in declared(place.partition(".")[0])}

    assert {"partners.person", "exchanges.participant", "exchanges.mobility", "exchanges.history"} <= found
    assert undeclared == set()


@pytest.mark.parametrize("service", SERVICES)
async def test_people_read_what_is_held_of_themselves(cast: Cast, service: str) -> None:
    """Every service lists its holdings with their purpose and retention; here for a coordinator."""
    id = cast.coordinator.person_id
    found = await cast.coordinator.read(service, held_of(id))
    tables = {one["table"] for one in found["holdings"]}

    assert (found["person_id"], found["service"]) == (str(id), service)
    assert all(one["what"] and one["until"] and one["number"] > 0 for one in found["holdings"])
    expected = {"partners": {"person", "account", "agreement", "history"}, "notifications": {"contact", "history"}}
    assert expected.get(service, {"directory_person", "directory_account", "directory_office"}) <= tables


async def test_a_participant_reads_all_that_is_recorded_of_them(world: World, cast: Cast) -> None:
    """Name, address and session are shown; entries about other people's affairs are only counted."""
    found = await cast.participant.read("exchanges", held_of(cast.participant.person_id))
    holdings: dict[str, Any] = {one["table"]: one for one in found["holdings"]}

    record = holdings["participant"]["rows"][0]
    assert (record["name"]["latin"], record["name"]["chinese"]["family"]) == ({"family": "Zhang", "given": "Wei"}, "张")
    assert [row["kind"] for row in holdings["participant_access"]["rows"]] == ["session"]
    assert (holdings["mobility"]["number"], holdings["mobility"]["rows"]) == (1, [])
    assert {row["use_case"] for row in holdings["history"]["rows"]} >= {"register_participant", "follow_nomination"}


@pytest.mark.parametrize("service", SERVICES)
async def test_only_oneself_and_who_answers_for_data_may_ask(world: World, cast: Cast, service: str) -> None:
    """A data protection officer and an operator may read the data of anyone, others only their own."""
    participant, coordinator = held_of(cast.participant.person_id), held_of(cast.coordinator.person_id)
    allowed = [
        (await who.get(service, path)).status_code
        for who in (cast.officer, world.entente.operator) for path in (participant, coordinator)
    ]  # fmt: skip
    refused = [
        (await cast.coordinator.get(service, participant)).status_code,
        (await cast.coordinator.get(service, held_of(uuid.uuid4()))).status_code,
        (await world.entente.stranger().get(service, coordinator)).status_code,
        (await cast.participant.get(service, coordinator)).status_code,
    ]

    # Only exchanges knows the token of a participant's session.
    assert (allowed, refused) == ([200] * 4, [403, 403, 403, 403 if service == "exchanges" else 401])


async def test_the_digest_of_an_account_that_was_let_in_is_found(world: World) -> None:
    """Partners keeps it of first operators, and finds whose it is while they have the account."""
    pool, operator = world.entente.services["partners"].pool, world.entente.operator
    async with pool.acquire() as db:
        await AdmissionTable(db).note(Account(issuer=DEVELOPMENT_ISSUER, subject=operator.subject))

    found = await operator.read("partners", held_of(operator.person_id))

    assert [one["number"] for one in found["holdings"] if one["table"] == "admission"] == [1]


async def test_after_an_erasure_nothing_is_held_but_the_opaque_id(world: World, cast: Cast) -> None:
    """What a data protection officer then finds identifies nobody."""
    record = await world.registered(cast.coordinator, email="gone@example.org")
    one = f"/participants/{record['id']}"
    await world.code(record, cast.coordinator)
    await cast.coordinator.done("exchanges", f"{one}/erasure")

    async def nothing_passing() -> dict[str, Any] | None:
        found = await cast.officer.read("exchanges", held_of(record["id"]))
        holdings = {each["table"]: each for each in found["holdings"]}
        return None if holdings.keys() & {"outbox", "outgoing", "timer"} else holdings

    holdings = await until(nothing_passing, "events and mails are on their way")
    left = holdings["participant"]["rows"][0]

    assert holdings.keys() == {"participant", "history", "listing"}
    assert [left[name] for name in ("status", "name", "email", "account", "person_id")] == ["erased", *[None] * 4]
    assert "gone@example.org" not in str(holdings)
