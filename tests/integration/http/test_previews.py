"""A preview names what an act would end; the act then ends exactly that."""

from shared.domain.actor import Role
from tests.harness.installation import Client, Installation
from tests.harness.story import (
    amended,
    called,
    draft,
    in_force,
    initiative_of,
    nominated,
    nominee,
    opened,
    two_sides,
)


async def _previewed(who: Client, path: str, service: str = "exchanges") -> dict[tuple[str, str], list[str]]:
    found = await who.read(service, f"{path}/preview")
    assert not any(one["more"] for one in found["consequences"])
    return {(one["aggregate"], one["what"]): [i["id"] for i in one["items"]] for one in found["consequences"]}


async def test_closing_a_programme_is_as_its_preview_said(entente: Installation) -> None:
    """Its call takes no nominations, one that is not decided may lapse, and a mobility goes on; a stranger is told
    nothing."""
    ours, theirs = await two_sides(entente)
    stranger, _ = await two_sides(entente)
    agreement = await in_force(entente, ours, theirs)
    one, other = [await opened(agreement, ours, theirs, places=2) for _ in range(2)]
    call = (await called(one, ours, places=2))["id"]
    pending, approved = [(await nominated({"id": call}, ours))["id"] for _ in range(2)]
    await theirs.done("exchanges", f"/mobilities/{approved}/approvals")

    of_programme = await _previewed(theirs, f"/programmes/{one['id']}/closing")
    of_agreement = await _previewed(theirs, f"/agreements/{agreement['id']}/end")
    of_suspension = await _previewed(theirs, f"/agreements/{agreement['id']}/suspension")
    of_call = await _previewed(theirs, f"/calls/{call}/closing")
    to_stranger = await _previewed(stranger, f"/agreements/{agreement['id']}/end")
    for side in (ours, theirs):
        await side.done("exchanges", f"/programmes/{one['id']}/closing", {"reason_code": "capacity"})
    refused = await ours.refused("exchanges", f"/calls/{call}/mobilities", nominee())

    both = sorted([one["id"], other["id"]])
    assert of_programme == {
        ("call", "take no nominations"): [call], ("mobility", "lapse unless approved"): [pending],
        ("mobility", "go on"): [approved],
    }  # fmt: skip
    assert of_agreement == of_programme | {("programme", "close"): both}
    assert of_call == {("mobility", "go on"): sorted([pending, approved])}
    assert of_suspension == of_call | {("programme", "open no calls"): both, ("call", "take no nominations"): [call]}
    assert (to_stranger, refused) == ({}, "not-in-state")
    assert await _is(theirs, f"/mobilities/{pending}", "pending")
    await theirs.done("exchanges", f"/mobilities/{pending}/approvals")
    assert await _previewed(ours, f"/programmes/{one['id']}/closing") == {
        ("call", "take no nominations"): [call], ("mobility", "go on"): sorted([pending, approved]),
    }  # fmt: skip


async def test_the_preview_of_the_end_of_an_agreement_is_accurate(entente: Installation) -> None:
    """Its annexes end or are withdrawn and its amendment lapses; while it is suspended, they go on."""
    ours, theirs = await two_sides(entente)
    stranger, _ = await two_sides(entente)
    agreement = await in_force(entente, ours, theirs)
    path = f"/agreements/{agreement['id']}"
    drafted = await draft(ours, theirs, parent_agreement_id=agreement["id"])
    running = await in_force(entente, ours, theirs, parent_agreement_id=agreement["id"])
    amendment = await amended(agreement, ours)
    of_withdrawal, of_termination, of_suspension = [
        await _previewed(theirs, f"{path}/{act}", "partners") for act in ("withdrawal", "termination", "suspension")
    ]
    to_stranger = await _previewed(stranger, f"{path}/termination", "partners")
    for side in (ours, theirs):
        await side.done("partners", f"{path}/termination", {"reason_code": "funding"})

    now = [(await ours.read("partners", f"/agreements/{one['id']}"))["status"] for one in (running, drafted)]
    now.append((await ours.read("partners", f"/amendments/{amendment['id']}"))["status"])
    assert of_termination == of_withdrawal == {
        ("agreement", "end"): [running["id"]], ("agreement", "withdraw"): [drafted["id"]],
        ("amendment", "lapse"): [amendment["id"]],
    }  # fmt: skip
    assert of_suspension == {("agreement", "go on"): [running["id"]], ("amendment", "go on"): [amendment["id"]]}
    assert (now, to_stranger) == (["ended", "withdrawn", "lapsed"], {})


async def test_an_active_initiative_outlasts_its_agreement(entente: Installation) -> None:
    """The preview says so of an active initiative, and not of one that is only proposed."""
    ours, theirs = await two_sides(entente)
    agreement = await in_force(entente, ours, theirs)
    begun, _ = [await ours.done("partners", "/initiatives", initiative_of(agreement, ours, theirs)) for _ in range(2)]
    for act in ("appraisals", "approvals"):
        for side in (ours, theirs):
            assert side.organisation_id is not None
            someone = await entente.person(side.organisation_id, Role.PARTNERSHIP_OFFICER, Role.SIGNATORY)
            await someone.done("partners", f"/initiatives/{begun['id']}/{act}")
    await ours.done("partners", f"/initiatives/{begun['id']}/activation")

    of_termination = await _previewed(theirs, f"/agreements/{agreement['id']}/termination", "partners")

    assert of_termination == {("initiative", "go on"): [begun["id"]]}


async def _is(who: Client, path: str, status: str) -> bool:
    return (await who.read("exchanges", path))["status"] == status
