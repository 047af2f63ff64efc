"""`/me` describes the caller, even with several offices; a 401 says how to get a token."""

import uuid
from typing import Any

import httpx2
import pytest

from shared.domain.actor import Role
from tests.harness.installation import Client, Installation
from tests.harness.wrong import slug_of

SERVICES = ("partners", "exchanges")
"""The service that owns the directory, and one with a copy of it."""


@pytest.fixture(scope="module")
async def both(entente: Installation) -> Client:
    """A person with an office in each of two organisations; `organisation_id` is the first."""
    first, second = await entente.organisation("First"), await entente.organisation("Second")
    person = await entente.person(first, Role.MOBILITY_COORDINATOR)
    office = {"organisation_id": str(second), "title": {"en": "Officer"}, "roles": [Role.PARTNERSHIP_OFFICER]}
    await entente.operator.done("partners", f"/people/{person.person_id}/offices", office)
    await entente.heard("exchanges", "entente.partners.person", person.person_id, 2)
    return person


@pytest.mark.parametrize("service", SERVICES)
async def test_a_person_with_two_offices_sees_both(both: Client, service: str) -> None:
    """`/me` lists each office with its roles and permissions; neither is selected until the header names one."""
    me: dict[str, Any] = await both.read(service, "/me")
    roles = {office["organisation_id"]: office["roles"] for office in me["offices"]}
    may = {office["organisation_id"]: office["may"] for office in me["offices"]}
    first, second = str(both.organisation_id), next(id for id in roles if id != str(both.organisation_id))

    assert (me["person_id"], me["acting_for"]) == (str(both.person_id), None)
    assert roles == {first: ["mobility-coordinator"], second: ["partnership-officer"]}
    assert ("draft_agreement" in may[second], "draft_agreement" in may[first]) == (service == "partners", False)
    assert ("propose_programme" in may[first], "propose_programme" in may[second]) == (service == "exchanges", False)


@pytest.mark.parametrize("service", SERVICES)
async def test_the_header_selects_the_office(both: Client, service: str) -> None:
    """Without the header, or for an office not held, requests are refused."""
    first = str(both.organisation_id)
    path = "/agreements" if service == "partners" else "/programmes"
    me = (await both.get(service, "/me", Entente_Acting_For=first)).json()
    named = await both.get(service, path, Entente_Acting_For=first)
    unnamed = await both.get(service, path)
    elsewhere = await both.get(service, "/me", Entente_Acting_For=str(uuid.uuid4()))

    assert (me["acting_for"], len(me["offices"]), named.status_code) == (first, 2, 200)
    assert (slug_of(unnamed, 422), "Entente-Acting-For" in unnamed.text) == ("which-organisation", True)
    assert slug_of(elsewhere, 403) == "not-allowed"


async def test_a_person_with_one_office_acts_for_it(entente: Installation) -> None:
    """A person with one office needs no header."""
    me = await entente.operator.read("partners", "/me")

    assert [me["acting_for"]] == [office["organisation_id"] for office in me["offices"]]


@pytest.mark.parametrize("token", [None, "wrong"])
async def test_a_401_says_how_to_get_a_token(entente: Installation, token: str | None) -> None:
    """If the development issuer is trusted, the 401 names the command that gets a token."""
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    answer: httpx2.Response = await entente.http("partners").get("/me", headers=headers)

    assert slug_of(answer, 401) == ("invalid-token" if token else "no-token")
    assert "`entente token PERSON`" in answer.json()["detail"]
    assert not answer.json()["detail"].endswith("..")
