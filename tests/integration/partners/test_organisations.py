"""Organisations over HTTP: proposals that an operator accepts, mergers, closures and their consequences."""

from typing import Any

import pytest

from shared.domain.actor import Role
from tests.harness.installation import Client, Installation
from tests.harness.story import OFFICER, condition_of, in_force, programme_of
from tests.harness.wrong import nothing_done

TOPIC = "entente.partners.organisation"
ENTRY = {
    "kind": "university", "name": {"en": "Birmingham", "zh": "伯明翰大学"}, "country": "GB",
    "city": {"en": "Birmingham"}, "identifiers": [], "parent_id": None,
}  # fmt: skip

TERMS = {
    "kind": "memorandum-of-understanding", "title": {"en": "On students"}, "text": {"en": "We exchange students."},
    "areas": ["talent"], "time_zone": "Asia/Shanghai",
}  # fmt: skip


def path_of(organisation: object) -> str:
    """The address of an organisation."""
    return f"/organisations/{organisation}"


def initiative_of(agreement: dict[str, Any], host: object) -> dict[str, Any]:
    """The body that proposes an initiative of the agreement's signatories, with a host."""
    leads = agreement["signatories"]
    return {
        "kind": "joint-institute", "title": {"en": "Joint institute"}, "agreement_id": agreement["id"],
        "area": agreement["areas"][0], "fields_of_study": ["0914"], "leads": leads,
        "participants": [{"organisation_id": str(host), "role": "host"}], "objectives": {"en": "Engineering."},
        "deliverables": [
            {"title": {"en": "Plan"}, "owner": leads[0], "due_on": "2100-01-01", "time_zone": "Europe/London"}
        ],
    }  # fmt: skip


def amendment_of(agreement: dict[str, Any]) -> dict[str, Any]:
    """The body that proposes another title for the agreement."""
    names = (
        "kind", "text", "areas", "signatories", "participants", "time_zone", "starts_on", "ends_on", "revision",
    )  # fmt: skip
    return {name: agreement[name] for name in names} | {"title": {"en": "Renamed"}}


async def test_an_officers_proposal_takes_effect_once_an_operator_accepts_it(entente: Installation) -> None:
    """The operator accepts only the proposal they have read, named by its hash."""
    home = await entente.organisation("Birmingham")
    officer = await entente.person(home, Role.PARTNERSHIP_OFFICER)
    path, wanted = path_of(home), ENTRY | {"sector": "science", "identifiers": [{"scheme": "schac", "value": "B.uk"}]}

    refused = await officer.refused("partners", f"{path}/amendments", wanted)
    read = (await officer.done("partners", f"{path}/proposals", wanted | {"sector": "health"}))["proposed"]["hash"]
    proposed = await officer.done("partners", f"{path}/proposals", wanted)
    swapped = await entente.operator.refused("partners", f"{path}/acceptances", {"hash": read})
    by_officer = await officer.refused("partners", f"{path}/acceptances", {"hash": proposed["proposed"]["hash"]})
    hash = proposed["proposed"]["hash"]
    accepted = await entente.operator.done("partners", f"{path}/acceptances", {"hash": hash})

    found = await officer.read("partners", "/organisations?identifier=schac:b.uk")
    assert (refused, swapped, by_officer) == ("operator-must-accept", "no-such-proposal", "own-proposal")
    assert (proposed["name"]["zh"], proposed["sector"]) == (None, None)
    assert (accepted["name"], accepted["sector"], accepted["proposed"]) == (ENTRY["name"], "science", None)
    assert [each["id"] for each in found["items"]] == [str(home)]


