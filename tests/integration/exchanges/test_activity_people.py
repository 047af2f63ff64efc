"""Participants of activities: who sees their name, what they are told, and what they see themselves."""

import uuid
from collections.abc import AsyncGenerator
from typing import Any

import pypdfium2
import pytest
from icalendar import Calendar

from tests.harness.activities import EARLIER, REASON, Sides, sides_of
from tests.harness.installation import Client, until
from tests.harness.participants import World, details, with_mailbox
from tests.harness.parts import Addresses
from tests.harness.story import call_of, nominee, programme_of
from tests.harness.wrong import slug_of

COHORT = {"capacity": 2, "attendance_needed": 100}


@pytest.fixture(scope="module")
async def world(addresses: Addresses, tmp_path_factory: pytest.TempPathFactory) -> AsyncGenerator[World]:
    """All services and a mailbox."""
    async with with_mailbox(addresses, tmp_path_factory.mktemp("mails")) as world:
        yield world


@pytest.fixture(scope="module")
async def sides(world: World) -> Sides:
    """Two universities, one of them with a school, and their agreement in force."""
    return await sides_of(world.entente)


async def cohort(sides: Sides) -> str:
    """The path of a cohort of two, which both hosts have agreed to."""
    return await sides.agreed(sides.plan("training-cohort", "session", **COHORT))


async def admitted(sides: Sides, path: str, **more: Any) -> dict[str, Any]:
    """A participant of theirs who has a place."""
    participant = await sides.registered(**more)
    await sides.enrol(path, participant["id"])
    await sides.ours.done("exchanges", f"{path}/participants/{participant['id']}/admission")
    return participant


async def seen(sides: Sides, who: Client, path: str, participant: dict[str, Any]) -> None:
    """Waits until `who` reads the name."""
    await until(lambda: sides.sees(who, path, participant), "the name is shown")


async def unseen(sides: Sides, who: Client, path: str, participant: dict[str, Any]) -> None:
    """Waits until `who` reads the name no more."""

    async def hidden() -> bool:
        return not await sides.sees(who, path, participant)

    await until(hidden, "the name is shown no more")


def text_of(file: bytes) -> str:
    """The words of a PDF file."""
    return pypdfium2.PdfDocument(file)[0].get_textpage().get_text_range()


async def test_a_name_is_for_officers_of_the_two_sides(world: World, sides: Sides) -> None:
    """No reader and no operator has it, and nothing else keeps it: not the activity, and no answer that is kept."""
    assert sides.theirs.organisation_id
    reader = await world.entente.person(sides.theirs.organisation_id)
    await world.entente.knows("exchanges", reader)
    family = f"Lin{uuid.uuid4().hex[:8]}"
    path = await cohort(sides)
    participant = await sides.registered(name={"latin": {"family": family}})
    await sides.theirs.done("exchanges", f"{path}/enrolments", sides.sent(participant["id"]), Idempotency_Key="once")
    await seen(sides, sides.ours, path, participant)

    read = [await sides.sees(who, path, participant) for who in (sides.school, sides.theirs, reader)]
    itineraries = [family in text_of((await who.get("exchanges", f"{path}/itinerary")).content)
                   for who in (sides.ours, reader)]  # fmt: skip
    await sides.ours.done("exchanges", f"{path}/participants/{participant['id']}/admission")
    named = text_of((await sides.school.get("exchanges", f"{path}/itinerary")).content)

    assert (read, await sides.sees(world.entente.operator, path, participant)) == ([True, True, False], False)
    assert (itineraries, family in named) == ([False, False], True)
    assert await world.where(family) == ["exchanges.participant"]


@pytest.mark.parametrize("end", ["declines", "withdrawal", "cancellation"])
async def test_hosts_see_no_name_after_the_end(sides: Sides, end: str) -> None:
    """Of somebody who is declined or withdrawn, or of a cancelled activity; who is declined can be enrolled again."""
    path = await cohort(sides)
    participant = await sides.registered()
    await sides.enrol(path, participant["id"])
    await seen(sides, sides.ours, path, participant)
    if end == "cancellation":
        await sides.ours.done("exchanges", f"{path}/{end}", REASON)
    else:
        who = sides.ours if end == "declines" else sides.theirs
        reason = {"reason_code": "not-eligible"}
        await who.done("exchanges", f"{path}/participants/{participant['id']}/{end}", reason)

    await unseen(sides, sides.ours, path, participant)

    async def hidden() -> bool:
        return (await sides.ours.get("exchanges", f"/participants/{participant['id']}")).status_code == 404

    await until(hidden, "the record is shown no more")
    if end == "declines":
        await sides.enrol(path, participant["id"])
        await seen(sides, sides.ours, path, participant)


async def test_without_a_transfer_route_the_name_stays_at_home(world: World, sides: Sides) -> None:
    """They are admitted under the opaque id."""
    path = await cohort(sides)
    participant = await admitted(sides, path, transfer_route="not-transferred")
    await world.mails(participant, 2)  # so both events have been followed

    assert [await sides.sees(who, path, participant) for who in (sides.ours, sides.theirs)] == [False, True]


async def test_an_invitation_shows_nobody_before_their_own_organisation_accepts(world: World, sides: Sides) -> None:
    """A host that knows an id learns no name by it, and no mail is sent."""
    path = await sides.agreed(sides.plan("delegation", "stop"))
    guest = await sides.registered()
    await sides.ours.done("exchanges", f"{path}/invitations", sides.sent(guest["id"]))
    asked = (await sides.ours.read("exchanges", path))["version"]
    await world.entente.heard("exchanges", "entente.exchanges.activity", path.rpartition("/")[2], asked)
    before = (await sides.sees(sides.ours, path, guest), world.mailbox.mails(to=guest["email"]))
    await sides.theirs.done("exchanges", f"{path}/participants/{guest['id']}/admission")
    await seen(sides, sides.ours, path, guest)
    (told,) = await world.mails(guest)

    assert before == (False, [])
    assert told.subject == "You take part: Public health"


