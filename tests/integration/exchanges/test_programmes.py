"""Programmes open by themselves from an agreement's conditions, follow its amendments, and end with it."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID, uuid4

import pytest

from services.exchanges.app.approve_mobility import ApproveMobility, approve_mobility
from services.exchanges.app.close_due_call import close_due_call
from services.exchanges.app.close_programmes_of_ended_agreement import close_programmes_of_ended_agreement
from services.exchanges.app.end_calls_of_closed_programme import end_calls_of_closed_programme
from services.exchanges.app.nominate import Nominate, nominate
from services.exchanges.app.open_call import OpenCall, open_call
from services.exchanges.app.open_programmes_of_agreement import open_programmes_of_agreement
from services.exchanges.app.work import Work
from services.exchanges.main import exchanges
from shared.contracts.agreement import AgreementAmended, AgreementEnded, AgreementInForce, AgreementRenewed
from shared.contracts.condition import Condition
from shared.contracts.event import Event
from shared.contracts.examples import example
from shared.contracts.programme import ProgrammeClosed
from shared.database.pool import open_pool
from shared.domain.actor import Actor
from shared.domain.command import Due
from shared.messaging.outbox import Pool
from shared.service.settings import Settings
from tests.harness.installation import copy_database
from tests.harness.parts import PASSWORD, Addresses
from tests.unit.exchanges.scene import AGREEMENT, ANNE, BIRMINGHAM, LI, NANJING, STAY, condition

IN_FORCE = "insert into agreement_copy values ($1, null, 'in-force', '{talent}', $2, '{}')"
POLICY, TIMER = Actor.service("event"), Actor.service("timer deadline")
AUTUMN = datetime(2026, 9, 10, 12, tzinfo=UTC)
"""In 2026/2027, and before the end of the January before 2027/2028."""


class Service:
    """Exchanges on a database of its own, with a clock that is moved."""

    def __init__(self, pool: Pool) -> None:
        self.pool, self.now = pool, AUTUMN

    @asynccontextmanager
    async def work(self, actor: Actor) -> AsyncGenerator[Work]:
        """A unit of work in its own transaction, saved at the end of the block."""
        service = exchanges(Settings(development=True))
        async with self.pool.acquire() as db, db.transaction():
            work = Work(db, now=self.now, actor=actor, use_case="test", ports=dict(service.ports))
            yield work
            await work.save()

    async def hears(self, event: type[Event], *conditions: Condition, **said: Any) -> None:
        """The policy that opens programmes takes the event."""
        body = example(event) | {
            "agreement_id": str(AGREEMENT), "status": "in-force", "time_zone": "Asia/Shanghai", "ends_on": None,
            "conditions": [one.model_dump(mode="json") for one in conditions],
        }  # fmt: skip
        async with self.work(POLICY) as work:
            await open_programmes_of_agreement(event.model_validate(body | said), work)  # pyright: ignore[reportArgumentType]

    async def programmes(self) -> list[tuple[str, str, int, str]]:
        """Each with its condition, year, number of people and status."""
        rows = await self.pool.fetch("""
            select body->'condition'->>'code', body->>'academic_year',
                (body->'condition'->>'mobilities_per_year')::int, body->>'status'
            from programme order by 1, 2, 4 desc""")
        return [tuple(row) for row in rows]

    async def told(self) -> list[str]:
        """The types of the events that wait for Kafka, in order."""
        return [row[0] for row in await self.pool.fetch("select type from outbox order by id")]

    async def standing(self) -> dict[UUID, tuple[str, str | None]]:
        """Each mobility with its status and why."""
        rows = await self.pool.fetch("select id, body->>'status', body->>'reason_code' from mobility")
        return {row[0]: (row[1], row[2]) for row in rows}


@pytest.fixture
async def service(addresses: Addresses) -> AsyncGenerator[Service]:
    """Exchanges, which knows an agreement in force."""
    url = f"postgresql://exchanges_service:{PASSWORD}@{addresses.postgres_address}/{await copy_database(addresses)}"
    async with await open_pool(url, application="tests") as pool:
        await pool.execute(IN_FORCE, AGREEMENT, [BIRMINGHAM, NANJING])
        yield Service(pool)


async def test_a_programme_opens_for_each_condition_and_year(service: Service) -> None:
    """From the year that runs to the last; two conditions in one direction stay apart; twice changes nothing."""
    conditions = condition(first_year="2025/2026"), condition(code="doctoral", eqf_levels=[8], last_year="2026/2027")

    for _ in range(2):
        await service.hears(AgreementInForce, *conditions)

    assert await service.programmes() == [
        ("doctoral", "2026/2027", 2, "open"),
        *(("undergraduates-to-nanjing", year, 2, "open") for year in ("2026/2027", "2027/2028", "2028/2029")),
    ]
    assert await service.told() == ["entente.exchanges.programme.opened.v1"] * 4


async def test_the_end_of_the_agreement_bounds_its_years_and_a_renewal_moves_it(service: Service) -> None:
    """No programme of a year that begins after the last day; a renewal opens the rest."""
    await service.hears(AgreementInForce, condition(), ends_on="2027-07-31")
    before = await service.programmes()
    await service.hears(AgreementRenewed, condition(), ends_on="2028-08-01")

    assert [year for _, year, _, _ in before] == ["2026/2027"]
    assert [year for _, year, _, _ in await service.programmes()] == ["2026/2027", "2027/2028", "2028/2029"]


async def test_an_amendment_changes_later_years_only(service: Service) -> None:
    """The year that runs keeps its places. From February on, the next one does as well."""
    await service.hears(AgreementInForce, condition())
    await service.hears(AgreementAmended, condition(mobilities_per_year=5))
    in_time = await service.programmes()
    service.now = datetime(2027, 2, 1, tzinfo=UTC)
    await service.hears(AgreementAmended, condition(mobilities_per_year=7))

    assert [number for _, _, number, _ in in_time] == [2, 5, 5]
    assert [number for _, _, number, _ in await service.programmes()] == [2, 5, 7]


async def test_a_condition_that_is_taken_out_closes_later_years_and_may_come_again(service: Service) -> None:
    """What was closed so stays closed; the condition opens new programmes when it comes back."""
    await service.hears(AgreementInForce, condition())
    await service.hears(AgreementAmended)
    without = await service.programmes()
    await service.hears(AgreementAmended, condition())

    assert [(year, status) for _, year, _, status in without] == [
        ("2026/2027", "open"), ("2027/2028", "closed"), ("2028/2029", "closed"),
    ]  # fmt: skip
    assert [(year, status) for _, year, _, status in await service.programmes()] == [
        ("2026/2027", "open"), ("2027/2028", "open"), ("2027/2028", "closed"), ("2028/2029", "open"),
        ("2028/2029", "closed"),
    ]  # fmt: skip


async def test_a_suspended_agreement_opens_nothing(service: Service) -> None:
    """Not even when it is amended meanwhile."""
    await service.hears(AgreementAmended, condition(), status="suspended")

    assert await service.programmes() == []


async def test_after_the_agreements_end_nominations_lapse_with_the_calls_last_day(service: Service) -> None:
    """Until then they can be decided; what is approved goes on; a call that has not begun closes at once."""
    await service.hears(AgreementInForce, condition(mobilities_per_year=5))
    running, later = await _call(service, 2, date(2026, 9, 1)), await _call(service, 2, date(2026, 9, 20))
    approved, pending, waiting = [await _nominated(service, running) for _ in range(3)]
    async with service.work(LI) as work:
        await approve_mobility(ApproveMobility(mobility_id=approved), LI, work)

    await _agreement_ends(service)
    at_once = await service.standing(), await _calls(service)
    service.now = datetime(2026, 9, 30, 16, tzinfo=UTC)
    async with service.work(TIMER) as work:
        await close_due_call(Due(aggregate_id=running, kind="deadline", at=service.now), TIMER, work)

    assert {id: status for id, (status, _) in at_once[0].items()} == {
        approved: "approved", pending: "pending", waiting: "waiting",
    }  # fmt: skip
    assert at_once[1] == {running: "open", later: "closed"}
    assert await service.standing() == {
        approved: ("approved", None),
        pending: ("cancelled", "programme-closed"),
        waiting: ("cancelled", "programme-closed"),
    }


async def _call(service: Service, places: int, opens_on: date) -> UUID:
    programme_id = await service.pool.fetchval("select id from programme where body->>'academic_year' = '2026/2027'")
    async with service.work(ANNE) as work:
        return (await open_call(OpenCall(
            programme_id=programme_id, places=places, opens_on=opens_on, closes_on=date(2026, 9, 30),
            time_zone="Asia/Shanghai",
        ), ANNE, work)).id  # fmt: skip


async def _nominated(service: Service, call_id: UUID) -> UUID:
    async with service.work(ANNE) as work:
        return (await nominate(Nominate(call_id=call_id, participant_id=uuid4(), planned=STAY), ANNE, work)).id


async def _calls(service: Service) -> dict[UUID, str]:
    return {row[0]: row[1] for row in await service.pool.fetch("select id, body->>'status' from call")}


async def _agreement_ends(service: Service) -> None:
    ended = AgreementEnded.model_validate(example(AgreementEnded) | {"agreement_id": str(AGREEMENT)})
    async with service.work(POLICY) as work:
        await close_programmes_of_ended_agreement(ended, work)
    for row in await service.pool.fetch("select id from programme where body->>'status' = 'closed'"):
        closed = ProgrammeClosed.model_validate(example(ProgrammeClosed) | {"programme_id": str(row[0])})
        async with service.work(POLICY) as work:
            await end_calls_of_closed_programme(closed, work)
