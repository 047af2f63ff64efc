"""From a technology offer to a running deal, over HTTP, and the record of what the agreement delivered."""

from datetime import date, timedelta
from typing import Any, NamedTuple

import pytest

from services.commercialisation.domain.technology import TechnologyField
from shared.domain.actor import Role
from tests.harness.installation import Client, Installation, until
from tests.harness.story import AGREEMENT, draft, sign

SERVICE = "commercialisation"
ROLES = (Role.PARTNERSHIP_OFFICER, Role.SIGNATORY, Role.TECHNOLOGY_TRANSFER_OFFICER)
TODAY = date.today()
FIELDS = iter(TechnologyField)
"""Each test has its own field, because offers also match needs under other agreements."""
CONFIDENTIAL = {"confidential_until": str(TODAY + timedelta(days=1000))}
DAYS = [str(TODAY - timedelta(days=2)), str(TODAY + timedelta(days=30))]
DEAL = {
    "title": {"en": "Cold"}, "form": "licence", "time_zone": "Asia/Shanghai",
    "milestones": [{"title": {"en": day}, "due_on": day, "trl": trl} for day, trl in zip(DAYS, (None, 5), strict=True)],
}  # fmt: skip
"""The first milestone was due two days ago; the second raises the offer to TRL 5."""


class Pair(NamedTuple):
    """An officer of each of two organisations, and an unsigned agreement on technology between them."""

    ours: Client
    theirs: Client
    agreement: dict[str, Any]
    field: TechnologyField

    @property
    def offer(self) -> dict[str, Any]:
        """The body that publishes the offer of `ours`."""
        return self._under(self.ours) | {
            "title": {"en": "A store of cold"}, "trl": 4, "intellectual_property": "patent-granted"
        }  # fmt: skip

    @property
    def need(self) -> dict[str, Any]:
        """The body that publishes the need of `theirs`, which the offer meets."""
        return self._under(self.theirs) | {"title": {"zh": "公交车制冷"}, "least_trl": 4}

    def _under(self, side: Client) -> dict[str, Any]:
        return {
            "agreement_id": self.agreement["id"], "organisation_id": str(side.organisation_id),
            "technology_field": self.field, "forms": ["licence"], "summary": {"en": "Liquid air."},
        }  # fmt: skip


@pytest.fixture
async def pair(entente: Installation) -> Pair:
    """Two new organisations and their agreement, all known to the service."""
    sides = [await entente.person(await entente.organisation(name), *ROLES) for name in ("Birmingham", "Nanjing")]
    for side in sides:
        await entente.knows(SERVICE, side)
    agreement = await draft(*sides, areas=["commercialisation", "talent"])
    await entente.heard(SERVICE, AGREEMENT, agreement["id"])
    return Pair(sides[0], sides[1], agreement, next(FIELDS))


async def test_a_technology_can_be_offered_once_the_agreement_is_in_force(entente: Installation, pair: Pair) -> None:
    """An offer is refused before the signing and accepted after it; only the two sides see its match."""
    before = await pair.ours.refused(SERVICE, "/offers", pair.offer)
    match = await matched(entente, pair)
    stranger = await entente.person(await entente.organisation("Elsewhere"), *ROLES)
    await entente.knows(SERVICE, stranger)

    path = f"/matches/{match['id']}"
    assert (before, match["status"], match["score"]) == ("agreement-not-in-force", "proposed", 100)
    assert [(await who.get(SERVICE, path)).status_code for who in (pair.theirs, stranger)] == [200, 404]
    assert await stranger.refused(SERVICE, f"{path}/acceptances") == "not-found"


async def test_a_match_becomes_a_running_deal_with_a_late_milestone(entente: Installation, pair: Pair) -> None:
    """After both sides accept, agree confidentiality and sign, the deal runs and its overdue milestone is late."""
    deal = await running_deal(entente, pair)

    path = f"/deals/{deal['id']}"
    await until(lambda: _shows(pair.theirs, path, late=True), "the first milestone is late")
    found = await pair.theirs.read(SERVICE, path)
    match = await pair.ours.read(SERVICE, f"/matches/{deal['match_id']}")
    assert (found["status"], match["status"]) == ("running", "concluded")
    assert [(m["number"], m["status"], m["late"]) for m in found["milestones"]] == [
        (1, "planned", True), (2, "planned", False),
    ]  # fmt: skip


