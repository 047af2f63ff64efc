"""Erasmus Without Paper's example scenario of a learning agreement, step by step, then transcript and recognition."""

from collections.abc import AsyncGenerator
from datetime import datetime
from typing import Any

import pytest

from shared.domain.actor import Role
from tests.harness.installation import Client, until
from tests.harness.learning import (
    ANALYSIS,
    ASPECTS,
    BIG_DATA,
    CHOICE,
    CONVERSION,
    DATABASES,
    DISTRIBUTED,
    EXPERT,
    FUNCTIONAL,
    LOGICS,
    MINING,
    SERVICE,
    TOPIC,
    Stay,
    Time,
    approved_stay,
    deleted,
    in_the_scenarios_time,
    inserted,
)
from tests.harness.participants import World, participant_with_account
from tests.harness.parts import Addresses

FIRST = [LOGICS, MINING, FUNCTIONAL, ANALYSIS]
REPLACE_FUNCTIONAL = {
    "deleted": [deleted(FUNCTIONAL, "language-mismatch")],
    "inserted": [inserted(DATABASES), inserted(ASPECTS, "adding-virtual-component")],
}


def replacing_two(other: dict[str, Any]) -> dict[str, Any]:
    """The changes of steps 8 and 10, which differ in one component."""
    return {
        "deleted": [deleted(LOGICS, "timetable-conflict"), deleted(FUNCTIONAL, "language-mismatch")],
        "inserted": [inserted(other), inserted(EXPERT), inserted(ASPECTS, "adding-virtual-component")],
    }


@pytest.fixture(scope="module")
async def winter(addresses: Addresses, tmp_path_factory: pytest.TempPathFactory) -> AsyncGenerator[tuple[World, Time]]:
    """The services and a mailbox, in the scenario's winter."""
    async with in_the_scenarios_time(addresses, tmp_path_factory.mktemp("mails")) as made:
        yield made


def titles(document: dict[str, Any]) -> list[str]:
    """The components in force."""
    return [each["title"]["en"] for each in document["components"]]


def named(*components: dict[str, Any]) -> list[str]:
    """Their titles."""
    return [each["title"]["en"] for each in components]


def signed_at(version: dict[str, Any], stay: Stay) -> list[datetime]:
    """When the student, the sending and the receiving side signed."""
    by = [version["signatures"][str(side.organisation_id)]["at"] for side in (stay.sending, stay.receiving)]
    return [datetime.fromisoformat(moment) for moment in (version["student_signed_at"], *by)]


def moments(*text: str) -> list[datetime]:
    """The same, as the scenario has them."""
    return [datetime.fromisoformat(each) for each in text]


