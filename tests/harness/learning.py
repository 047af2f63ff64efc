"""The example scenario of Erasmus Without Paper's learning agreements: its people, days and components.

https://github.com/erasmus-without-paper/ewp-specs-api-omobility-las, examples/example-scenario
"""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import asyncpg

from local.development.mailbox import Mailbox, accepting_mail
from services.exchanges.main import exchanges
from shared.service.serve import running
from tests.harness.installation import Client, Installation, installed
from tests.harness.participants import World, participant_with_account
from tests.harness.parts import Addresses
from tests.harness.story import OFFICER, condition_of, in_force

YEAR = "2019/2020"
CONVERSION = {"receiving_scheme": "ects", "sending_scheme": "points", "rate": "1.50", "step": "0.50"}
SERVICE = "exchanges"
TOPIC = "entente.exchanges.learning-agreement"


def course(title: str, table: str = "abroad", scheme: str = "ects") -> dict[str, Any]:
    """A component of the scenario, in the first of two terms. The scenario has no credits: each has six."""
    return {
        "key": "-".join(title.lower().split()), "table": table, "title": {"en": title},
        "term": {"number": 1, "total": 2}, "credits": [{"scheme": scheme, "value": "6.00"}],
    }  # fmt: skip


LOGICS = course("Advanced Logics for Computer Scientists")
BIG_DATA = course("Big data processing and cluster computing")
MINING = course("Big Data Mining and Processing")
FUNCTIONAL = course("Advanced Functional Programming")
ANALYSIS = course("Analiza matematyczna II", "home", "points")
DATABASES = course("Advanced Databases")
DISTRIBUTED = course("Distributed Systems")
CHOICE = course("Computational Social Choice Theory")
EXPERT = course("Artificial Intelligence and Expert Systems")
ASPECTS = {
    "key": "aspect-oriented-programming", "table": "virtual", "title": {"en": "Aspect oriented programming use cases"},
    "description": {"en": "Online course and online lectures. Students from different countries will present, discuss"
                    " and compare real-life use cases."},
}  # fmt: skip


def deleted(one: dict[str, Any], code: str) -> dict[str, Any]:
    """A change that deletes a component for one of the scenario's reasons."""
    return {"key": one["key"], "reason_code": code}


def inserted(one: dict[str, Any], code: str = "substituting-deleted") -> dict[str, Any]:
    """A change that inserts a component."""
    return {"component": one, "reason_code": code}


BEFORE = datetime.fromisoformat("2019-12-02T09:00:00+02:00")
"""Students are nominated."""


@dataclass
class Time:
    """What exchanges takes for now: a day of the scenario."""

    now: datetime = BEFORE

    def at(self, moment: str) -> None:
        """It is that moment now."""
        self.now = datetime.fromisoformat(moment)


@dataclass
class Stay:
    """One student's way abroad, and the three who sign."""

    time: Time
    student: Client
    sending: Client
    receiving: Client
    mobility: str
    """The path of the mobility."""

    @property
    def path(self) -> str:
        """The path of the learning agreement."""
        return self.mobility.replace("mobilities", "learning-agreements")

    async def document(self) -> dict[str, Any]:
        """The learning agreement, as the student reads it."""
        return await self.student.read(SERVICE, self.path)

    async def open_revision(self) -> dict[str, Any]:
        """What names the open proposal in a request."""
        return {"revision": (await self.document())["proposal"]["revision"]}

    async def proposed(self, student_at: str, sending_at: str) -> dict[str, Any]:
        """The student and then the sending side sign what is open, at these moments."""
        named = await self.open_revision()
        self.time.at(student_at)
        await self.student.done(SERVICE, f"{self.path}/signatures", named)
        self.time.at(sending_at)
        return await self.sending.done(SERVICE, f"{self.path}/proposals", named)

    async def commented(self, at: str, text: str) -> dict[str, Any]:
        """The receiving side comments on what is proposed."""
        self.time.at(at)
        said = {"reason_code": "changes-needed", "reason": {"en": text}}
        return await self.receiving.done(SERVICE, f"{self.path}/comments", await self.open_revision() | said)

    async def approved(self, at: str) -> dict[str, Any]:
        """The receiving side approves what is proposed."""
        named = await self.open_revision()
        self.time.at(at)
        return await self.receiving.done(SERVICE, f"{self.path}/approvals", named)

    async def revised(self, **said: Any) -> dict[str, Any]:
        """The sending side drafts another proposal."""
        return await self.sending.done(SERVICE, f"{self.path}/revisions", said)


@asynccontextmanager
async def in_the_scenarios_time(addresses: Addresses, folder: Path) -> AsyncGenerator[tuple[World, Time]]:
    """Partners as it is, and exchanges in the winter of the scenario, which sends mail to a mailbox in `folder`."""
    time, mailbox = Time(), Mailbox(folder)
    async with (
        accepting_mail(mailbox, port=0) as port,
        installed(addresses, only=["partners"], smtp=f"127.0.0.1:{port}") as entente,
        _installed_before(entente),
        running(exchanges(entente.settings[SERVICE]), clock=lambda: time.now) as made,
    ):
        entente.services[SERVICE] = made
        yield World(entente, mailbox), time


@asynccontextmanager
async def _installed_before(entente: Installation) -> AsyncGenerator[None]:
    """Exchanges was installed before the scenario: what happens in it is news to its policies."""
    database = entente.settings[SERVICE].database.rpartition("/")[2]
    db = await asyncpg.connect(f"{entente.addresses.postgres.rpartition('/')[0]}/{database}")
    try:
        await db.execute("update exchanges.installation set since = $1", BEFORE - timedelta(days=1))
    finally:
        await db.close()
    yield


async def approved_stay(world: World, time: Time, **condition: Any) -> Stay:
    """A student whose nomination is approved, in a programme with these changes to its condition; it is December."""
    time.now, entente = BEFORE, world.entente
    people = [await entente.person(await entente.organisation(name), *OFFICER) for name in ("Sending", "Receiving")]
    for person in people:
        await entente.knows(SERVICE, person)
    sending, receiving = people
    agreement = await in_force(entente, sending, receiving)
    student = await participant_with_account(sending)
    years: dict[str, Any] = {"first_year": YEAR, "last_year": YEAR}
    programme = await sending.done(SERVICE, "/programmes", {
        "agreement_id": agreement["id"], "academic_year": YEAR, "time_zone": "Europe/Warsaw",
        "condition": condition_of(sending, receiving, **years | condition),
    })  # fmt: skip
    await receiving.done(SERVICE, f"/programmes/{programme['id']}/agreements")
    call = await sending.done(SERVICE, f"/programmes/{programme['id']}/calls", {
        "places": 1, "time_zone": "Europe/Warsaw", "opens_on": "2019-12-01", "closes_on": "2019-12-20",
    })  # fmt: skip
    mobility = await sending.done(SERVICE, f"/calls/{call['id']}/mobilities", {
        "participant_id": str(student.person_id), "planned": {"arrival": "2020-02-24", "departure": "2020-06-30"},
    })  # fmt: skip
    await receiving.done(SERVICE, f"/mobilities/{mobility['id']}/approvals")
    return Stay(time, student, sending, receiving, f"/mobilities/{UUID(mobility['id'])}")