async def test_the_officers_of_both_sides_move_an_institute(entente: Installation) -> None:
    """One side proposes, the other accepts; afterwards the institute acts under its new parent's agreements."""
    old, new = await entente.organisation("Old"), await entente.organisation("New")
    leaving, joining = [await entente.person(each, Role.PARTNERSHIP_OFFICER) for each in (old, new)]
    moved = await entente.organisation("Institute", parent_id=str(old))
    entry = await joining.read("partners", path_of(moved))
    wanted = {name: entry[name] for name in ENTRY} | {"parent_id": str(new)}

    alone = [await each.refused("partners", f"{path_of(moved)}/amendments", wanted) for each in (leaving, joining)]
    proposed = (await joining.done("partners", f"{path_of(moved)}/proposals", wanted))["proposed"]
    accepted = await leaving.done("partners", f"{path_of(moved)}/acceptances", {"hash": proposed["hash"]})

    assert alone == ["not-a-side", "not-a-side"]
    assert list(proposed["move"]["given"]) == [str(new)]
    assert (accepted["parent_id"], accepted["proposed"]) == (str(new), None)


async def test_a_merged_organisation_forwards_to_its_successor(entente: Installation) -> None:
    """It can still be read, every copy names its successor, and nothing new can start with it."""
    old, new, other = [await entente.organisation(name) for name in ("Old", "New", "Nanjing")]
    theirs = await entente.person(other, *OFFICER)
    member = ENTRY | {"memberships": [{"organisation_id": str(old)}]}
    merged = await entente.operator.done("partners", f"{path_of(old)}/merger", {"successor_id": str(new)})

    fields = {"signatories": [str(old), str(other)]}
    async with nothing_done(entente, "partners"):
        agreement = await theirs.post("partners", "/agreements", TERMS | fields)
        refused = [
            await entente.operator.refused("partners", f"/people/{theirs.person_id}/offices", _office(old)),
            await entente.operator.refused("partners", "/organisations", ENTRY | {"parent_id": str(old)}),
            await entente.operator.refused("partners", "/organisations", member),
            await entente.operator.refused("partners", f"{path_of(new)}/merger", {"successor_id": str(old)}),
            await entente.operator.refused("partners", f"{path_of(old)}/amendments", ENTRY),
        ]

    await entente.published("partners", f"{TOPIC}.merged.v1", old)
    problem = agreement.json()
    assert problem["facts"] == {"organisation_id": str(old), "successor_id": str(new)}
    assert {*refused, problem["type"].rpartition("/")[2]} == {"organisation-replaced"}
    assert (merged["status"], merged["successor_id"]) == ("merged", str(new))
    assert await theirs.read("partners", path_of(old)) == merged


async def test_an_organisation_with_units_cannot_be_closed(entente: Installation) -> None:
    """Its units must be closed first; then it is listed among the closed ones."""
    university = await entente.organisation("Birmingham")
    part = await entente.organisation("China Institute", parent_id=str(university))

    refused = await entente.operator.refused("partners", f"{path_of(university)}/closure")
    for each in (part, university):
        await entente.operator.done("partners", f"{path_of(each)}/closure")

    again = await entente.operator.refused("partners", f"{path_of(university)}/closure")
    found = await entente.operator.read("partners", "/organisations?status=closed")
    assert (refused, again) == ("has-parts", "organisation-gone")
    assert {str(part), str(university)} <= {each["id"] for each in found["items"]}


async def test_only_operators_may_merge_and_close(entente: Installation) -> None:
    """An officer of the organisation is refused."""
    home = await entente.organisation()
    officer = await entente.person(home, *OFFICER, Role.SIGNATORY)

    refused = [
        await officer.refused("partners", f"{path_of(home)}/closure"),
        await officer.refused("partners", f"{path_of(home)}/merger", {"successor_id": str(home)}),
    ]

    assert refused == ["not-allowed", "not-allowed"]


