"""Cohorts, delegations and performances over HTTP, from the plan to what follows."""

import uuid
from asyncio import gather
from datetime import UTC, date, datetime, timedelta
from typing import Any, NamedTuple

import pypdfium2
import pytest
from icalendar import Calendar

from shared.domain.actor import Role
from tests.harness.installation import Client, Installation, until
from tests.harness.story import in_force

OFFICER = (Role.PARTNERSHIP_OFFICER, Role.MOBILITY_COORDINATOR, Role.CULTURE_OFFICER)
AREAS = ["culture", "health", "talent"]
EARLIER = datetime.now(UTC).replace(microsecond=0) - timedelta(hours=3)
"""When items begin that can be attended and held today."""
REASON = {"reason_code": "capacity", "reason": {"en": "The hall is closed"}}
EVIDENCE = {"evidence": {"text": {"en": "The minutes."}}}
NAME = {"en": "Lin Xiaoyu", "zh": "林晓雨"}
KEPT = """select count(*) from participant_name where activity_id = $1"""
NAMED = """select exists (select from activity where strpos(body::text, $1) > 0)
    or exists (select from idempotency where strpos(body, $1) > 0)
    or exists (select from history where strpos(history::text, $1) > 0)
    or exists (select from participant_name where name_en = $1)"""


class Sides(NamedTuple):
    """Officers of two universities, of a school of the first one, and an agreement in force."""

    ours: Client
    school: Client
    theirs: Client
    agreement: dict[str, Any]

    def plan(self, kind: str, item: str, **more: Any) -> dict[str, Any]:
        """The body that plans an activity of ours and the school's, with an item at each of them."""
        ours, school = str(self.ours.organisation_id), str(self.school.organisation_id)
        return {
            "kind": kind, "title": {"en": "Public health", "zh": "公共卫生"}, "area": "health",
            "agreement_id": self.agreement["id"], "organiser": ours, "hosts": [ours, school],
            "senders": [str(self.theirs.organisation_id)], "time_zone": "UTC",
            "items": [self.item(item, ours), self.item(item, school)],
        } | more  # fmt: skip

    def item(self, kind: str, host: str, starts_at: datetime = EARLIER) -> dict[str, Any]:
        """An item of an hour."""
        return {
            "kind": kind, "title": {"en": "Data", "zh": "数据"}, "host": host, "place": {"en": "Edgbaston"},
            "starts_at": starts_at.isoformat(), "ends_at": (starts_at + timedelta(hours=1)).isoformat(),
        }  # fmt: skip

    async def agreed(self, body: dict[str, Any]) -> str:
        """The path of an activity that was planned and agreed by both hosts."""
        activity = await self.ours.done("exchanges", "/activities", body)
        return await self.agree(f"/activities/{activity['id']}")

    async def agree(self, path: str) -> str:
        """Both hosts agree to the plan as it is now."""
        revision = {"revision": (await self.ours.read("exchanges", path))["revision"]}
        for host in (self.ours, self.school):
            await host.done("exchanges", f"{path}/agreements", revision)
        return path

    async def begun(self, path: str) -> None:
        """Announced, and running by itself."""
        await self.ours.done("exchanges", f"{path}/announcement")
        await until(lambda: self.has(path, "running"), "the activity has begun")

    async def has(self, path: str, status: str) -> bool:
        """Whether it stands there now."""
        return (await self.ours.read("exchanges", path))["status"] == status

    async def enrol(self, path: str, person: uuid.UUID | None = None, **more: Any) -> str:
        """A person of theirs whom they enrol."""
        body = {"participant_id": str(person or uuid.uuid4()), "sending": str(self.theirs.organisation_id)} | more
        await self.theirs.done("exchanges", f"{path}/enrolments", body)
        return body["participant_id"]


@pytest.fixture
async def sides(entente: Installation) -> Sides:
    """Two new universities, one of them with a school, and their agreement in force."""
    ours, theirs = [await entente.organisation(name) for name in ("Birmingham", "Nanjing")]
    within = await entente.organisation("School of Engineering", parent_id=str(ours))
    one, other = [await entente.person(each, *OFFICER, Role.SIGNATORY) for each in (ours, theirs)]
    school = await entente.person(within, *OFFICER)
    agreement = await in_force(entente, one, other, areas=AREAS)
    for each in (one, other, school):
        await entente.knows("exchanges", each)
    return Sides(one, school, other, agreement)


