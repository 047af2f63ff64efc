"""Delivered beside promised: each event counts once, and each number is the count of its items."""

import json
import random
from collections import Counter
from collections.abc import AsyncGenerator, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

import pytest

from services.partners.adapters.delivery import (
    Delivery,
    DeliveryOfAgreement,
    DeliveryOfInitiative,
    InitiativeDelivery,
    delivery,
    initiative_delivery,
)
from services.partners.adapters.delivery_items import MOST, ItemsOfDelivery, delivery_items, results
from services.partners.domain.delivery import COUNTED, Counted, Item
from shared.contracts.activity import ActivityHeld, ActivityPlanned
from shared.contracts.event import Envelope
from shared.contracts.examples import example
from shared.contracts.initiative import InitiativeDeliverableAccepted, InitiativeOutputRecorded
from shared.contracts.mobility import MobilityApproved
from shared.contracts.programme import ProgrammeOpened
from shared.database.pool import open_pool
from shared.domain.actor import Actor, Role
from shared.domain.refused import Invalid, NotFound
from shared.messaging.outbox import Pool
from tests.harness.installation import copy_database
from tests.harness.parts import PASSWORD, Addresses

OURS, THEIRS, ELSEWHERE = uuid4(), uuid4(), uuid4()
NOON = datetime(2027, 1, 15, 12, tzinfo=UTC)
SAVE = "insert into {} (id, version, sequence, body, updated) values ($1, 1, 1, $2, now())"
OUTPUT = {"kind": "publication", "scheme": "doi", "value": "10.1000/182"}


def reader(organisation: UUID, *roles: Role) -> Actor:
    """A person of an organisation."""
    return Actor(uuid4(), organisation, frozenset(roles))


@dataclass
class Agreement:
    """An agreement between OURS and THEIRS, and events about it."""

    pool: Pool
    targets: Sequence[dict[str, Any]] = ()
    id: UUID = field(default_factory=uuid4)

    async def save(self) -> None:
        """Stores its document in the database."""
        body = {
            "sides": [OURS, THEIRS], "areas": ["talent", "health"], "time_zone": "Asia/Shanghai",
            "targets": self.targets, "status": "in-force", "starts_on": "2026-01-01",
        }  # fmt: skip
        await self.pool.execute(SAVE.format("agreement"), self.id, json.dumps(body, default=str))

    async def initiative(self, *deliverables: dict[str, Any]) -> UUID:
        """An initiative under it."""
        body = {
            "sides": [OURS], "agreement_id": self.id, "area": "health", "status": "active", "kind": "joint-project",
            "overdue": False, "deliverables": deliverables,
        }  # fmt: skip
        id = uuid4()
        await self.pool.execute(SAVE.format("initiative"), id, json.dumps(body, default=str))
        return id

    def said(self, kind: type[Any], at: datetime = NOON, area: str = "talent", **more: Any) -> Counted:
        """An event under it."""
        subject = more.pop("subject", uuid4())
        body = example(kind) | {"agreement_id": str(self.id), "area": area} | more
        envelope = Envelope(uuid4(), kind.type, str(subject), 1, at, "/tests")
        return kind.model_validate(body).within(envelope)

    async def hear(self, events: Iterable[Counted]) -> None:
        """Runs the projections of partners, each with the events of its topic in one list."""
        listed = list(events)
        async with self.pool.acquire() as db, db.transaction():
            for row in results:
                if mine := [event for event in listed if type(event) in row.takes]:
                    await row.run(mine, db)

    async def delivery(self, actor: Actor | None = None, **asked: Any) -> Delivery:
        """The numbers, as a reader of OURS sees them."""
        async with self.pool.acquire() as db:
            return await delivery(DeliveryOfAgreement(agreement_id=self.id, **asked), actor or reader(OURS), db)

    async def items(self, actor: Actor | None = None, **asked: Any) -> list[Item]:
        """The items of all pages."""
        found: list[Item] = []
        cursor: UUID | None = None
        while True:
            ask = ItemsOfDelivery(agreement_id=self.id, cursor=cursor, **asked)
            async with self.pool.acquire() as db:
                page = await delivery_items(ask, actor or reader(OURS), db)
            found += page.items
            if (cursor := page.next) is None:
                return found
            assert len(page.items) == MOST


