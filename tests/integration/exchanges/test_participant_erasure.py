"""After an erasure the name of a participant stands nowhere: in no table, on no topic, in no log."""

import io
import uuid
from collections.abc import AsyncGenerator, Awaitable, Callable
from dataclasses import dataclass
from typing import Any

import pytest

from services.exchanges.domain.participant_details import Details
from shared.telemetry.logs import configure_logs
from tests.harness.activities import Sides, sides_of
from tests.harness.installation import Client, until
from tests.harness.participants import World, details, with_mailbox
from tests.harness.parts import Addresses

FAMILY, GIVEN, CHINESE = "Quillfeather", "Isolde", "欧阳鸿渐"
OVER = "update timer set due = now() where kind = 'retention' and aggregate_id = $1"


@pytest.fixture(scope="module")
async def world(addresses: Addresses, tmp_path_factory: pytest.TempPathFactory) -> AsyncGenerator[World]:
    """All services and a mailbox."""
    async with with_mailbox(addresses, tmp_path_factory.mktemp("mails")) as world:
        yield world


@pytest.fixture
def lines() -> io.StringIO:
    """The log lines of all services during a test."""
    stream = io.StringIO()
    configure_logs("exchanges", "info", json=True, stream=stream)
    return stream


@dataclass
class Student:
    """A participant with all that can be recorded of one."""

    record: dict[str, Any]
    themselves: Client
    ours: Client
    in_directory: Client
    marks: list[str]

    @property
    def id(self) -> str:
        """The opaque id."""
        return self.record["id"]


async def student_of(world: World) -> Student:
    """Registered twice by the same key, nominated and approved, with a certificate, an account, a link and mails."""
    sides = await sides_of(world.entente)
    ours, theirs = sides.theirs, sides.ours
    assert ours.organisation_id
    in_directory = await world.entente.person(ours.organisation_id, name="Somebody Else")
    unique = uuid.uuid4().hex[:8]
    name = {"latin": {"family": f"{FAMILY}{unique}", "given": f"{GIVEN}{unique}"},
            "chinese": {"family": f"{CHINESE}{unique}"}}  # fmt: skip
    email, subject = f"student-{unique}@example.org", f"account-{unique}"
    asked = details(ours, name=name, email=email, person_id=str(in_directory.person_id))
    record, _ = [await ours.done("exchanges", "/participants", asked, Idempotency_Key=unique) for _ in range(2)]
    one = f"/participants/{record['id']}"
    await ours.done("exchanges", f"{one}/corrections", {name: asked[name] for name in Details.model_fields},
                    Idempotency_Key=f"{unique}-corrected")  # fmt: skip
    account = {"issuer": "https://students.example.org", "subject": subject}
    await ours.done("exchanges", f"{one}/account", {"account": account}, Idempotency_Key=f"{unique}-account")
    path = await world.nominated(ours, theirs, record)
    await theirs.done("exchanges", f"{path}/approvals")
    await certified(sides, record)
    await world.mails(record, 5)
    themselves = await world.signed_in(record, ours)
    await world.code(record, ours)
    marks = [f"{FAMILY}{unique}", f"{GIVEN}{unique}", f"{CHINESE}{unique}", email, subject]
    return Student(record, themselves, ours, in_directory, marks)


async def certified(sides: Sides, participant: dict[str, Any]) -> None:
    """The participant is enrolled in a cohort, attends it and gets a certificate."""
    path = await sides.agreed(sides.plan("training-cohort", "session", capacity=2, attendance_needed=100))
    await sides.enrol(path, participant["id"])
    await sides.ours.done("exchanges", f"{path}/participants/{participant['id']}/admission")
    await sides.begun(path)
    for number in (1, 2):
        await sides.school.done("exchanges", f"{path}/items/{number}/attendance", {"present": [participant["id"]]})
    await sides.ours.done("exchanges", f"{path}/holding")
    await sides.ours.done("exchanges", f"{path}/certificates")
    assert (await sides.ours.get("exchanges", f"{path}/certificates/1")).content


async def by_the_coordinator(world: World, student: Student) -> None:
    """The home institution's coordinator erases."""
    await student.ours.done("exchanges", f"/participants/{student.id}/erasure", Idempotency_Key=str(uuid.uuid4()))


async def by_themselves(world: World, student: Student) -> None:
    """The participant erases."""
    await student.themselves.done("exchanges", f"/participants/{student.id}/erasure")


async def by_the_retention(world: World, student: Student) -> None:
    """The last day is over."""
    await world.entente.services["exchanges"].pool.execute(OVER, uuid.UUID(student.id))


async def by_the_directory(world: World, student: Student) -> None:
    """The same person is erased from the directory."""
    await world.entente.operator.done("partners", f"/people/{student.in_directory.person_id}/erasure")


WAYS = [by_the_coordinator, by_themselves, by_the_retention, by_the_directory]


@pytest.mark.parametrize("erase", WAYS, ids=lambda way: way.__name__)
async def test_nothing_of_an_erased_participant_is_kept_anywhere(
    world: World, lines: io.StringIO, erase: Callable[[World, Student], Awaitable[None]]
) -> None:
    """What identifies them stands in their record and their account, then nowhere; the nomination goes on."""
    student = await student_of(world)
    before = [set(await world.where(mark)) for mark in student.marks]
    await erase(world, student)
    await until(lambda: erased(student), "the record is erased")

    after = [await world.where(mark) + await world.on_topics(mark) for mark in student.marks]

    record, account = "exchanges.participant", "exchanges.participant_account"
    assert before == [{record}, {record}, {record}, {record}, {record, account}]
    assert after == [[]] * 5
    assert [mark for mark in student.marks if mark in lines.getvalue()] == []
    assert "entente.exchanges.participant" in await world.on_topics(student.id)
    assert {"exchanges.mobility", "exchanges.activity"} <= set(await world.where(student.id))
    assert len(lines.getvalue().splitlines()) > 20


async def erased(student: Student) -> bool:
    """Whether the home institution finds the record without a name."""
    found = await student.ours.read("exchanges", f"/participants/{student.id}")
    return (found["status"], found["name"], found["email"]) == ("erased", None, None)
