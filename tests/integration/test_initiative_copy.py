"""A programme or an offer may belong to an active initiative of its own agreement, by its service's copy."""

from collections.abc import AsyncGenerator, Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest

from services.commercialisation.app.publish_offer import PublishOffer, publish_offer
from services.commercialisation.main import commercialisation
from services.exchanges.app.propose_programme import ProposeProgramme, propose_programme
from services.exchanges.main import exchanges
from shared.contracts.examples import example
from shared.contracts.initiative import InitiativeActivated, InitiativeEvent, InitiativePaused, InitiativeProposed
from shared.database.pool import open_pool
from shared.domain.actor import Actor
from shared.domain.aggregate import Aggregate
from shared.domain.refused import Refused
from shared.initiatives.initiative import InitiativeElsewhere, InitiativeNotActive, InitiativeUnknown
from shared.initiatives.projections import copy_initiatives
from shared.messaging.outbox import Pool
from shared.service.rows import Service
from shared.service.settings import Settings
from tests.harness.installation import copy_database
from tests.harness.parts import PASSWORD, Addresses
from tests.unit.commercialisation import scene as technology
from tests.unit.exchanges import scene as mobility

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
AGREEMENT, OTHER_AGREEMENT, INITIATIVE = UUID(int=99), UUID(int=98), UUID(int=200)
PARTIES = [technology.BIRMINGHAM, technology.NANJING]
ORGANISATIONS = """insert into directory_organisation (id, kind, name_en, country)
    select unnest($1::uuid[]), 'university', 'A university', 'GB'"""
IN_FORCE = "insert into agreement_copy values ($1, null, 'in-force', '{talent,commercialisation}', $2, '{}')"


@dataclass
class Begins:
    """A use case that starts something that may belong to an initiative."""

    service: Callable[[Settings], Service]
    use_case: Callable[[Any, Actor, Any], Awaitable[Aggregate]]
    ask: Any
    actor: Actor
    pool: Pool | None = None

    async def begin(self) -> UUID:
        """Starts it as part of the initiative; returns the initiative that its document names."""
        assert self.pool is not None
        service = self.service(Settings(development=True))
        async with self.pool.acquire() as db, db.transaction():
            work = service.work(db, now=NOW, actor=self.actor, use_case="test", ports=dict(service.ports))
            made = await self.use_case(self.ask.model_copy(update={"initiative_id": INITIATIVE}), self.actor, work)
            await work.save()
        return await self.pool.fetchval(f"select body->>'initiative_id' from {made.noun()} where id = $1", made.id)

    async def hear(self, *kinds: type[InitiativeEvent], agreement: UUID = AGREEMENT) -> None:
        """Runs the projection with these events of the initiative in one list."""
        assert self.pool is not None
        said = {"initiative_id": str(INITIATIVE), "agreement_id": str(agreement)}
        status: dict[type[InitiativeEvent], str] = {
            InitiativeProposed: "proposed",
            InitiativeActivated: "active",
            InitiativePaused: "paused",
        }
        async with self.pool.acquire() as db:
            await copy_initiatives(
                [kind.model_validate(example(kind) | said | {"status": status[kind]}) for kind in kinds], db
            )


def asked(command: type[Any], of: Aggregate) -> Any:
    """The command that creates an aggregate like this one."""
    return command.model_validate({name: getattr(of, name) for name in command.model_fields})


PROPOSAL = ProposeProgramme(
    agreement_id=AGREEMENT, condition=mobility.wanted(), academic_year=mobility.YEAR, time_zone="UTC"
)
BEGINS = [
    Begins(exchanges, propose_programme, PROPOSAL, mobility.ANNE),
    Begins(commercialisation, publish_offer, asked(PublishOffer, technology.offer()), technology.ANNE),
]


@pytest.fixture(params=BEGINS, ids=lambda what: what.use_case.__name__)
async def what(request: pytest.FixtureRequest, addresses: Addresses) -> AsyncGenerator[Begins]:
    """The service on a separate database, with a copy of an agreement in force."""
    begins: Begins = request.param
    database, name = await copy_database(addresses), begins.service.__name__
    url = f"postgresql://{name}_service:{PASSWORD}@{addresses.postgres_address}/{database}"
    async with await open_pool(url, application="tests") as pool:
        await pool.execute(ORGANISATIONS, PARTIES)
        await pool.execute(IN_FORCE, AGREEMENT, PARTIES)
        begins.pool = pool
        yield begins


async def test_a_document_may_belong_to_an_active_initiative(what: Begins) -> None:
    """The newest event of the initiative decides."""
    await what.hear(InitiativeProposed, InitiativeActivated)

    assert await what.begin() == str(INITIATIVE)


@pytest.mark.parametrize(
    ("heard", "agreement", "refusal"),
    [
        ([], AGREEMENT, InitiativeUnknown),
        ([InitiativeProposed], AGREEMENT, InitiativeNotActive),
        ([InitiativeActivated, InitiativePaused], AGREEMENT, InitiativeNotActive),
        ([InitiativeActivated], OTHER_AGREEMENT, InitiativeElsewhere),
    ],
)
async def test_an_unusable_initiative_is_refused(
    what: Begins, heard: list[type[InitiativeEvent]], agreement: UUID, refusal: type[Refused]
) -> None:
    """It is unknown, not active, or of another agreement."""
    await what.hear(*heard, agreement=agreement)

    with pytest.raises(refusal):
        await what.begin()
