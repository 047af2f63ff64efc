"""A mobility's whole way over HTTP: what each side does, what both read, and what is given back."""

import io
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest

from shared.domain.academic_year import last_day
from shared.domain.actor import Role
from shared.sheets.csv_text import write_csv
from shared.sheets.reading import CSV
from tests.harness.installation import Client, Installation
from tests.harness.learning import course
from tests.harness.participants import participant_with_account
from tests.harness.story import SOON, YEAR, called, in_force, nominated, nominee, opened, two_sides

WHY = {"reason_code": "personal", "reason": {"en": "Illness in the family."}}
COURSES = [course("Advanced Databases"), course("Analiza matematyczna II", "home")]


@dataclass
class Two:
    """Two sides with an open programme and a call for two places."""

    entente: Installation
    ours: Client
    theirs: Client
    programme: dict[str, Any]
    call: dict[str, Any]
    students: dict[str, Client] = field(default_factory=dict[str, Client])
    """By the path of their mobility."""

    async def nominated(self, rank: int | None = None) -> str:
        """A nomination, by its path."""
        student = await participant_with_account(self.ours)
        body = nominee(rank) | {"participant_id": str(student.person_id)}
        made = await self.ours.done("exchanges", f"/calls/{self.call['id']}/mobilities", body)
        path = f"/mobilities/{made['id']}"
        self.students[path] = student
        return path

    async def live(self) -> str:
        """A mobility that is live."""
        path = await self.nominated()
        await self.theirs.done("exchanges", f"{path}/approvals")
        await self.signed(path)
        await self.ours.done("exchanges", f"{path}/beginning")
        return path

    async def signed(self, path: str) -> None:
        """The learning agreement, signed by all three."""
        document = await self.ours.done("exchanges", f"{path}/learning-agreement", {"components": COURSES})
        named, learning = {"revision": document["proposal"]["revision"]}, f"/learning-agreements/{document['id']}"
        await self.students[path].done("exchanges", f"{learning}/signatures", named)
        await self.ours.done("exchanges", f"{learning}/proposals", named)
        await self.theirs.done("exchanges", f"{learning}/approvals", named)

    async def awaited(self, path: str) -> list[tuple[str, str]]:
        """What is awaited, and of which side."""
        sides = {str(self.ours.organisation_id): "ours", str(self.theirs.organisation_id): "theirs"}
        document = await self.theirs.read("exchanges", path)
        return [(one["act"], sides[one["of"]]) for one in document["awaited"]]


@pytest.fixture
async def two(entente: Installation) -> Two:
    """Two sides with an open programme and a call for two places."""
    ours, theirs = await two_sides(entente)
    programme = await opened(await in_force(entente, ours, theirs), ours, theirs, places=2)
    return Two(entente, ours, theirs, programme, await called(programme, ours, places=2))


async def test_the_way_from_a_nomination_to_the_last_day(two: Two) -> None:
    """Each side does what is its own, and both read what is awaited from whom."""
    path = await two.nominated()
    told = [await two.awaited(path)]
    await two.theirs.done("exchanges", f"{path}/rejections", WHY)
    told.append(await two.awaited(path))
    planned = {"arrival": str(SOON), "departure": str(SOON + timedelta(days=90))}
    await two.ours.done("exchanges", f"{path}/corrections", {"planned": planned})
    await two.theirs.done("exchanges", f"{path}/approvals")
    told.append(await two.awaited(path))
    early = await two.ours.refused("exchanges", f"{path}/beginning")
    await two.signed(path)
    told.append(await two.awaited(path))
    await two.ours.done("exchanges", f"{path}/beginning")
    told.append(await two.awaited(path))
    not_theirs = await two.ours.refused("exchanges", f"{path}/arrival", {"on": str(SOON)})
    await two.theirs.done("exchanges", f"{path}/arrival", {"on": str(SOON)})
    told.append(await two.awaited(path))
    departed = await two.theirs.done("exchanges", f"{path}/departure", {"on": planned["departure"]})
    told.append(await two.awaited(path))

    assert told == [
        [("approve", "theirs")], [("correct", "ours")], [("learning-agreement", "ours")], [("go-live", "ours")],
        [("record-arrival", "theirs")], [("record-departure", "theirs")], [("send-transcript", "theirs")],
    ]  # fmt: skip
    assert (early, not_theirs) == ("learning-agreement-missing", "not-a-side")
    assert (departed["status"], departed["planned"]) == ("live", planned)
    assert (departed["arrived_on"], departed["departed_on"]) == (str(SOON), planned["departure"])


async def test_a_place_given_back_goes_to_the_senders_next(two: Two) -> None:
    """Not to whom the receiving side would like; a better rank that comes late goes before who is not decided."""
    first, second, third = [await two.nominated(rank) for rank in (2, 3, 4)]
    await two.theirs.done("exchanges", f"{first}/approvals")
    waiting = await two.theirs.refused("exchanges", f"{third}/approvals")
    late = await two.nominated(1)
    before = [(await two.ours.read("exchanges", path))["status"] for path in (late, first, second, third)]

    await two.ours.done("exchanges", f"{first}/cancellation", WHY)

    after = [(await two.ours.read("exchanges", path))["status"] for path in (late, first, second, third)]
    assert waiting == "not-in-state"
    assert before == ["pending", "approved", "waiting", "waiting"]
    assert after == ["pending", "cancelled", "pending", "waiting"]