async def test_the_example_scenario(winter: tuple[World, Time]) -> None:
    """All twelve steps, with the days and components of the specification."""
    stay = await approved_stay(*winter)
    sending, receiving = stay.sending, stay.receiving
    first_draft = {"components": [LOGICS, BIG_DATA, FUNCTIONAL, ANALYSIS]}
    await sending.done(SERVICE, f"{stay.mobility}/learning-agreement", first_draft)
    too_early = await sending.refused(SERVICE, f"{stay.mobility}/beginning")

    # 1: the first proposal, signed by the student and the sending side
    step = await stay.proposed("2020-01-11T11:31:45+02:00", "2020-01-13T14:03:23+02:00")
    commented_on = step["proposal"]["revision"]
    assert (step["status"], step["in_force"], commented_on["number"]) == ("proposed", None, 1)

    # 2: the receiving side comments
    text = (
        '"Big data processing and cluster computing" is not available. Please replace it with "Big Data Mining and'
        ' Processing".'
    )
    step = await stay.commented("2020-01-16T13:12:28+02:00", text)
    assert (step["status"], step["reason"]["en"]) == ("commented", text)

    # 3: the second proposal
    await stay.revised(components=FIRST)
    step = await stay.proposed("2020-01-18T14:51:21+02:00", "2020-01-19T12:43:15+02:00")
    assert (step["status"], step["proposal"]["revision"]["number"], titles(step)) == ("proposed", 2, [])

    # 4 and 5: the receiving side approves; the first version is signed by all three
    stale = await receiving.refused(SERVICE, f"{stay.path}/approvals", {"revision": commented_on})
    step = await stay.approved("2020-01-22T11:12:08+02:00")
    assert (too_early, stale) == ("learning-agreement-missing", "revision-changed")
    assert (step["status"], step["in_force"], step["proposal"], titles(step)) == ("agreed", 2, None, named(*FIRST))
    assert signed_at(step["versions"][0], stay) == moments(
        "2020-01-18T14:51:21+02:00", "2020-01-19T12:43:15+02:00", "2020-01-22T11:12:08+02:00"
    )
    live = await sending.done(SERVICE, f"{stay.mobility}/beginning")
    assert (live["status"], live["learning_agreement_version"]) == ("live", 2)

    # 6: one component of table A is changed, and one of table C added
    await stay.revised(**REPLACE_FUNCTIONAL)
    step = await stay.proposed("2020-03-01T11:12:34+02:00", "2020-03-02T12:43:15+02:00")
    assert (step["status"], step["in_force"], titles(step)) == ("proposed", 2, named(*FIRST))

    # 7: approved
    step = await stay.approved("2020-03-04T09:17:43+02:00")
    assert titles(step) == named(LOGICS, MINING, ANALYSIS, DATABASES, ASPECTS)

    # 8: two components of table A are to change, one of them from the change before
    await stay.revised(**replacing_two(DISTRIBUTED))
    step = await stay.proposed("2020-03-04T13:05:09+02:00", "2020-03-05T15:22:07+02:00")
    declined = step["proposal"]["revision"]
    assert titles(step) == named(LOGICS, MINING, ANALYSIS, DATABASES, ASPECTS)

    # 9: the receiving side comments
    await stay.commented(
        "2020-03-06T19:27:33+02:00",
        'The course "Distributed Systems" is not conducted in English. I suggest choosing the "Data Mining,'
        ' Computational Social Choice Theory or Deep neural networks".',
    )

    # 10: another component instead. The scenario has the student sign on the morning before the comment.
    await stay.revised(**replacing_two(CHOICE))
    await stay.proposed("2020-03-06T10:59:34+02:00", "2020-03-08T14:20:56+02:00")
    stale = await receiving.refused(SERVICE, f"{stay.path}/approvals", {"revision": declined})

    # 11 and 12: approved; the final version has two changes in table A
    step = await stay.approved("2020-03-08T15:27:23+02:00")
    assert (stale, step["status"], step["in_force"]) == ("revision-changed", "agreed", 5)
    assert titles(step) == named(MINING, ANALYSIS, CHOICE, EXPERT, ASPECTS)
    assert [version["revision"]["number"] for version in step["versions"]] == [2, 3, 5]
    assert signed_at(step["versions"][2], stay) == moments(
        "2020-03-06T10:59:34+02:00", "2020-03-08T14:20:56+02:00", "2020-03-08T15:27:23+02:00"
    )
    assert [change["reason_code"] for change in step["versions"][2]["plan"]["deleted"]] == [
        "timetable-conflict",
        "language-mismatch",
    ]
    assert await done_to(stay, stay.path) == [
        "draft", "sign", "propose", "comment on", "revise", "sign", "propose", "approve",
        "revise", "sign", "propose", "approve",
        "revise", "sign", "propose", "comment on", "revise", "sign", "propose", "approve",
    ]  # fmt: skip
    assert await done_to(stay, stay.mobility) == [
        "nominate",
        "approve mobility",
        "approve",
        "go live",
        *["approve"] * 2,
    ]


async def done_to(stay: Stay, path: str) -> list[str]:
    """The acts of a document's history, oldest first; those of a learning agreement without its name."""
    steps = (await stay.sending.read(SERVICE, f"{path}/history?limit=100"))["items"]
    return [step["use_case"].removesuffix("_learning_agreement").replace("_", " ") for step in steps]


