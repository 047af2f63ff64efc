"""Places: never more than the condition has, by the sender's rank, whoever acts at the same moment."""

import asyncio

from icalendar import Calendar

from shared.domain.actor import Role
from tests.harness.contest import GO, PLACES, WAIT, contest
from tests.harness.installation import Installation
from tests.harness.story import call_of, called, in_force, nominated, nominee, opened, two_sides


async def test_fifty_at_once_take_no_place_too_many(entente: Installation) -> None:
    """Approvals and cancellations of fifty people for ten places: the ten best ranks that stay have them."""
    fifty = await contest(entente)
    before = await fifty.standing()

    seen = await fifty.all_at_once()

    after = await fifty.standing()
    assert (before["pending"], len(before["waiting"])) == (list(range(1, PLACES + 1)), 40)
    assert max(seen) <= PLACES
    assert (after["approved"], after["waiting"], len(after["cancelled"])) == ([*GO], [*WAIT], 30)
    assert (await fifty.ours.read("exchanges", f"/calls/{fifty.call}"))["places_left"] == 0


async def test_calls_at_once_never_promise_more_than_the_condition(entente: Installation) -> None:
    """Of five calls for two places each, opened at the same moment, two get the programme's five places."""
    ours, theirs = await two_sides(entente)
    programme = await opened(await in_force(entente, ours, theirs), ours, theirs, places=5)
    path = f"/programmes/{programme['id']}"

    answers = await asyncio.gather(*(ours.post("exchanges", f"{path}/calls", call_of(2)) for _ in range(5)))

    assert sorted(answer.status_code for answer in answers) == [201, 201, 409, 409, 409]
    assert (await ours.read("exchanges", path))["places_left"] == 1


async def test_a_rank_and_a_person_come_once_though_asked_at_once(entente: Installation) -> None:
    """Five nominations with one rank, and five of one person, at the same moment: one of each is taken."""
    ours, theirs = await two_sides(entente)
    programme = await opened(await in_force(entente, ours, theirs), ours, theirs)
    path = f"/calls/{(await called(programme, ours))['id']}/mobilities"
    person = nominee()

    ranked = await asyncio.gather(*(ours.post("exchanges", path, nominee(rank=7)) for _ in range(5)))
    same = await asyncio.gather(*(ours.post("exchanges", path, person) for _ in range(5)))

    assert [sorted(one.status_code for one in answers) for answers in (ranked, same)] == [[201, *[409] * 4]] * 2


async def test_two_officers_at_once_lose_no_update(entente: Installation) -> None:
    """One side approves while the other asks for something else: both are kept. Of two with one version, one is."""
    ours, theirs = await two_sides(entente)
    programme = await opened(await in_force(entente, ours, theirs), ours, theirs, places=2)
    call = await called(programme, ours, places=2)
    paths = [f"/mobilities/{(await nominated(call, ours))['id']}" for _ in range(2)]
    why = {"reason_code": "capacity"}

    await asyncio.gather(
        theirs.done("exchanges", f"{paths[0]}/approvals"),
        theirs.done("exchanges", f"{paths[0]}/cancellation-requests", why),
    )
    etag = (await ours.get("exchanges", paths[1])).headers["etag"]
    answers = await asyncio.gather(
        theirs.post("exchanges", f"{paths[1]}/approvals", If_Match=etag),
        theirs.post("exchanges", f"{paths[1]}/rejections", why, If_Match=etag),
        ours.post("exchanges", f"{paths[1]}/cancellation", why, If_Match=etag),
    )

    kept = await ours.read("exchanges", paths[0])
    assert (kept["status"], kept["cancellation_requested"], kept["version"]) == ("approved", True, 3)
    assert sorted(answer.status_code for answer in answers) == [200, 412, 412]


async def test_both_sides_put_the_deadline_of_a_call_into_their_calendars(entente: Installation) -> None:
    """An officer of another organisation doesn't find it."""
    ours, theirs = await two_sides(entente)
    programme = await opened(await in_force(entente, ours, theirs), ours, theirs)
    path = f"/calls/{(await called(programme, ours))['id']}"
    stranger = await entente.person(await entente.organisation(), Role.MOBILITY_COORDINATOR)
    await entente.knows("exchanges", stranger)

    answers = [await each.get("exchanges", f"{path}/calendar") for each in (ours, theirs, stranger)]

    assert [answer.status_code for answer in answers] == [200, 200, 404]
    assert answers[0].headers["content-type"].startswith("text/calendar")
    assert answers[0].content == answers[1].content
    (entry,) = Calendar.from_ical(answers[0].content).walk("VEVENT")
    assert (str(entry["UID"]), entry["STATUS"]) == (f"{path.removeprefix('/calls/')}-deadline", "CONFIRMED")
