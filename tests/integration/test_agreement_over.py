"""Nothing that starts under an agreement stays open after its end, whichever event a service reads first."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, ClassVar
from uuid import UUID

import pytest

from services.commercialisation.app.close_offers_and_needs_of_ended_agreement import (
    close_offers_and_needs_of_ended_agreement,
)
from services.commercialisation.app.publish_need import PublishNeed, publish_need
from services.commercialisation.app.publish_offer import PublishOffer, publish_offer
from services.commercialisation.main import commercialisation
from services.exchanges.app.close_programmes_of_ended_agreement import close_programmes_of_ended_agreement
from services.exchanges.app.propose_programme import ProposeProgramme, propose_programme
from services.exchanges.main import exchanges
from shared.agreements.agreement import AgreementNotInForce
from shared.contracts.agreement import AgreementEnded
from shared.contracts.examples import example
from shared.database.pool import open_pool
from shared.domain.actor import Actor
from shared.domain.aggregate import Aggregate
from shared.domain.command import Command
from shared.messaging.outbox import Pool
from shared.service.rows import Service
from shared.service.settings import Settings
from tests.harness.installation import copy_database, until
from tests.harness.parts import PASSWORD, Addresses
from tests.unit.commercialisation import scene as technology
from tests.unit.exchanges import scene as mobility

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
AGREEMENT = UUID(int=99)
PARTIES = [technology.BIRMINGHAM, technology.NANJING]
ORGANISATIONS = """insert into directory_organisation (id, kind, name_en, country)
    select unnest($1::uuid[]), 'university', 'A university', 'GB'"""
IN_FORCE = "insert into agreement_copy values ($1, null, 'in-force', '{talent,commercialisation}', $2, '{}')"
WAITING = """select exists (select from pg_locks where locktype = 'advisory' and not granted
    and database = (select oid from pg_database where datname = current_database()))"""


@dataclass(frozen=True)
class Begins:
    """A use case that begins something under an agreement, the policy that ends it, and how it stands then."""

    service: Callable[[Settings], Service]
    use_case: Callable[[Any, Actor, Any], Awaitable[Aggregate]]
    ask: Command
    actor: Actor
    policy: Callable[[AgreementEnded, Any], Awaitable[None]]
    ends: str = "closed"

    ended: ClassVar = AgreementEnded.model_validate(example(AgreementEnded) | {"agreement_id": str(AGREEMENT)})


def asked(command: type[Command], of: Aggregate) -> Command:
    """The command that creates an aggregate like this one."""
    return command.model_validate({name: getattr(of, name) for name in command.model_fields})


PROPOSAL = ProposeProgramme(
    agreement_id=AGREEMENT, condition=mobility.wanted(), academic_year=mobility.YEAR, time_zone="UTC"
)
BEGINS = [
    Begins(
        exchanges, propose_programme, PROPOSAL, mobility.ANNE, close_programmes_of_ended_agreement, "withdrawn",
    ),
    Begins(
        commercialisation, publish_offer, asked(PublishOffer, technology.offer()), technology.ANNE,
        close_offers_and_needs_of_ended_agreement,
    ),
    Begins(
        commercialisation, publish_need, asked(PublishNeed, technology.need()), technology.LI,
        close_offers_and_needs_of_ended_agreement,
    ),
]  # fmt: skip


@dataclass
class Known:
    """A service whose copy of the agreement says that it is in force and is no longer updated."""

    pool: Pool
    what: Begins

    @asynccontextmanager
    async def work(self, actor: Actor) -> AsyncGenerator[Any]:
        """A unit of work in its own transaction, saved at the end of the block."""
        service = self.what.service(Settings(development=True))
        async with self.pool.acquire() as db, db.transaction():
            work = service.work(db, now=NOW, actor=actor, use_case="test", ports=dict(service.ports))
            yield work
            await work.save()

    async def begin(self) -> Aggregate:
        """Starts something under the agreement."""
        async with self.work(self.what.actor) as work:
            return await self.what.use_case(self.what.ask, self.what.actor, work)

    async def end(self) -> None:
        """Runs the policy with the event that ends the agreement."""
        async with self.work(Actor.service("test")) as work:
            await self.what.policy(self.what.ended, work)

    async def statuses(self, table: str) -> list[str]:
        """The statuses of the aggregates in this table."""
        return [row[0] for row in await self.pool.fetch(f"select body->>'status' from {table}")]


@pytest.fixture(params=BEGINS, ids=lambda what: what.use_case.__name__)
async def known(request: pytest.FixtureRequest, addresses: Addresses) -> AsyncGenerator[Known]:
    """The service on a separate database."""
    what: Begins = request.param
    database, name = await copy_database(addresses), what.service.__name__
    url = f"postgresql://{name}_service:{PASSWORD}@{addresses.postgres_address}/{database}"
    async with await open_pool(url, application="tests") as pool:
        await pool.execute(ORGANISATIONS, PARTIES)
        await pool.execute(IN_FORCE, AGREEMENT, PARTIES)
        yield Known(pool, what)


async def test_nothing_can_start_once_the_policy_has_handled_the_end(known: Known) -> None:
    """New work is refused even if the copy still says that the agreement is in force."""
    await known.end()

    with pytest.raises(AgreementNotInForce, match="over"):
        await known.begin()


async def test_work_that_starts_during_the_end_is_closed(known: Known) -> None:
    """The policy waits for a use case that has not committed yet, and closes what it created."""
    async with known.work(known.what.actor) as work:
        made = await known.what.use_case(known.what.ask, known.what.actor, work)
        ending = asyncio.ensure_future(known.end())
        await until(lambda: known.pool.fetchval(WAITING), "the policy waits")
    await ending

    assert await known.statuses(made.noun()) == [known.what.ends]


async def test_work_requested_during_the_end_is_refused(known: Known) -> None:
    """A use case waits for the policy that is ending the agreement, and is then refused."""
    async with known.work(Actor.service("test")) as work:
        await known.what.policy(known.what.ended, work)
        beginning = asyncio.ensure_future(known.begin())
        await until(lambda: known.pool.fetchval(WAITING), "the use case waits")

    with pytest.raises(AgreementNotInForce, match="over"):
        await beginning
