"""The main job: the signing of an agreement opens what was refused before."""

from datetime import date
from typing import Any
from uuid import UUID

from shared.domain.actor import Role
from tests.harness.installation import Client, Installation, until

AGREEMENT = "entente.partners.agreement"
BOTH = (Role.PARTNERSHIP_OFFICER, Role.SIGNATORY, Role.MOBILITY_COORDINATOR)


async def two_sides(entente: Installation) -> tuple[Client, Client]:
    """An officer of each of two new organisations, known to every service."""
    sides = [await entente.person(await entente.organisation(name), *BOTH) for name in ("Birmingham", "Nanjing")]
    for side in sides:
        await entente.knows("exchanges", side)
    return sides[0], sides[1]


async def draft(ours: Client, theirs: Client, **more: Any) -> dict[str, Any]:
    """An agreement on talent between two sides, from today on."""
    fields = {
        "kind": "memorandum-of-understanding", "title": {"en": "On students", "zh": "学生交流"},
        "text": {"en": "We exchange students.", "zh": "双方交换学生。"}, "areas": ["talent"],
        "signatories": [str(ours.organisation_id), str(theirs.organisation_id)],
        "starts_on": date.today().isoformat(), "time_zone": "Asia/Shanghai",
    } | more  # fmt: skip
    return await ours.done("partners", "/agreements", fields)


async def sign(agreement: dict[str, Any], *sides: Client) -> None:
    """Submitted, approved and signed by all sides."""
    path = f"/agreements/{agreement['id']}"
    await sides[0].done("partners", f"{path}/submission")
    for side in sides:
        agreement = await side.done("partners", f"{path}/approvals")
    for side in sides:
        await side.done("partners", f"{path}/signatures", {"revision": agreement["revision"]})


def programme(agreement: dict[str, Any], ours: Client, theirs: Client) -> dict[str, Any]:
    """A student exchange of one place in each direction."""
    ids = [str(ours.organisation_id), str(theirs.organisation_id)]
    return {
        "programme_kind": "student-exchange", "title": {"en": "Students"}, "area": "talent",
        "agreement_id": agreement["id"], "institutions": ids,
        "places": [{"sending": a, "receiving": b, "number": 1} for a, b in (ids, ids[::-1])],
        "starts_on": "2027-01-01", "ends_on": "2027-12-31",
    }  # fmt: skip


async def test_a_programme_refused_before_the_signing_is_accepted_after_it(entente: Installation) -> None:
    """What was refused for want of an agreement in force is accepted once both sides have signed."""
    ours, theirs = await two_sides(entente)
    agreement = await draft(ours, theirs)
    await entente.heard("exchanges", AGREEMENT, agreement["id"])
    wanted = programme(agreement, ours, theirs)

    before = await ours.refused("exchanges", "/programmes", wanted)
    await sign(agreement, ours, theirs)
    opened = await until(lambda: _opened(ours, wanted), "the programme opens")

    assert (before, opened["status"]) == ("agreement-not-in-force", "open")


async def _opened(ours: Client, wanted: dict[str, Any]) -> dict[str, Any] | None:
    answer = await ours.post("exchanges", "/programmes", wanted)
    return answer.json() if answer.status_code == 201 else None


async def test_history_names_the_actor_of_each_step(entente: Installation) -> None:
    """The history of an agreement says who did what, and which events came of it."""
    ours, theirs = await two_sides(entente)
    agreement = await draft(ours, theirs)
    await sign(agreement, ours, theirs)

    history = await until(lambda: _history(ours, agreement["id"], 7), "the agreement is in force")

    assert [(step["use_case"], step["actor"]) for step in history] == [
        ("draft_agreement", str(ours.person_id)),
        ("submit_agreement", str(ours.person_id)),
        ("approve_agreement", str(ours.person_id)),
        ("approve_agreement", str(theirs.person_id)),
        ("sign_agreement", str(ours.person_id)),
        ("sign_agreement", str(theirs.person_id)),
        ("commence_agreement", "timer commence"),
    ]


async def _history(who: Client, agreement_id: UUID, steps: int) -> list[dict[str, Any]] | None:
    found = await who.read("partners", f"/agreements/{agreement_id}/history")
    return found if len(found) >= steps else None