@pytest.fixture
async def gone(entente: Installation) -> tuple[Client, Client, dict[str, Any]]:
    """Officers of two sides, and their agreement in force, whose participant has been closed."""
    ours, theirs = [
        await entente.person(await entente.organisation(name), *OFFICER, Role.SIGNATORY)
        for name in ("Birmingham", "Nanjing")
    ]
    host = await entente.organisation("Southeast")
    agreement = await in_force(entente, ours, theirs, participants=[str(host)])
    await entente.operator.done("partners", f"{path_of(host)}/closure")
    return ours, theirs, await ours.read("partners", f"/agreements/{agreement['id']}")


async def test_nothing_can_start_with_a_closed_organisation(
    entente: Installation, gone: tuple[Client, Client, dict[str, Any]]
) -> None:
    """This includes amendments, initiatives and, in another service, programmes."""
    ours, theirs, agreement = gone
    [host] = agreement["participants"]
    await entente.heard("exchanges", TOPIC, host, 2)
    condition = condition_of(ours, theirs, receiving=host)
    programme = programme_of(agreement, ours, theirs) | {"condition": condition}

    refused = [
        await ours.refused("partners", f"/agreements/{agreement['id']}/amendments", amendment_of(agreement)),
        await ours.refused("partners", "/initiatives", initiative_of(agreement, host)),
        await ours.refused("exchanges", "/programmes", programme),
    ]

    amended = amendment_of(agreement) | {"participants": []}
    await ours.done("partners", f"/agreements/{agreement['id']}/amendments", amended)
    assert refused == ["organisation-gone"] * 3


async def test_organisations_are_sorted_by_pronunciation(entente: Installation) -> None:
    """Chongqing comes before Leeds and Leeds before Nanjing, in either script."""
    country = "FO"  # no other test has an organisation in this country
    names = [{"zh": "南京大学"}, {"en": "Leeds"}, {"en": "Chongqing University", "zh": "重庆大学"}]
    for name in names:
        await entente.operator.done("partners", "/organisations", ENTRY | {"name": name, "country": country})

    found = await entente.operator.read("partners", f"/organisations?country={country}&sort=sort_key")

    assert [each["sort_key"] for each in found["items"]] == ["chong qing da xue", "leeds", "nan jing da xue"]


async def test_an_offer_can_be_declined(entente: Installation) -> None:
    """Only the person may decline it; then the office is gone, even from `/me`."""
    ours, theirs = [await entente.organisation(name) for name in ("Birmingham", "Nanjing")]
    person, officer = await entente.person(ours), await entente.person(theirs, Role.PARTNERSHIP_OFFICER)
    path = f"/people/{person.person_id}"
    offer = (await officer.done("partners", f"{path}/offices", _office(theirs)))["offered"][0]["office_id"]

    by_others = await officer.refused("partners", f"{path}/declines", {"office_id": offer})
    declined = await person.done("partners", f"{path}/declines", {"office_id": offer})
    again = await person.refused("partners", f"{path}/acceptances", {"office_id": offer})

    me = await person.read("partners", "/me")
    assert (by_others, again) == ("yours-to-answer", "no-such-office")
    assert (declined["offered"], me["offered"], len(me["offices"])) == ([], [], 1)


async def test_an_offer_of_a_closed_organisation_cannot_be_accepted(entente: Installation) -> None:
    """No new office can start in a closed organisation."""
    ours, theirs = [await entente.organisation(name) for name in ("Birmingham", "Nanjing")]
    person, officer = await entente.person(ours), await entente.person(theirs, Role.PARTNERSHIP_OFFICER)
    path = f"/people/{person.person_id}"
    offer = (await officer.done("partners", f"{path}/offices", _office(theirs)))["offered"][0]["office_id"]
    await entente.operator.done("partners", f"{path_of(theirs)}/closure")

    async with nothing_done(entente, "partners"):
        refused = await person.refused("partners", f"{path}/acceptances", {"office_id": offer})

    assert refused == "organisation-gone"


def _office(organisation: object) -> dict[str, Any]:
    return {"organisation_id": str(organisation), "title": {"en": "Guest"}, "roles": [Role.READER]}