async def test_a_signed_deal_withdraws_the_other_drafts_of_its_match(entente: Installation, pair: Pair) -> None:
    """The other drafts are withdrawn with the reason that another deal of the match was signed."""
    match = await confidential(entente, pair)
    left, signed = [await pair.theirs.done(SERVICE, f"/matches/{match['id']}/deals", DEAL) for _ in range(2)]
    for side in (pair.theirs, pair.ours):
        await side.done(SERVICE, f"/deals/{signed['id']}/signatures")

    await until(lambda: _shows(pair.ours, f"/deals/{left['id']}", status="withdrawn"), "the other draft is withdrawn")

    found = [await pair.ours.read(SERVICE, f"/deals/{deal['id']}") for deal in (left, signed)]
    assert [(deal["status"], deal["reason_code"]) for deal in found] == [
        ("withdrawn", "other-deal-signed"), ("running", None),
    ]  # fmt: skip


async def test_the_delivery_of_an_agreement_is_exact(entente: Installation, pair: Pair) -> None:
    """Each fact counts once, in its area. No side confirms a milestone it reported; confirming one raises the TRL."""
    deal = await running_deal(entente, pair)
    milestone = f"/deals/{deal['id']}/milestones/2"
    await pair.theirs.done(SERVICE, f"{milestone}/reports", {"evidence": {"text": {"en": "A report."}}})
    own = await pair.theirs.refused(SERVICE, f"{milestone}/confirmation")
    await pair.ours.done(SERVICE, f"{milestone}/confirmation")
    await until(lambda: _shows(pair.ours, f"/offers/{deal['offer_id']}", trl=5), "the offer is at TRL 5")
    await until(lambda: _shows(pair.ours, f"/deals/{deal['id']}", late=True), "the first milestone is late")
    for kind, id in {"deal": deal["id"], **{kind: deal[f"{kind}_id"] for kind in ("offer", "need", "match")}}.items():
        await entente.heard("partners", f"entente.{SERVICE}.{kind}", id, await _sequence(entente, kind, id))

    record = await pair.ours.read("partners", f"/agreements/{pair.agreement['id']}/delivery")

    assert own == "own-report"
    assert record["areas"] == {
        "commercialisation": {
            "offers-published": 1, "needs-published": 1, "matches-proposed": 1, "matches-accepted": 1,
            "deals-signed": 1, "milestones-achieved": 1, "milestones-late": 1,
        },
        "talent": {},
    }  # fmt: skip
    assert (record["results"], record["initiatives"], record["targets"]) == ({"milestones-achieved": 1}, {}, [])
    assert sum(record["intentions"].values()) == 6


async def test_a_task_is_shown_to_the_side_that_has_yet_to_act(entente: Installation, pair: Pair) -> None:
    """Accepting, confidentiality, signing, and confirming the other side's milestone are tasks until they are done."""
    match = await matched(entente, pair)
    found = [await _tasks(pair)]
    for what, body in (("acceptances", None), ("confidentiality", CONFIDENTIAL)):
        for side in (pair.ours, pair.theirs):
            await side.done(SERVICE, f"/matches/{match['id']}/{what}", body)
            found.append(await _tasks(pair))
    deal = await pair.theirs.done(SERVICE, f"/matches/{match['id']}/deals", DEAL)
    for side in (pair.theirs, pair.ours):
        await side.done(SERVICE, f"/deals/{deal['id']}/signatures")
        found.append(await _tasks(pair))
    milestone = f"/deals/{deal['id']}/milestones/1"
    await pair.theirs.done(SERVICE, f"{milestone}/reports", {"evidence": {"text": {"en": "A report."}}})
    found.append(await _tasks(pair))
    await pair.ours.done(SERVICE, f"{milestone}/confirmation")
    found.append(await _tasks(pair))

    confidence = "sign confidentiality"
    assert found == [
        (["accept"], ["accept"]), ([], ["accept"]), ([confidence], [confidence]), ([], [confidence]), ([], []),
        (["sign"], []), ([], []), (["confirm milestone"], []), ([], []),
    ]  # fmt: skip