async def agreed(stay: Stay) -> None:
    """The first version, signed by all three; the mobility is live."""
    await stay.sending.done(SERVICE, f"{stay.mobility}/learning-agreement", {"components": FIRST})
    await stay.proposed("2020-01-18T14:51:21+02:00", "2020-01-19T12:43:15+02:00")
    await stay.approved("2020-01-22T11:12:08+02:00")
    await stay.sending.done(SERVICE, f"{stay.mobility}/beginning")


def transcript(*failed: str) -> dict[str, Any]:
    """The results in the three courses abroad: five credits each, a grade of the receiving scheme."""
    results = [
        {"key": one["key"], "passed": False, "grade": "F"} if one["key"] in failed else
        {"key": one["key"], "passed": True, "grade": "B", "credits": {"scheme": "ects", "value": "5.00"}}
        for one in (LOGICS, MINING, FUNCTIONAL)
    ]  # fmt: skip
    return {"issued_on": "2020-07-10", "grading_scheme": {"en": "A to F, passed from E"}, "results": results}


async def test_results_are_recognised_by_the_rate_that_the_programme_names(winter: tuple[World, Time]) -> None:
    """Transcript after departure, no open proposal, then two schemes in decimal; afterwards nothing changes."""
    stay = await approved_stay(*winter, conversion=CONVERSION)
    sending, receiving, path = stay.sending, stay.receiving, stay.mobility
    await agreed(stay)
    early = [await receiving.refused(SERVICE, f"{path}/transcript", transcript())]
    await receiving.done(SERVICE, f"{path}/arrival", {"on": "2020-02-24"})
    await receiving.done(SERVICE, f"{path}/departure", {"on": "2020-06-29"})
    early.append(await sending.refused(SERVICE, f"{path}/recognition"))

    by_sender = await sending.refused(SERVICE, f"{path}/transcript", transcript())
    await receiving.done(SERVICE, f"{path}/transcript", transcript())
    await receiving.done(SERVICE, f"{path}/transcript", transcript(LOGICS["key"]))  # corrected
    await stay.revised(**REPLACE_FUNCTIONAL)
    early.append(await sending.refused(SERVICE, f"{path}/recognition"))
    await sending.done(SERVICE, f"{stay.path}/withdrawal", {"reason_code": "superseded"})
    by_receiver = await receiving.refused(SERVICE, f"{path}/recognition")
    done = await sending.done(SERVICE, f"{path}/recognition")

    assert early == ["not-departed", "transcript-missing", "proposal-open"]
    assert (by_sender, by_receiver, done["status"]) == ("not-a-side", "not-a-side", "recognised")
    seen = await stay.document()
    assert [(one["key"], one["achieved"]["value"], one["counted"]) for one in seen["recognition"]["results"]] == [
        (one["key"], "5.00", {"scheme": "points", "value": "7.50"}) for one in (MINING, FUNCTIONAL)
    ]
    assert seen["recognition"]["credits"] == [{"scheme": "points", "value": "15.00"}]
    assert await sending.refused(SERVICE, f"{stay.path}/revisions", REPLACE_FUNCTIONAL) == "not-in-state"
    assert await receiving.refused(SERVICE, f"{path}/transcript", transcript()) == "not-in-state"
    await until(lambda: closed(stay), "nothing of it changes any more")
    world, _ = winter
    record = await sending.read(SERVICE, f"/participants/{stay.student.person_id}")
    assert [mail.subject.partition(":")[0] for mail in await world.mails(record, 8)][2:] == [
        "Please sign your learning agreement", "Your learning agreement is in force", "Your transcript",
        "Your transcript", "Please sign your learning agreement", "Your results are recognised",
    ]  # fmt: skip


async def closed(stay: Stay) -> bool:
    """Whether the learning agreement is closed."""
    return (await stay.document())["status"] == "closed"


