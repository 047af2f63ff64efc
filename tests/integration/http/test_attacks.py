"""Attempts to gain power without permission, and how they are refused."""

from typing import Any
from uuid import UUID

import pytest

from shared.domain.actor import Role
from tests.harness.installation import Installation
from tests.harness.wrong import nothing_done

PERSON = "entente.partners.person"
OFFICER, SIGNATORY = Role.PARTNERSHIP_OFFICER, Role.SIGNATORY


def an_office(organisation: object, *roles: Role) -> dict[str, Any]:
    """The body that grants an office."""
    return {"organisation_id": str(organisation), "title": {"en": "Guest"}, "roles": roles or [Role.READER]}


@pytest.mark.parametrize("role", [SIGNATORY, OFFICER, Role.OPERATOR])
async def test_nobody_may_grant_themselves_a_role(entente: Installation, role: Role) -> None:
    """An officer or an operator needs another person to grant further roles."""
    officer = await entente.person(await entente.organisation(), OFFICER, SIGNATORY)
    operator = entente.operator

    async with nothing_done(entente, "partners"):
        refused = [
            await who.refused("partners", f"/people/{who.person_id}/offices", an_office(who.organisation_id, role))
            for who in (officer, operator)
        ]

    assert refused == ["not-yourself", "not-yourself"]


async def test_an_officer_may_not_appoint_a_signatory(entente: Installation) -> None:
    """Only a signatory of the university may do so."""
    university = await entente.organisation("Birmingham")
    officer, provost, colleague = [await entente.person(university, role) for role in (OFFICER, SIGNATORY, Role.READER)]
    path, body = f"/people/{colleague.person_id}/offices", an_office(university, SIGNATORY)

    refused = await officer.refused("partners", path, body)
    given = await provost.done("partners", path, body)

    assert (refused, [office["roles"] for office in given["offices"]]) == ("not-allowed", [["reader"], ["signatory"]])


async def test_an_institutes_officer_has_no_power_over_the_universitys_offices(entente: Installation) -> None:
    """Only the university grants and revokes offices in the university."""
    university = await entente.organisation("Birmingham")
    institute = await entente.organisation("China Institute", parent_id=str(university))
    theirs, colleague = await entente.person(institute, OFFICER, SIGNATORY), await entente.person(university)
    path = f"/people/{colleague.person_id}"
    held = (await entente.operator.read("partners", path))["offices"][0]["office_id"]

    async with nothing_done(entente, "partners"):
        refused = [
            await theirs.refused("partners", f"{path}/offices", an_office(university, Role.CULTURE_OFFICER)),
            await theirs.refused("partners", f"{path}/offices", an_office(university, SIGNATORY)),
            await theirs.refused("partners", f"{path}/revocations", {"office_id": held}),
        ]

    assert refused == ["not-a-side", "not-allowed", "not-a-side"]


@pytest.mark.parametrize("service", ["partners", "exchanges"])
async def test_an_office_offered_by_another_organisation_awaits_acceptance(entente: Installation, service: str) -> None:
    """The person sees the offer and needs no header; the office is valid once it is accepted."""
    ours, theirs = [await entente.organisation(name) for name in ("Birmingham", "Nanjing")]
    person, officer = await entente.person(ours, OFFICER), await entente.person(theirs, OFFICER)
    offered = await officer.done("partners", f"/people/{person.person_id}/offices", an_office(theirs))
    await entente.heard(service, PERSON, person.person_id, 2) if service != "partners" else None
    before = await person.read(service, "/me")
    id = offered["offered"][0]["office_id"]

    by_others = await officer.refused("partners", f"/people/{person.person_id}/acceptances", {"office_id": id})
    await person.done("partners", f"/people/{person.person_id}/acceptances", {"office_id": id})
    await entente.heard(service, PERSON, person.person_id, 3) if service != "partners" else None
    after = await person.read(service, "/me")

    assert by_others == "yours-to-answer"
    assert (before["acting_for"], [each["office_id"] for each in before["offered"]]) == (str(ours), [id])
    assert ({each["organisation_id"] for each in after["offices"]}, after["offered"]) == ({str(ours), str(theirs)}, [])


@pytest.mark.parametrize("term", [{"until": "2020-01-01T00:00:00Z"}, {"since": "2100-01-01T00:00:00Z"}], ids=str)
@pytest.mark.parametrize("service", ["partners", "exchanges"])
async def test_an_expired_or_future_office_gives_no_roles(
    entente: Installation, term: dict[str, str], service: str
) -> None:
    """Every service's copy gives the roles during the term only."""
    home = await entente.organisation()
    person = await entente.person(home)
    term = {"since": "2019-01-01T00:00:00Z"} | term
    await entente.operator.done("partners", f"/people/{person.person_id}/offices", an_office(home, OFFICER) | term)
    await entente.heard(service, PERSON, person.person_id, 2) if service != "partners" else None

    me = await person.read(service, "/me")

    assert [office["roles"] for office in me["offices"]] == [["reader"]]


async def test_roles_of_several_offices_in_one_organisation_are_joined(entente: Installation) -> None:
    """A dean who is also coordinator acts with the roles of both offices and need not choose one."""
    home: UUID = await entente.organisation()
    person = await entente.person(home, OFFICER)
    await entente.operator.done(
        "partners", f"/people/{person.person_id}/offices", an_office(home, Role.CULTURE_OFFICER)
    )

    me = await person.read("partners", "/me")

    assert (me["acting_for"], [o["roles"] for o in me["offices"]]) == (str(home), [["culture-officer", OFFICER]])


@pytest.mark.parametrize("name", ["Nanjing\u202eUniversity", "Nanjing\u200bUniversity", "Nanjing\nUniversity"])
async def test_misleading_characters_in_a_name_are_refused(entente: Installation, name: str) -> None:
    """Direction overrides, invisible characters and line breaks are refused; the refusal names the field."""
    body = {"kind": "university", "name": {"en": name}, "country": "CN", "city": {"en": "Nanjing"}}

    async with nothing_done(entente, "partners"):
        answer = await entente.operator.post("partners", "/organisations", body)

    assert (answer.status_code, "name" in str(answer.json()["errors"])) == (422, True)
