"""Effects on other services and on annexes when an agreement is suspended, resumed, amended or ended."""

from typing import Any

import pytest

from shared.domain.actor import Role
from tests.harness.installation import Client, Installation, until
from tests.harness.story import AGREEMENT, approve, draft, in_force, opened, programme_of, sign, two_sides

WHY = {"reason_code": "priorities-changed"}


@pytest.fixture(scope="module")
async def sides(entente: Installation) -> tuple[Client, Client]:
    return await two_sides(entente)


async def both(sides: tuple[Client, Client], agreement: dict[str, Any], what: str, **body: Any) -> dict[str, Any]:
    """Both signatories agree to an act; returns the agreement afterwards."""
    answers = [await side.done("partners", f"/agreements/{agreement['id']}/{what}", body) for side in sides]
    return answers[-1]


async def amended(sides: tuple[Client, Client], agreement: dict[str, Any], **changed: Any) -> dict[str, Any]:
    """An amendment of the agreement, signed by all."""
    ours, theirs = sides
    agreement = await ours.read("partners", f"/agreements/{agreement['id']}")
    terms = ("kind", "title", "text", "areas", "signatories", "participants", "time_zone", "starts_on", "ends_on")
    body = {name: agreement[name] for name in terms} | {"revision": agreement["revision"]} | changed
    amendment = await ours.done("partners", f"/agreements/{agreement['id']}/amendments", body)
    named = {"revision": amendment["revision"]}
    path = f"/amendments/{amendment['id']}"
    for side in sides:
        assert side.organisation_id is not None
        colleague = await side.installation.person(side.organisation_id, Role.PARTNERSHIP_OFFICER)
        await colleague.done("partners", f"{path}/approvals", named)
    for side in sides:
        await side.done("partners", f"{path}/signatures", named)
    await until(lambda: stands(ours, path, "applied"), "the amendment applies")
    return await theirs.read("partners", path)


async def stands(who: Client, path: str, status: str) -> bool:
    return (await who.read("partners", path))["status"] == status


async def proposed(who: Client, programme: dict[str, Any]) -> bool:
    return (await who.post("exchanges", "/programmes", programme)).status_code == 201


async def test_a_suspension_stops_new_work_only(entente: Installation, sides: tuple[Client, Client]) -> None:
    """New programmes are refused until all sides have resumed the agreement; an open one stays open."""
    agreement = await in_force(entente, *sides)
    running = await opened(agreement, *sides)

    suspended = await both(sides, agreement, "suspension", **WHY)
    await entente.heard("exchanges", AGREEMENT, agreement["id"], 9)
    refused = await sides[0].refused("exchanges", "/programmes", programme_of(agreement, *sides))
    resumed = await both(sides, agreement, "resumption")
    await entente.heard("exchanges", AGREEMENT, agreement["id"], 11)

    assert (suspended["status"], refused, resumed["status"]) == ("suspended", "agreement-not-in-force", "in-force")
    assert (await sides[0].read("exchanges", f"/programmes/{running['id']}"))["status"] == "open"
    assert await proposed(sides[0], programme_of(agreement, *sides))


async def test_an_amendment_can_add_a_missing_area(entente: Installation, sides: tuple[Client, Client]) -> None:
    """A programme in that area is refused, and accepted once the amendment applies."""
    agreement = await in_force(entente, *sides, areas=["culture"])
    programme = programme_of(agreement, *sides)

    refused = await sides[0].refused("exchanges", "/programmes", programme)
    amendment = await amended(sides, agreement, areas=["culture", "talent"])

    assert (refused, amendment["changed"]) == ("area-not-covered", ["areas"])
    await until(lambda: proposed(sides[0], programme), "exchanges knows of the amendment")


async def test_an_annex_ends_with_its_parent_and_its_programmes_close(
    entente: Installation, sides: tuple[Client, Client]
) -> None:
    """When the sides terminate the parent, the annex ends, its programme closes and its amendment lapses."""
    parent = await in_force(entente, *sides)
    annex = await in_force(entente, *sides, parent_agreement_id=parent["id"], kind="exchange-annex")
    waiting = await draft(*sides, parent_agreement_id=parent["id"], kind="exchange-annex")
    programme = await opened(annex, *sides)

    await both(sides, parent, "termination", **WHY)

    path = f"/programmes/{programme['id']}"
    await until(lambda: _closed(sides[0], path), "the programme under the annex closes")
    found = [await sides[1].read("partners", f"/agreements/{one['id']}") for one in (parent, annex, waiting)]
    assert [(one["status"], one["reason_code"]) for one in found] == [
        ("terminated", "priorities-changed"), ("ended", None), ("withdrawn", "agreement-ended"),
    ]  # fmt: skip