async def test_courses_are_for_the_three_who_sign(winter: tuple[World, Time]) -> None:
    """Readers and operators of the same institutions see none, another student finds none, and no event has one."""
    world, _ = winter
    entente = world.entente
    stay = await approved_stay(*winter)
    await agreed(stay)
    organisation = stay.sending.organisation_id
    assert organisation is not None
    reader = await entente.person(organisation, Role.READER)
    another = await participant_with_account(stay.sending)
    stranger = await entente.person(await entente.organisation(), Role.MOBILITY_COORDINATOR)
    for who in (reader, stranger):
        await entente.knows(SERVICE, who)

    found = {
        name: (await who.get(SERVICE, stay.path)).status_code
        for name, who in {
            "student": stay.student, "sending": stay.sending, "receiving": stay.receiving, "reader": reader,
            "operator": entente.operator, "another student": another, "coordinator elsewhere": stranger,
        }.items()
    }  # fmt: skip
    signature = {"revision": (await stay.document())["versions"][0]["revision"]}
    await entente.published(SERVICE, f"{TOPIC}.approved.v1", stay.path.rpartition("/")[2])

    assert found == {
        "student": 200, "sending": 200, "receiving": 200, "reader": 403, "operator": 403, "another student": 404,
        "coordinator elsewhere": 404,
    }  # fmt: skip
    assert [len((await who.read(SERVICE, "/learning-agreements"))["items"]) for who in (stay.student, another)] == [
        1,
        0,
    ]
    assert await another.refused(SERVICE, f"{stay.path}/signatures", signature) == "not-found"
    assert await stay.sending.refused(SERVICE, f"{stay.path}/signatures", signature) == "not-allowed"
    assert [await world.on_topics(text) for text in (LOGICS["key"], LOGICS["title"]["en"], "18.00")] == [
        [],
        [],
        [TOPIC],
    ]


async def waiting(*people: Client) -> list[list[str]]:
    """What awaits each, of learning agreements."""
    found = [(await who.read(SERVICE, "/tasks"))["items"] for who in people]
    return [[task["what"] for task in tasks if task["aggregate"] == "learning_agreement"] for tasks in found]


async def test_tasks_go_from_one_to_the_next(winter: tuple[World, Time]) -> None:
    """The student, the sending side, the receiving side; after a comment the sending side again."""
    stay = await approved_stay(*winter)
    three = (stay.student, stay.sending, stay.receiving)
    await stay.sending.done(SERVICE, f"{stay.mobility}/learning-agreement", {"components": FIRST})
    named = await stay.open_revision()
    seen = [await waiting(*three)]
    for who, act in ((stay.student, "signatures"), (stay.sending, "proposals")):
        await who.done(SERVICE, f"{stay.path}/{act}", named)
        seen.append(await waiting(*three))
    await stay.commented("2020-01-16T13:12:28+02:00", "Please add a course of Polish.")
    seen.append(await waiting(*three))

    assert seen == [[["sign"], [], []], [[], ["propose"], []], [[], [], ["approve"]], [[], ["revise"], []]]


async def test_a_cancelled_mobility_closes_its_learning_agreement(winter: tuple[World, Time]) -> None:
    """Nobody can sign what nobody will study."""
    stay = await approved_stay(*winter)
    await stay.sending.done(SERVICE, f"{stay.mobility}/learning-agreement", {"components": FIRST})
    named = await stay.open_revision()

    await stay.sending.done(SERVICE, f"{stay.mobility}/cancellation", {"reason_code": "personal"})
    at_once = await stay.student.refused(SERVICE, f"{stay.path}/signatures", named)
    await until(lambda: closed(stay), "it is closed")

    assert (at_once, (await stay.document())["reason_code"]) == ("not-in-state", "mobility-cancelled")
    again = await stay.sending.refused(SERVICE, f"{stay.mobility}/learning-agreement", {"components": FIRST})
    assert again == "not-in-state"
