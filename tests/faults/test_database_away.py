"""If the database hangs, or is killed and restarts, the consumer parks and loses no event and applies none twice."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import AsyncExitStack

import asyncpg
import pytest

from local import Postgres, Registry
from services import SERVICES, migrations_of
from shared.contracts.event import Event
from shared.database.migrations import migrate, prepare_database
from shared.database.pool import open_pool
from shared.messaging import consumer as kit
from shared.messaging.outbox import Connection, Pool
from shared.service import worker
from shared.service.serve import running
from shared.service.settings import Settings
from tests.harness.installation import PATIENCE, until
from tests.harness.parts import PASSWORD, PASSWORDS
from tests.integration.messaging.scene import EFFECTS, Bench
from tests.unit.messaging.scene import event_id, key, record

SOON = 2.0
"""Timeout of a statement, in seconds; longer than any statement takes on a busy machine."""
LISTENING = "select true from pg_stat_activity where query ilike 'listen %' limit 1"


@pytest.fixture(scope="module")
async def postgres(tmp_path_factory: pytest.TempPathFactory) -> AsyncGenerator[Postgres]:
    """A Postgres that these tests may pause and kill."""
    registry = Registry(tmp_path_factory.mktemp("away"))
    part = Postgres(registry, 22532, lambda text, share: None, durable=False)
    await part.start()
    try:
        await prepare_database(part.address, ["exchanges"], PASSWORDS, "away")
        await migrate(_owner(part), "exchanges", migrations_of("exchanges"))
        yield part
    finally:
        part.resume()
        await part.stop()


def _owner(part: Postgres) -> str:
    return f"postgresql://exchanges_owner:{PASSWORD}@127.0.0.1:{part.port}/away"


@pytest.fixture(scope="module")
async def pool(postgres: Postgres) -> AsyncGenerator[Pool]:
    """A pool whose statements time out soon."""
    pool = await open_pool(_owner(postgres), application="tests", most=4)
    pool._connect_kwargs |= {"command_timeout": SOON, "timeout": SOON}  # pyright: ignore
    await pool.execute(EFFECTS)
    yield pool
    pool.terminate()


async def paused(postgres: Postgres) -> None:
    """Pauses Postgres for longer than several statements may take."""
    postgres.pause()
    await asyncio.sleep(3 * SOON)
    postgres.resume()


async def killed(postgres: Postgres) -> None:
    """Kills Postgres and restarts it later."""
    await postgres.kill()
    await asyncio.sleep(0.5)
    await postgres.start()


# A statement that times out on a hanging server raises only when the server is back, which looks as if the event
# itself had failed once.
@pytest.mark.parametrize(("trouble", "attempts"), [(killed, 1), (paused, 2)])
async def test_no_event_is_parked_when_the_database_fails(
    postgres: Postgres, pool: Pool, monkeypatch: pytest.MonkeyPatch,
    trouble: Callable[[Postgres], Awaitable[None]], attempts: int,
) -> None:  # fmt: skip
    """If the database fails during a poll, each of the poll's events is still applied once."""
    monkeypatch.setattr(kit, "ATTEMPTS", attempts)
    bench, troubles = Bench(pool), list[asyncio.Future[None]]()

    async def before(event: Event, db: Connection) -> None:
        if event.envelope.id == event_id(1, 2) and not troubles:
            troubles.append(asyncio.ensure_future(trouble(postgres)))
            await asyncio.sleep(0.1)

    bench.before = before
    async with asyncio.timeout(PATIENCE):
        await bench.take(record(1, 1, 0), record(1, 2, 1), record(2, 1, 2), record(1, 3, 3))
        await troubles[0]

    assert (await bench.order(), await bench.kept()) == ({key(1): [1, 2, 3], key(2): [1]}, {})
    assert await bench.next() == 4


async def test_a_service_stops_at_once_after_losing_its_database(
    postgres: Postgres, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Lost connections do not delay a clean stop, and the pool closes without `terminate`."""
    terminated = list[Pool]()
    monkeypatch.setattr(asyncpg.Pool, "terminate", lambda pool: terminated.append(pool))
    monkeypatch.setattr(worker, "STOP_PATIENCE", PATIENCE)
    monkeypatch.setenv("ENTENTE_PASSWORD_EXCHANGES_SERVICE", PASSWORD)
    settings = Settings(database=f"127.0.0.1:{postgres.port}/away", kafka="127.0.0.1:1", development=True)
    async with AsyncExitStack() as service:
        ran = await service.enter_async_context(running(SERVICES["exchanges"](settings)))
        await until(lambda: ran.pool.fetchval(LISTENING), "it listens for new rows")
        await killed(postgres)

        async with asyncio.timeout(PATIENCE - 1):
            await service.aclose()

    assert terminated == []