async def test_a_cohort_is_enrolled_attended_held_and_certified(entente: Installation, sides: Sides) -> None:
    """Nobody beyond the capacity; whoever attended both sessions has a certificate in both languages."""
    path = await sides.agreed(sides.plan("training-cohort", "session", capacity=2, attendance_needed=100))
    lin = await sides.enrol(path, name=NAME)
    wu, zhao = [await sides.enrol(path) for _ in range(2)]
    for person in (lin, wu):
        await sides.ours.done("exchanges", f"{path}/participants/{person}/admission")
    full = await sides.school.refused("exchanges", f"{path}/participants/{zhao}/admission")
    await sides.begun(path)
    for number, present in ((1, [lin, wu]), (2, [lin])):
        await sides.school.done("exchanges", f"{path}/items/{number}/attendance", {"present": present})
    held = await sides.ours.done("exchanges", f"{path}/holding")
    certified = await sides.ours.done("exchanges", f"{path}/certificates")
    file = await sides.theirs.get("exchanges", f"{path}/certificates/1")
    text = pypdfium2.PdfDocument(file.content)[0].get_textpage().get_text_range()

    assert full == "no-place-left"
    assert held["numbers"] == {"items_held": 2, "people": 2, "attended": 3, "learner_days": 2}
    assert [one["participant_id"] for one in certified["certificates"]] == [lin]
    assert file.headers["content-type"] == "application/pdf"
    assert ("Lin Xiaoyu" in text, "林晓雨" in text, "Birmingham" in text) == (True, True, True)


async def test_the_last_places_are_given_once(entente: Installation, sides: Sides) -> None:
    """Eight admissions at the same instant by both hosts: two take the places, the others hear that none is left."""
    path = await sides.agreed(sides.plan("training-cohort", "session", capacity=2, attendance_needed=100))
    people = [await sides.enrol(path) for _ in range(8)]
    hosts = (sides.ours, sides.school)
    answers = await gather(
        *(hosts[n % 2].post("exchanges", f"{path}/participants/{person}/admission") for n, person in enumerate(people))
    )

    told = [answer.json().get("type", "").rpartition("/")[2] for answer in answers]
    assert sorted(told) == ["", ""] + ["no-place-left"] * 6
    assert (await sides.theirs.read("exchanges", path))["admitted"] == 2


async def test_a_delegation_follows_its_itinerary_and_its_actions(entente: Installation, sides: Sides) -> None:
    """Their side accepts the invited; an action becomes overdue, is done and accepted, and with it all closes."""
    path = await sides.agreed(sides.plan("delegation", "stop"))
    guest = str(uuid.uuid4())
    body = {"participant_id": guest, "sending": str(sides.theirs.organisation_id)}
    await sides.ours.done("exchanges", f"{path}/invitations", body)
    await sides.theirs.done("exchanges", f"{path}/participants/{guest}/admission")
    await sides.begun(path)
    await sides.ours.done("exchanges", f"{path}/holding")
    action = {
        "title": {"en": "Draft a joint degree"}, "owner": str(sides.ours.organisation_id),
        "counterpart": str(sides.theirs.organisation_id), "due_on": str(date.today() - timedelta(days=3)),
        "time_zone": "UTC",
    }  # fmt: skip
    await sides.ours.done("exchanges", f"{path}/actions", action)

    async def overdue() -> bool:
        return bool((await sides.theirs.read("exchanges", "/activities?overdue=true"))["items"])

    await until(overdue, "the action is overdue")
    await sides.school.refused("exchanges", f"{path}/actions/1/acceptance")
    await sides.ours.done("exchanges", f"{path}/actions/1/reports", EVIDENCE)
    tasks = (await sides.theirs.read("exchanges", "/tasks"))["items"]
    closed = await sides.theirs.done("exchanges", f"{path}/actions/1/acceptance")
    itinerary = await sides.theirs.get("exchanges", f"{path}/itinerary")
    text = pypdfium2.PdfDocument(itinerary.content)[0].get_textpage().get_text_range()

    assert [(task["what"], task["aggregate"]) for task in tasks] == [("accept action", "activity")]
    assert (closed["status"], closed["overdue"]) == ("closed", False)
    assert ("School of Engineering" in text, "公共卫生" in text, "Edgbaston" in text) == (True, True, True)


async def test_a_performance_is_postponed_held_and_counted(entente: Installation, sides: Sides) -> None:
    """Its hosts agree again, its calendar has a higher number, and heads are counted, not people."""
    ours = str(sides.ours.organisation_id)
    plan = sides.plan("cultural-event", "performance", senders=[], area="culture", hosts=[ours])
    before = sides.item("performance", ours, EARLIER - timedelta(days=2))
    activity = await sides.ours.done("exchanges", "/activities", plan | {"items": [before]})
    path = f"/activities/{activity['id']}"
    await sides.ours.done("exchanges", f"{path}/agreements", {"revision": activity["revision"]})
    postponed = await sides.ours.done(
        "exchanges", f"{path}/postponements", REASON | {"items": [sides.item("performance", ours)]}
    )
    stale = await sides.ours.refused("exchanges", f"{path}/agreements", {"revision": activity["revision"]})
    await sides.ours.done("exchanges", f"{path}/agreements", {"revision": postponed["revision"]})
    calendar = Calendar.from_ical((await sides.ours.get("exchanges", f"{path}/calendar")).content)
    await sides.begun(path)
    await sides.ours.done("exchanges", f"{path}/items/1/attendance", {"head_count": 1240})
    held = await sides.ours.done("exchanges", f"{path}/holding")

    history = (await sides.ours.read("exchanges", f"{path}/history"))["items"]
    assert (postponed["status"], stale) == ("planned", "revision-changed")
    assert (calendar.walk("VEVENT")[0]["SEQUENCE"], calendar.walk("VEVENT")[0]["STATUS"]) == (1, "CONFIRMED")
    assert held["numbers"] == {"items_held": 1, "people": 0, "attended": 1240, "learner_days": 0}
    assert [entry["use_case"] for entry in history] == [
        "plan_activity", "agree_activity", "postpone_activity", "agree_activity", "announce_activity", "begin_activity",
        "record_attendance", "hold_activity",
    ]  # fmt: skip