async def test_the_preview_of_the_end_of_an_agreement_is_accurate(entente: Installation, pair: Pair) -> None:
    """After a termination, everything has closed, lapsed, been withdrawn or gone on as the preview said."""
    running = await running_deal(entente, pair)
    offer = await pair.ours.done(SERVICE, "/offers", pair.offer)
    match = await until(lambda: _first(pair.ours, f"/matches?offer_id={offer['id']}"), "the second offer is matched")
    await confide(pair, match)
    drafted = await pair.theirs.done(SERVICE, f"/matches/{match['id']}/deals", DEAL)
    stranger = await entente.person(await entente.organisation("Elsewhere"), *ROLES)
    await entente.knows(SERVICE, stranger)

    preview = f"/agreements/{pair.agreement['id']}/end/preview"
    found, theirs, strangers = [await who.read(SERVICE, preview) for who in (pair.ours, pair.theirs, stranger)]
    for side in (pair.ours, pair.theirs):
        over = {"reason_code": "priorities-changed"}
        await side.done("partners", f"/agreements/{pair.agreement['id']}/termination", over)
    await until(lambda: _shows(pair.ours, f"/deals/{drafted['id']}", status="withdrawn"), "the draft is withdrawn")

    predicted = {
        (one["aggregate"], one["what"]): {item["id"] for item in one["items"]} for one in found["consequences"]
    }
    assert {kind for kind, _ in predicted} == {"offer", "need", "match", "deal"}
    assert (predicted["deal", "withdraw"], predicted["deal", "go on"]) == ({drafted["id"]}, {running["id"]})
    assert match["id"] in predicted["match", "lapse"]
    assert theirs == found
    assert {one["aggregate"] for one in strangers["consequences"]} == {"offer", "need"}  # every reader sees these
    after = {"close": "closed", "lapse": "lapsed", "withdraw": "withdrawn", "go on": "running"}
    for (kind, what), ids in predicted.items():
        for id in ids:
            path = f"/{kind}{'es' if kind == 'match' else 's'}/{id}"
            await until(lambda path=path, what=what: _shows(pair.ours, path, status=after[what]), f"{path} is {what}")


async def _tasks(pair: Pair) -> tuple[list[str], ...]:
    pages = [await side.read(SERVICE, "/tasks") for side in (pair.ours, pair.theirs)]
    return tuple([task["what"] for task in page["items"]] for page in pages)


async def matched(entente: Installation, pair: Pair) -> dict[str, Any]:
    """Signs the agreement, publishes the offer and the need, and waits for their match."""
    await sign(pair.agreement, pair.ours, pair.theirs)
    agreement = f"/agreements/{pair.agreement['id']}"
    await until(lambda: _is_in_force(pair.ours, agreement), "the agreement is in force")
    await entente.heard(SERVICE, AGREEMENT, pair.agreement["id"], 7)
    offer = await pair.ours.done(SERVICE, "/offers", pair.offer)
    need = await pair.theirs.done(SERVICE, "/needs", pair.need)
    both = f"offer_id={offer['id']}&need_id={need['id']}"
    return await until(lambda: _first(pair.theirs, f"/matches?{both}"), "the offer meets the need")


async def confidential(entente: Installation, pair: Pair) -> dict[str, Any]:
    """A match that both sides have accepted and agreed confidentiality for."""
    match = await matched(entente, pair)
    await confide(pair, match)
    return match


async def confide(pair: Pair, match: dict[str, Any]) -> None:
    """Accepts the match and agrees confidentiality for both sides."""
    for what, body in (("acceptances", None), ("confidentiality", CONFIDENTIAL)):
        for side in (pair.ours, pair.theirs):
            await side.done(SERVICE, f"/matches/{match['id']}/{what}", body)


async def running_deal(entente: Installation, pair: Pair) -> dict[str, Any]:
    """A deal that both sides have signed."""
    match = await confidential(entente, pair)
    drafted = await pair.theirs.done(SERVICE, f"/matches/{match['id']}/deals", DEAL)
    await pair.theirs.done(SERVICE, f"/deals/{drafted['id']}/signatures")
    return await pair.ours.done(SERVICE, f"/deals/{drafted['id']}/signatures")


async def _first(who: Client, path: str) -> Any:
    items = (await who.read(SERVICE, path))["items"]
    return items[0] if items else None


async def _shows(who: Client, path: str, **fields: object) -> bool:
    document = await who.read(SERVICE, path)
    return all(document[name] == value for name, value in fields.items())


async def _is_in_force(who: Client, path: str) -> bool:
    return (await who.read("partners", path))["status"] == "in-force"


async def _sequence(entente: Installation, kind: str, id: str) -> int:
    """The sequence of an aggregate's last event."""
    path = f"/{kind}{'es' if kind == 'match' else 's'}/{id}/history"
    history = (await entente.operator.read(SERVICE, path))["items"]
    return max(event["sequence"] for entry in history for event in entry["events"])