@pytest.fixture(scope="module")
async def pool(addresses: Addresses) -> AsyncGenerator[Pool]:
    """The service's own role on a database that no service runs on."""
    database = await copy_database(addresses)
    url = f"postgresql://partners_service:{PASSWORD}@{addresses.postgres_address}/{database}"
    async with await open_pool(url, application="tests") as pool:
        yield pool


@pytest.fixture
async def agreement(pool: Pool) -> Agreement:
    """An agreement without targets."""
    agreement = Agreement(pool)
    await agreement.save()
    return agreement


async def of_initiative(pool: Pool, id: UUID, actor: Actor | None = None) -> InitiativeDelivery:
    """The delivery of an initiative, as a reader of OURS sees it."""
    async with pool.acquire() as db:
        return await initiative_delivery(DeliveryOfInitiative(initiative_id=id), actor or reader(OURS), db)


async def test_a_redelivered_event_counts_once(agreement: Agreement) -> None:
    """Redelivered in the same list, in a later one or alone, each event has one row."""
    events = [agreement.said(kind) for kind in COUNTED]

    await agreement.hear([*events, *events])
    await agreement.hear(events)
    for event in reversed(events):
        await agreement.hear([event])

    counted = await agreement.delivery()
    assert set(counted.areas["talent"].values()) == {1}
    assert len(counted.areas["talent"]) == len(events)
    assert {item.event_id for item in await agreement.items()} == {event.envelope.id for event in events}


@pytest.mark.parametrize("seed", range(3))
async def test_the_items_add_up_to_the_numbers(agreement: Agreement, seed: int) -> None:
    """This holds for every area, academic year and initiative, over several pages."""
    chance = random.Random(seed)
    days = [NOON.replace(year=year, month=month) for year in (2026, 2027, 2028) for month in (7, 8)]
    projects = [str(uuid4()), str(uuid4())]
    events = [
        agreement.said(
            chance.choice(list(COUNTED)), chance.choice(days), chance.choice(["talent", "health"]),
            initiative_id=chance.choice(projects),
        )
        for _ in range(250)
    ]  # fmt: skip
    await agreement.hear(events)
    counted = await agreement.delivery()

    assert {item.event_id for item in await agreement.items()} == {event.envelope.id for event in events}
    assert sum(counted.intentions.values()) + sum(counted.results.values()) == len(events)
    groups: dict[str, dict[Any, Any]] = {
        "area": counted.areas, "academic_year": counted.years, "initiative_id": counted.initiatives,
    }  # fmt: skip
    for name, group in groups.items():
        for value, numbers in group.items():
            asked: dict[str, Any] = {name: value}
            assert Counter(item.fact for item in await agreement.items(**asked)) == Counter(numbers)
    for fact, number in (counted.intentions | counted.results).items():
        assert len(await agreement.items(fact=fact)) == number


async def test_numbers_are_filtered_by_area_and_year(agreement: Agreement) -> None:
    """An area that has delivered nothing is listed too if it is requested."""
    summer, autumn = NOON.replace(month=7), NOON.replace(month=9)
    await agreement.hear([agreement.said(ProgrammeOpened, at) for at in (summer, summer, autumn)])
    await agreement.hear([agreement.said(ProgrammeOpened, summer, "health")])

    of_year = await agreement.delivery(academic_year="2026/2027", area="talent")

    assert of_year.areas == {"talent": {"programmes-opened": 2}}
    assert of_year.years == {"2026/2027": {"programmes-opened": 2}}
    assert (await agreement.delivery(area="culture")).areas == {}
    assert (await agreement.delivery(academic_year="2030/2031")).areas == {"talent": {}, "health": {}}


async def test_a_target_counts_what_was_delivered_by_its_day(pool: Pool) -> None:
    """The day ends in the agreement's zone; what came later, or in another area, was not delivered by it."""
    target = {"area": "talent", "fact": "mobilities-approved", "number": 3, "due_on": "2026-07-31"}
    later = target | {"number": 9, "due_on": "2199-12-31"}
    agreement = Agreement(pool, [later, target])
    await agreement.save()
    before, after = datetime(2026, 7, 31, 15, 59, tzinfo=UTC), datetime(2026, 7, 31, 16, tzinfo=UTC)
    await agreement.hear([agreement.said(MobilityApproved, at) for at in (before, before, after)])
    await agreement.hear([agreement.said(MobilityApproved, before, "health"), agreement.said(ProgrammeOpened, before)])

    kept = [(t.promised, t.delivered, t.over) for t in (await agreement.delivery()).targets]
    of_year = [t.promised for t in (await agreement.delivery(academic_year="2025/2026")).targets]

    assert kept == [(3, 2, True), (9, 3, False)]
    assert of_year == [3]
    assert (await agreement.delivery(area="health")).targets == []


