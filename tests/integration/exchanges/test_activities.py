"""Cohorts, delegations and performances over HTTP, from the plan to what follows."""

import uuid
from asyncio import gather
from datetime import date, timedelta

import pypdfium2
import pytest
from icalendar import Calendar

from tests.harness.activities import EARLIER, REASON, Sides, sides_of
from tests.harness.installation import Installation, until

EVIDENCE = {"evidence": {"text": {"en": "The minutes."}}}


@pytest.fixture
async def sides(entente: Installation) -> Sides:
    """Two new universities, one of them with a school, and their agreement in force."""
    return await sides_of(entente)


async def test_a_cohort_is_enrolled_attended_held_and_certified(entente: Installation, sides: Sides) -> None:
    """Nobody beyond the capacity; whoever attended both sessions has a certificate in both languages."""
    path = await sides.agreed(sides.plan("training-cohort", "session", capacity=2, attendance_needed=100))
    lin = await sides.enrol(path, (await sides.registered())["id"])
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
    assert held["numbers"] == {
        "items_held": 2, "people": 2, "attended": 3, "chargeable": 0, "learner_days": 2,
    }  # fmt: skip
    assert [one["participant_id"] for one in certified["certificates"]] == [lin]
    assert file.headers["content-type"] == "application/pdf"
    assert ("Xiaoyu Lin" in text, "林晓雨" in text, "Birmingham" in text) == (True, True, True)


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


async def test_two_officers_at_the_same_instant_lose_no_update(entente: Installation, sides: Sides) -> None:
    """Each host records who came to its session, and both records stand; of two who read the same, one is told."""
    path = await sides.agreed(sides.plan("training-cohort", "session", capacity=2, attendance_needed=100))
    lin = await sides.enrol(path)
    await sides.ours.done("exchanges", f"{path}/participants/{lin}/admission")
    await sides.begun(path)
    hosts, records = (sides.ours, sides.school), [f"{path}/items/{number}/attendance" for number in (1, 2)]
    await gather(*(h.done("exchanges", r, {"present": [lin]}) for h, r in zip(hosts, records, strict=True)))
    both = await sides.ours.read("exchanges", path)
    tag = f'"{both["version"]}"'
    answers = await gather(*(host.post("exchanges", records[0], {"present": []}, If_Match=tag) for host in hosts))

    assert {item: one["present"] for item, one in both["attendance"].items()} == {"1": [lin], "2": [lin]}
    assert sorted(answer.status_code for answer in answers) == [200, 412]


async def test_a_delegation_follows_its_itinerary_and_its_actions(entente: Installation, sides: Sides) -> None:
    """Their side accepts the invited; an action becomes overdue, is done and accepted, and with it all closes."""
    path = await sides.agreed(sides.plan("delegation", "stop"))
    guest = str(uuid.uuid4())
    await sides.ours.done("exchanges", f"{path}/invitations", sides.sent(guest))
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
    await sides.ours.done("exchanges", f"{path}/items/1/attendance", {"head_count": 1240, "chargeable": True})
    held = await sides.ours.done("exchanges", f"{path}/holding")

    history = (await sides.ours.read("exchanges", f"{path}/history"))["items"]
    assert (postponed["status"], stale) == ("planned", "revision-changed")
    assert (calendar.walk("VEVENT")[0]["SEQUENCE"], calendar.walk("VEVENT")[0]["STATUS"]) == (1, "CONFIRMED")
    assert held["numbers"] == {
        "items_held": 1, "people": 0, "attended": 1240, "chargeable": 1240, "learner_days": 0,
    }  # fmt: skip
    assert [entry["use_case"] for entry in history] == [
        "plan_activity", "agree_activity", "postpone_activity", "agree_activity", "announce_activity", "begin_activity",
        "record_attendance", "hold_activity",
    ]  # fmt: skip


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