async def test_a_place_that_was_used_is_not_given_again(two: Two) -> None:
    """Who did not come frees the place; who came and broke off does not, and only force majeure leaves it live."""
    absent, ill, stopped = await two.live(), await two.live(), await two.nominated()
    await two.theirs.done("exchanges", f"{absent}/no-show")
    absence = await two.awaited(absent)
    await two.theirs.done("exchanges", f"{ill}/arrival", {"on": str(SOON)})
    broken = {"on": str(SOON + timedelta(days=9))}
    await two.ours.done("exchanges", f"{ill}/interruption", WHY | broken)
    used = (await two.ours.read("exchanges", stopped))["status"]
    await two.ours.done("exchanges", f"{absent}/cancellation", WHY)
    freed = (await two.ours.read("exchanges", stopped))["status"]
    await two.theirs.done("exchanges", f"{stopped}/approvals")
    await two.signed(stopped)
    await two.ours.done("exchanges", f"{stopped}/beginning")
    await two.theirs.done("exchanges", f"{stopped}/arrival", {"on": str(SOON)})
    quake = await two.ours.done("exchanges", f"{stopped}/interruption", {"reason_code": "force-majeure"} | broken)

    ended = await two.ours.read("exchanges", ill)
    assert (absence, used, freed) == ([("cancel", "ours")], "waiting", "pending")
    assert (ended["status"], quake["status"], quake["departed_on"]) == ("cancelled", "live", broken["on"])
    assert await two.awaited(stopped) == [("send-transcript", "theirs")]


async def test_lists_and_the_balance_say_who_goes_where(two: Two) -> None:
    """By year, direction, subject and status; a stranger sees nothing."""
    stranger, _ = await two_sides(two.entente)
    live, pending = await two.live(), await two.nominated()
    waiting = await two.nominated()
    sides = f"sending={two.ours.organisation_id}&receiving={two.theirs.organisation_id}"
    base = f"academic_year={YEAR}&{sides}&field_of_study=0914"

    outgoing = await two.ours.read("exchanges", f"/mobilities?{base}")
    incoming = await two.theirs.read("exchanges", f"/mobilities?{base}&status=pending")
    [line] = (await two.theirs.read("exchanges", f"/balance?{base}&kind=student-studies"))["lines"]

    ids = [path.rpartition("/")[2] for path in (live, pending, waiting)]
    assert [one["id"] for one in outgoing["items"]] == ids
    assert [one["id"] for one in incoming["items"]] == ids[1:2]
    assert (line["places"], line["places_offered"], line["months_agreed"]) == (2, 2, 20)
    assert (line["live"], line["pending"], line["waiting"], line["approved"]) == (1, 1, 1, 0)
    assert line["months"] == pytest.approx(121 / 30, abs=0.05)
    assert await stranger.read("exchanges", f"/balance?{base}") == {"lines": []}
    assert (await stranger.read("exchanges", f"/mobilities?{base}"))["items"] == []


async def test_nominations_come_from_a_spreadsheet(two: Two) -> None:
    """All or none; a rank that is given twice is a mistake of its line, and the list goes out again as a file."""
    path = f"/calls/{two.call['id']}/mobilities"
    late = str(last_day(YEAR) + timedelta(days=1))
    people = [nominee(rank) for rank in (1, 2, 3)]

    wrong = await _imported(
        two.ours, path, [*people, nominee(3), nominee(4) | {"planned": {"arrival": late, "departure": late}}]
    )
    none = (await two.ours.read("exchanges", f"/mobilities?call_id={two.call['id']}"))["items"]
    right = await _imported(two.ours, path, people)
    file = await two.ours.get("exchanges", f"/mobilities?call_id={two.call['id']}", Accept=CSV)

    found = (await two.ours.read("exchanges", f"/mobilities?call_id={two.call['id']}"))["items"]
    assert (wrong["applied"], [one["line"] for one in wrong["mistakes"]], none) == (False, [5, 6], [])
    assert right["applied"], right["mistakes"]
    assert [(one["participant_id"], one["status"]) for one in found] == [
        (person["participant_id"], status)
        for person, status in zip(people, ["pending", "pending", "waiting"], strict=True)
    ]
    assert all(person["participant_id"] in file.text for person in people)


async def _imported(who: Client, path: str, people: list[dict[str, Any]]) -> Any:
    to = io.BytesIO()
    rows = [[one["participant_id"], str(one["rank"]), *one["planned"].values()] for one in people]
    write_csv([["participant_id", "rank", "planned.arrival", "planned.departure"], *rows], to)
    answer = await who.post("exchanges", f"{path}/imports", to.getvalue(), Content_Type=CSV)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def test_a_coordinator_within_an_institution_nominates_and_decides_nothing(two: Two) -> None:
    """Somebody of an institute nominates for its university; at the other end it does not approve for it."""
    homes = [
        await two.entente.organisation("An institute", parent_id=str(side.organisation_id))
        for side in (two.ours, two.theirs)
    ]
    within = [await two.entente.person(home, Role.MOBILITY_COORDINATOR) for home in homes]
    for one in within:
        await two.entente.knows("exchanges", one)

    path = f"/mobilities/{(await nominated(two.call, within[0]))['id']}"
    refused = await within[1].refused("exchanges", f"{path}/approvals")

    assert refused == "office-of-a-part"
    assert (await two.ours.read("exchanges", path))["status"] == "pending"
