"""A preview names what an act would end; the act then ends exactly that."""

from typing import Any

from shared.domain.actor import Role
from tests.harness.installation import Client, Installation, until
from tests.harness.story import amended, draft, in_force, initiative_of, programme_of, two_sides

CALL = {"opens_on": "2026-01-01", "closes_on": "2126-12-31", "time_zone": "Asia/Shanghai"}


async def _previewed(who: Client, path: str, service: str = "exchanges") -> dict[tuple[str, str], list[str]]:
    found = await who.read(service, f"{path}/preview")
    assert not any(one["more"] for one in found["consequences"])
    return {(one["aggregate"], one["what"]): [i["id"] for i in one["items"]] for one in found["consequences"]}


async def _call(ours: Client, theirs: Client, programme: dict[str, Any]) -> tuple[str, str]:
    """The ids of a call and of a nomination for it."""
    call = await ours.done("exchanges", f"/programmes/{programme['id']}/calls", {"places": programme["places"]} | CALL)
    exchange = await ours.done("exchanges", f"/calls/{call['id']}/exchanges", {
        "sending": str(ours.organisation_id), "receiving": str(theirs.organisation_id), "nominee": str(ours.person_id),
    })  # fmt: skip
    return call["id"], exchange["id"]


async def test_the_preview_of_closing_a_programme_is_accurate(entente: Installation) -> None:
    """The open call closes and the nomination goes on; an outsider's preview is empty."""
    ours, theirs = await two_sides(entente)
    stranger, _ = await two_sides(entente)
    agreement = await in_force(entente, ours, theirs)
    one, other = [await ours.done("exchanges", "/programmes", programme_of(agreement, ours, theirs)) for _ in range(2)]
    call, exchange = await _call(ours, theirs, one)

    of_programme = await _previewed(theirs, f"/programmes/{one['id']}/closing")
    of_agreement = await _previewed(theirs, f"/agreements/{agreement['id']}/end")
    of_call = await _previewed(theirs, f"/calls/{call}/closing")
    to_stranger = await _previewed(stranger, f"/agreements/{agreement['id']}/end")
    await ours.done("exchanges", f"/programmes/{one['id']}/closing", {"reason_code": "capacity"})
    await until(lambda: _is(ours, f"/calls/{call}", "closed"), "the call closes")

    assert of_programme == {("call", "close"): [call], ("exchange", "go on"): [exchange]}
    assert of_agreement == of_programme | {("programme", "close"): sorted([one["id"], other["id"]])}
    assert (of_call, to_stranger) == ({("exchange", "go on"): [exchange]}, {})
    assert await _is(theirs, f"/exchanges/{exchange}", "nominated")
    assert await _previewed(ours, f"/programmes/{one['id']}/closing") == {("exchange", "go on"): [exchange]}


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
