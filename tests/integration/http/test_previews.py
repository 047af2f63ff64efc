"""A preview names what an act would end; when the act is done, just that ends."""

from typing import Any

from tests.harness.installation import Client, Installation, until
from tests.harness.story import in_force, programme_of, two_sides

CALL = {"opens_on": "2026-01-01", "closes_on": "2126-12-31", "time_zone": "Asia/Shanghai"}


async def _previewed(who: Client, path: str) -> dict[tuple[str, str], list[str]]:
    found = await who.read("exchanges", f"{path}/preview")
    assert not any(one["more"] for one in found["consequences"])
    return {(one["aggregate"], one["what"]): [i["id"] for i in one["items"]] for one in found["consequences"]}


async def _call(ours: Client, theirs: Client, programme: dict[str, Any]) -> tuple[str, str]:
    """A call with a nomination, by their ids."""
    call = await ours.done("exchanges", f"/programmes/{programme['id']}/calls", {"places": programme["places"]} | CALL)
    exchange = await ours.done("exchanges", f"/calls/{call['id']}/exchanges", {
        "sending": str(ours.organisation_id), "receiving": str(theirs.organisation_id), "nominee": str(ours.person_id),
    })  # fmt: skip
    return call["id"], exchange["id"]


async def test_closing_a_programme_is_as_its_preview_said(entente: Installation) -> None:
    """Its open call closes and the nomination goes on; a stranger is told nothing, and afterwards nothing is left."""
    ours, theirs = await two_sides(entente)
    stranger, _ = await two_sides(entente)
    agreement = await in_force(entente, ours, theirs)
    one, other = [await ours.done("exchanges", "/programmes", programme_of(agreement, ours, theirs)) for _ in range(2)]
    call, exchange = await _call(ours, theirs, one)

    of_programme = await _previewed(theirs, f"/programmes/{one['id']}/closing")
    of_agreement = await _previewed(theirs, f"/agreements/{agreement['id']}/end")
    of_call = await _previewed(theirs, f"/calls/{call}/closing")
    to_stranger = await _previewed(stranger, f"/agreements/{agreement['id']}/end")
    await ours.done("exchanges", f"/programmes/{one['id']}/closing", {"reason": {"en": "Over."}})
    await until(lambda: _is(ours, f"/calls/{call}", "closed"), "the call closes")

    assert of_programme == {("call", "close"): [call], ("exchange", "go on"): [exchange]}
    assert of_agreement == of_programme | {("programme", "close"): sorted([one["id"], other["id"]])}
    assert (of_call, to_stranger) == ({("exchange", "go on"): [exchange]}, {})
    assert await _is(theirs, f"/exchanges/{exchange}", "nominated")
    assert await _previewed(ours, f"/programmes/{one['id']}/closing") == {("exchange", "go on"): [exchange]}


async def _is(who: Client, path: str, status: str) -> bool:
    return (await who.read("exchanges", path))["status"] == status