async def test_a_name_is_for_its_two_sides_and_goes_with_the_activity(entente: Installation, sides: Sides) -> None:
    """Officers of the hosts and of the sending side read it; nothing else has it, and a cancellation leaves nothing."""
    assert sides.theirs.organisation_id is not None
    reader = await entente.person(sides.theirs.organisation_id)
    pool = entente.services["exchanges"].pool
    path = await sides.agreed(sides.plan("training-cohort", "session", capacity=2, attendance_needed=100))
    person, name = uuid.uuid4(), f"Lin {uuid.uuid4()}"
    body = {"participant_id": str(person), "sending": str(sides.theirs.organisation_id), "name": {"en": name}}
    await sides.theirs.done("exchanges", f"{path}/enrolments", body, Idempotency_Key="once")
    await entente.knows("exchanges", reader)
    read = [
        (await each.read("exchanges", f"{path}/people"))["items"][0]["name"]
        for each in (sides.ours, sides.school, sides.theirs, reader, entente.operator)
    ]
    elsewhere = await pool.fetchval(NAMED.rpartition("or exists")[0], name)
    await sides.ours.done("exchanges", f"{path}/cancellation", REASON)

    assert read == [{"en": name, "zh": None}] * 3 + [None] * 2
    assert elsewhere is False
    assert await pool.fetchval(NAMED, name) is False


async def test_the_name_of_somebody_who_is_declined_is_forgotten(entente: Installation, sides: Sides) -> None:
    """At once, and they can be enrolled again."""
    pool = entente.services["exchanges"].pool
    path = await sides.agreed(sides.plan("training-cohort", "session", capacity=2, attendance_needed=100))
    person = await sides.enrol(path, name=NAME)
    before = await pool.fetchval(KEPT, path.rpartition("/")[2])
    await sides.ours.done("exchanges", f"{path}/participants/{person}/declines", {"reason_code": "not-eligible"})

    assert (before, await pool.fetchval(KEPT, path.rpartition("/")[2])) == (1, 0)
    assert await sides.enrol(path, uuid.UUID(person), name=NAME) == person


async def test_the_end_of_its_agreement_stops_only_what_is_not_agreed(entente: Installation, sides: Sides) -> None:
    """The planned one is cancelled and nothing new planned; the agreed one is enrolled in, announced and goes on."""
    cohort = sides.plan("training-cohort", "session", capacity=2, attendance_needed=100)
    agreed = await sides.agreed(cohort)
    planned = f"/activities/{(await sides.ours.done('exchanges', '/activities', cohort))['id']}"
    preview = await sides.ours.read("exchanges", f"/agreements/{sides.agreement['id']}/end/preview")
    for side in (sides.ours, sides.theirs):
        end = {"reason_code": "priorities-changed"}
        await side.done("partners", f"/agreements/{sides.agreement['id']}/termination", end)
    await until(lambda: sides.has(planned, "cancelled"), "the planned activity is cancelled")

    refused = [
        await sides.ours.refused("exchanges", "/activities", cohort),
        await sides.ours.refused("exchanges", f"{agreed}/postponements", REASON | {"items": cohort["items"]}),
    ]
    await sides.enrol(agreed)
    await sides.begun(agreed)

    foreseen = {(c["what"], item["id"]) for c in preview["consequences"] for item in c["items"]}
    assert foreseen == {("cancel", planned.rpartition("/")[2]), ("go on", agreed.rpartition("/")[2])}
    assert refused == ["agreement-not-in-force"] * 2
    assert (await sides.theirs.read("exchanges", planned))["reason_code"] == "agreement-ended"


async def test_it_needs_an_agreement_that_covers_its_area_and_names_its_organisations(sides: Sides) -> None:
    """Another area, an organisation that the agreement does not name, and one that sends nobody are refused."""
    cohort = sides.plan("training-cohort", "session", capacity=2, attendance_needed=100)
    stranger = str(await sides.ours.installation.organisation("Elsewhere"))
    told = [
        await sides.ours.refused("exchanges", "/activities", cohort | changed)
        for changed in ({"area": "commercialisation"}, {"senders": [stranger]}, {"capacity": None})
    ]

    assert told[0] == "area-not-covered"
    assert told[1] in ("organisation-not-in-agreement", "organisation-unknown")
    assert told[2] == "invalid"
