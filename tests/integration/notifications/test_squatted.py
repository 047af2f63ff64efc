"""A person who registered somebody else's account first gets no power over that person's notifications."""

import uuid
from collections.abc import AsyncGenerator

import pytest

from shared.domain.actor import Role
from shared.service.settings import DEVELOPMENT_ISSUER
from tests.harness.installation import Client
from tests.harness.mailing import World, inbox, submit, world_of
from tests.harness.parts import Addresses

PERSON = "entente.partners.person"
SQUATTER = "squatter@example.org"


@pytest.fixture(scope="module")
async def world(addresses: Addresses, tmp_path_factory: pytest.TempPathFactory) -> AsyncGenerator[World]:
    """Services that send mail to a mailbox."""
    async with world_of(addresses, tmp_path_factory.mktemp("mails")) as world:
        yield world


async def squatted(world: World, squatter: Client) -> Client:
    """A person whose account a foreign officer registered, with an address that the officer can read."""
    subject = f"person-{uuid.uuid4()}"
    made = await squatter.done("partners", "/people", {
        "name": {"en": "Li Na"}, "accounts": [{"issuer": DEVELOPMENT_ISSUER, "subject": subject}],
        "organisation_id": str(squatter.organisation_id), "title": {"en": "Guest"}, "roles": ["reader"],
    })  # fmt: skip
    person = Client(world.entente, subject, uuid.UUID(made["id"]), squatter.organisation_id)
    await world.entente.knows("notifications", person)
    contact = {"language": "en", "address": SQUATTER, "person_id": made["id"]}
    await squatter.done("notifications", "/contacts", contact)
    return person


async def employed(world: World, person: Client, by: Client) -> None:
    """The person accepts an office as partnership officer."""
    path = f"/people/{person.person_id}"
    office = {"organisation_id": str(by.organisation_id), "title": {"en": "Officer"}}
    offer = await by.done("partners", f"{path}/offices", office | {"roles": [Role.PARTNERSHIP_OFFICER]})
    await person.done("partners", f"{path}/acceptances", {"office_id": offer["offered"][0]["office_id"]})
    await world.entente.heard("notifications", PERSON, person.person_id, 3)


async def test_mails_of_a_squatted_account_do_not_reach_the_squatter(world: World) -> None:
    """Once the person holds an office elsewhere, the squatter's contact is ignored."""
    squatter, ours, theirs = [await world.officer(name) for name in ("Squatter", "York", "Nanjing")]
    person = await squatted(world, squatter)
    await employed(world, person, theirs)

    agreement = await submit(ours, theirs)
    await world.all_notified(agreement["id"], 2)

    acting = {"Entente_Acting_For": str(theirs.organisation_id)}
    page = (await person.get("notifications", "/inbox", **acting)).json()
    assert ([entry["mail"] for entry in page["items"]], world.mailbox.mails(to=SQUATTER)) == (["no-address"], [])


async def test_an_offer_gives_no_power_over_the_person(world: World) -> None:
    """An officer who offers an office may not set the contact; the employer's contact stays valid."""
    ours, theirs, employer = [await world.officer(name) for name in ("York", "Elsewhere", "Nanjing")]
    colleague = await world.colleague(employer, Role.PARTNERSHIP_OFFICER)
    address = f"{colleague.subject}@example.org"
    contact = {"language": "en", "address": address, "person_id": str(colleague.person_id)}
    await employer.done("notifications", "/contacts", contact)
    office = {"organisation_id": str(theirs.organisation_id), "title": {"en": "Guest"}, "roles": ["reader"]}
    await theirs.done("partners", f"/people/{colleague.person_id}/offices", office)
    await world.entente.heard("notifications", PERSON, colleague.person_id, 2)

    refused = await theirs.refused("notifications", "/contacts", contact | {"address": SQUATTER})
    await submit(ours, employer)
    await inbox(colleague)
    await world.nothing_pending()

    assert (refused, len(world.mailbox.mails(to=address))) == ("not-allowed", 1)