async def test_nobody_sends_the_participant_of_another_institution(world: World, sides: Sides) -> None:
    """Neither by enrolling nor by accepting an invitation nor by nominating: it would show them their record."""
    delegation = await sides.agreed(sides.plan("delegation", "stop"))
    of_ours = await sides.ours.done("exchanges", "/participants", details(sides.ours))
    await sides.ours.done("exchanges", f"{delegation}/invitations", sides.sent(of_ours["id"]))
    programme = await sides.theirs.done(
        "exchanges", "/programmes", programme_of(sides.agreement, sides.theirs, sides.ours)
    )
    await sides.ours.done("exchanges", f"/programmes/{programme['id']}/agreements")
    call = await sides.theirs.done("exchanges", f"/programmes/{programme['id']}/calls", call_of())

    refused = [
        await sides.theirs.refused("exchanges", f"{await cohort(sides)}/enrolments", sides.sent(of_ours["id"])),
        await sides.theirs.refused("exchanges", f"{delegation}/participants/{of_ours['id']}/admission"),
        await sides.theirs.refused(
            "exchanges", f"/calls/{call['id']}/mobilities", nominee() | {"participant_id": of_ours["id"]}
        ),
    ]

    assert refused == ["not-found"] * 3


async def test_a_participant_is_told_and_sees_their_activity_and_nothing_else(world: World, sides: Sides) -> None:
    """From the enrolment to the certificate, which they still read when the hosts see the name no more."""
    path = await cohort(sides)
    lin = await admitted(sides, path, language="zh")
    wu = await admitted(sides, path)
    await sides.ours.done("exchanges", f"{path}/postponements", REASON | {
        "items": [sides.item("session", str(host.organisation_id), EARLIER) for host in (sides.ours, sides.school)],
    })  # fmt: skip
    await world.mails(lin, 3)
    await sides.begun(await sides.agree(path))
    for number, present in ((1, [lin["id"], wu["id"]]), (2, [lin["id"]])):
        await sides.school.done("exchanges", f"{path}/items/{number}/attendance", {"present": present})
    await sides.ours.done("exchanges", f"{path}/holding")
    await sides.ours.done("exchanges", f"{path}/certificates")
    told = await world.mails(lin, 4)
    student, other = await world.signed_in(lin, sides.theirs), await world.signed_in(wu, sides.theirs)

    (own,) = (await student.read("exchanges", f"/participants/{lin['id']}/activities"))["items"]
    held = await student.read("exchanges", f"/people/{lin['id']}/held")
    certificate = await student.get("exchanges", f"{path}/certificates/1")
    itinerary = await student.get("exchanges", f"{path}/itinerary")
    calendar = Calendar.from_ical((await student.get("exchanges", f"{path}/calendar")).content)
    beyond = [
        slug_of(await student.get("exchanges", path), 403),
        slug_of(await student.get("exchanges", "/activities"), 403),
        slug_of(await student.get("exchanges", f"{path}/people"), 403),
        slug_of(await student.get("exchanges", f"{path}/history"), 403),
        slug_of(await student.get("exchanges", f"/participants/{wu['id']}/activities"), 404),
        slug_of(await student.get("exchanges", f"{await cohort(sides)}/itinerary"), 404),
        slug_of(await other.get("exchanges", f"{path}/certificates/1"), 404),
    ]

    assert [mail.subject for mail in told] == [
        "已为您报名：公共卫生", "报名已通过：公共卫生", "活动改期：公共卫生", "培训证书已签发：公共卫生",
    ]  # fmt: skip
    assert [mail.subject for mail in world.mailbox.mails(to=wu["email"])][-2:] == [
        "Postponed: Public health", "Your link to sign in",
    ]  # fmt: skip
    assert (own["activity_id"], own["attended"], own["certificate"]) == (path.rpartition("/")[2], [1, 2], 1)
    assert wu["id"] not in str(own)
    assert ("林晓雨" in text_of(certificate.content), text_of(itinerary.content).count("林晓雨")) == (True, 1)
    assert len(calendar.walk("VEVENT")) == 2
    assert beyond == ["not-allowed"] * 4 + ["not-found"] * 3
    (activities,) = [one for one in held["holdings"] if one["table"] == "activity"]
    (part,) = activities["rows"]
    assert (part["place"]["participant_id"], part["attended"], part["certificate"]["number"]) == (
        lin["id"],
        ["1", "2"],
        1,
    )
    assert wu["id"] not in str(activities)


async def test_a_cancellation_is_told_to_all_who_were_enrolled(world: World, sides: Sides) -> None:
    """To those with a place and to those who waited for one, once each; and to nobody who was declined before."""
    path = await cohort(sides)
    placed, gone = [await admitted(sides, path) for _ in range(2)]
    waiting = await sides.registered()
    await sides.enrol(path, waiting["id"])
    reason = {"reason_code": "personal"}
    await sides.theirs.done("exchanges", f"{path}/participants/{gone['id']}/withdrawal", reason)
    await sides.ours.done("exchanges", f"{path}/cancellation", REASON)
    told = [await world.mails(placed, 3), await world.mails(waiting, 2), await world.mails(gone, 3)]

    assert [mails[-1].subject for mails in told] == [
        "Cancelled: Public health", "Cancelled: Public health", "Enrolment withdrawn: Public health",
    ]  # fmt: skip