async def _closed(who: Client, path: str) -> bool:
    return (await who.read("exchanges", path))["status"] == "closed"


async def test_nothing_new_can_start_under_the_annex_of_a_suspended_parent(
    entente: Installation, sides: tuple[Client, Client]
) -> None:
    """The annex itself stays in force; the refusal says that its parent is suspended."""
    parent = await in_force(entente, *sides)
    annex = await in_force(entente, *sides, parent_agreement_id=parent["id"], kind="exchange-annex")

    await both(sides, parent, "suspension", **WHY)
    await entente.heard("exchanges", AGREEMENT, parent["id"], 9)
    answer = await sides[0].post("exchanges", "/programmes", programme_of(annex, *sides))

    assert (answer.status_code, answer.json()["facts"]["status"]) == (409, "suspended with its parent")
    assert await stands(sides[0], f"/agreements/{annex['id']}", "in-force")


async def test_an_institute_cannot_bind_its_university(entente: Installation, sides: tuple[Client, Client]) -> None:
    """Its officer, a signatory there, may draft and submit; each act that binds the university is refused."""
    ours, theirs = sides
    institute = await entente.organisation("An institute", parent_id=str(ours.organisation_id))
    inside = await entente.person(institute, Role.PARTNERSHIP_OFFICER, Role.SIGNATORY)
    agreement = await draft(ours, theirs)
    path, named = f"/agreements/{agreement['id']}", {"revision": agreement["revision"]}
    await inside.done("partners", f"{path}/submission")

    before = [
        await inside.refused("partners", f"{path}/{what}", body)
        for what, body in (("approvals", named), ("returns", WHY), ("withdrawal", WHY))
    ]  # fmt: skip
    for side in sides:
        await approve(agreement, side)
    signing = await inside.refused("partners", f"{path}/signatures", named)
    running = await in_force(entente, ours, theirs)
    after = [
        await inside.refused("partners", f"/agreements/{running['id']}/{what}", WHY)
        for what in ("suspension", "termination", "notice")
    ]  # fmt: skip

    assert {*before, signing, *after} == {"office-of-a-part"}


async def test_a_participant_sees_an_agreement_once_all_have_signed(
    entente: Installation, sides: tuple[Client, Client]
) -> None:
    """The draft is hidden from participants."""
    third = await entente.person(await entente.organisation("A participant"), Role.PARTNERSHIP_OFFICER)
    agreement = await draft(*sides, participants=[str(third.organisation_id)])
    path = f"/agreements/{agreement['id']}"

    before = await third.get("partners", path)
    await sign(agreement, *sides)

    assert (before.status_code, (await third.get("partners", path)).status_code) == (404, 200)


async def test_an_operator_confirms_a_paper_for_a_partner_that_has_nobody_here(entente: Installation) -> None:
    """The agreement is in force, and says against which document; once the partner has people, its officer confirms."""
    ours, theirs = (await two_sides(entente))[0], await entente.organisation("A town")
    scan = {"title": {"en": "Scan"}, "sha256": "a" * 64, "url": "https://records.example.org/17"}
    terms = {
        "kind": "treaty-of-friendship", "title": {"en": "Treaty"}, "text": {"en": "See the scan."},
        "areas": ["culture"],
        "signatories": [str(ours.organisation_id), str(theirs)], "time_zone": "UTC", "documents": [scan],
        "paper": {"signed_on": "1986-09-27"},
    }  # fmt: skip
    first, second = [await ours.done("partners", "/agreement-records", terms) for _ in range(2)]
    vouched = {
        "party": str(theirs), "document_sha256": "a" * 64, "revision": first["revision"], "reason_code": "no-account",
        "reason": {"en": "The town has no account; the scan was compared."},
    }  # fmt: skip
    path = "/agreements/{}/vouchings"

    by_ours = await ours.refused("partners", path.format(first["id"]), vouched)
    done = await entente.operator.done("partners", path.format(first["id"]), vouched)
    await entente.published("partners", "entente.partners.agreement.record-confirmed.v1", first["id"])
    officer = await entente.person(theirs, Role.PARTNERSHIP_OFFICER)
    late = await entente.operator.refused("partners", path.format(second["id"]), vouched)
    confirmed = await officer.done(
        "partners", f"/agreements/{second['id']}/confirmations", {"revision": second["revision"]}
    )

    assert (by_ours, late) == ("not-allowed", "party-has-people")
    assert (done["status"], confirmed["status"], done["vouched"]) == ("in-force", "in-force", {str(theirs): "a" * 64})