async def test_an_initiative_has_what_came_from_it(agreement: Agreement) -> None:
    """Its outputs, its programme, and the mobility of that programme, which was heard first; nothing of others."""
    promise = {
        "number": 1, "title": {"en": "Plan", "zh": None}, "owner": OURS, "due_on": "2026-06-30", "status": "accepted",
        "time_zone": "Europe/London", "overdue": False,
    }  # fmt: skip
    initiative = await agreement.initiative(promise, promise | {"number": 2, "status": "reported"})
    programme = uuid4()
    await agreement.hear(
        [agreement.said(MobilityApproved, programme_id=str(programme)), agreement.said(MobilityApproved)]
    )
    own: dict[str, Any] = {"initiative_id": str(initiative), "area": "health"}
    await agreement.hear([
        agreement.said(ProgrammeOpened, subject=programme, initiative_id=str(initiative)),
        agreement.said(InitiativeDeliverableAccepted, **own),
        agreement.said(InitiativeOutputRecorded, **own, output=OUTPUT | {"on": "2026-03-31"}),
    ])  # fmt: skip

    found = await of_initiative(agreement.pool, initiative)

    assert found.intentions == {"programmes-opened": 1, "mobilities-approved": 1}
    assert found.results == {"deliverables-accepted": 1, "outputs-recorded": 1}
    assert found.years["2025/2026"] == {"outputs-recorded": 1}
    assert [(each.number, each.delivered, each.over) for each in found.deliverables] == [
        (1, True, True), (2, False, True),
    ]  # fmt: skip
    assert (await agreement.delivery()).initiatives == {initiative: found.intentions | found.results}
    assert len(await agreement.items(initiative_id=initiative)) == 4


async def test_the_attendance_of_held_activities_is_added_up(agreement: Agreement) -> None:
    """By academic year; each activity's own attendance is with its item. One that is only planned has none."""
    summer, autumn = NOON.replace(month=7), NOON.replace(month=9)
    await agreement.hear([
        agreement.said(ActivityHeld, summer, attended=135), agreement.said(ActivityHeld, summer, attended=820),
        agreement.said(ActivityHeld, autumn, attended=7), agreement.said(ActivityPlanned, autumn),
    ])  # fmt: skip

    found = await agreement.delivery()
    items = await agreement.items()

    assert found.attendance == {"2026/2027": 955, "2027/2028": 7}
    assert (found.results, found.intentions) == ({"activities-held": 3}, {"activities-planned": 1})
    assert sorted(item.attended for item in items if item.attended is not None) == [7, 135, 820]
    assert (await agreement.delivery(academic_year="2027/2028")).attendance == {"2027/2028": 7}


async def test_only_sides_and_operators_see_a_delivery(agreement: Agreement) -> None:
    """For others the agreement and the initiative are not found."""
    initiative = await agreement.initiative()
    stranger, operator = reader(ELSEWHERE), reader(ELSEWHERE, Role.OPERATOR)

    for read in (agreement.delivery, agreement.items):
        with pytest.raises(NotFound):
            await read(stranger)
        await read(operator)
        await read(reader(THEIRS))
    for actor in (stranger, reader(THEIRS)):
        with pytest.raises(NotFound):
            await of_initiative(agreement.pool, initiative, actor)
    assert (await of_initiative(agreement.pool, initiative, operator)).deliverables == []


async def test_a_cursor_belongs_to_its_agreement(agreement: Agreement) -> None:
    """A cursor that no page gave is refused, even if it is an item of another agreement."""
    other = Agreement(agreement.pool)
    await other.save()
    event = other.said(ProgrammeOpened)
    await other.hear([event])
    ask = ItemsOfDelivery(agreement_id=agreement.id, cursor=event.envelope.id)

    async with agreement.pool.acquire() as db:
        with pytest.raises(Invalid):
            await delivery_items(ask, reader(OURS), db)
