"""Each process is killed in the middle of the main job and restarted; the outcome is the same as without kills."""

import asyncio
import json
import os
import signal
from collections.abc import AsyncGenerator, Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest

from local import remove_state
from local.development.minting import DevelopmentIssuer
from local.installation import host_port
from local.running_installation import RunningInstallation, running_installation
from services import SERVICES
from tests.faults.playing import Played, Processes, all_heard, left_over, outcome, passwords_of, play, processes_of
from tests.harness.contest import GO, PLACES, WAIT, contest
from tests.harness.installation import first_operator, until

PARTS = ("kafka", "postgres")


@pytest.fixture(scope="module")
async def up(tmp_path_factory: pytest.TempPathFactory) -> AsyncGenerator[RunningInstallation]:
    """The whole installation as `entente up` runs it, which restarts processes that end."""
    state: Path = tmp_path_factory.mktemp("kills") / "state"
    async with running_installation(state, report=lambda text, share: None) as found:
        yield found
    remove_state(state)


@pytest.fixture(scope="module")
async def entente(up: RunningInstallation) -> AsyncGenerator[Processes]:
    """The installation with its first operator, whose clients keep retrying."""
    with pytest.MonkeyPatch.context() as patch:
        for name, value in passwords_of(up).items():
            patch.setenv(name, value)
        found = processes_of(up, DevelopmentIssuer(state=up.state / "issuer"))
        found.operator = await first_operator(found)
    yield found
    await found.close()


def pid_of(up: RunningInstallation, name: str) -> int:
    """The id of the process now running under this name, from the installation's state folder; 0 if none."""
    running: dict[str, Any] = json.loads((up.state / "processes.json").read_text())
    return running[name]["pid"] if name in running else 0


async def kill(up: RunningInstallation, entente: Processes, name: str, *, after: float) -> None:
    """Sends SIGKILL after `after` seconds; returns when another process answers in its place."""
    await asyncio.sleep(after)
    before = pid_of(up, name)
    assert before, f"{name} is not running"
    os.kill(before, signal.SIGKILL)

    async def replaced() -> bool:
        return pid_of(up, name) not in (0, before) and await answers(up, entente, name)

    await until(replaced, f"{name} runs again")


async def answers(up: RunningInstallation, entente: Processes, name: str) -> bool:
    """Whether the service is live, or the part's port accepts connections."""
    if name in SERVICES:
        return (await entente.http(name).get("/health/live")).is_success
    host, _, port = (up.kafka if name == "kafka" else host_port(up.postgres)).rpartition(":")
    try:
        _, writer = await asyncio.open_connection(host, int(port))
    except OSError:
        return False
    writer.close()
    return True


async def play_while(entente: Processes, happening: Callable[[], Awaitable[None]]) -> list[Played]:
    """Plays stories, four at a time, until `happening` ends."""
    happens = asyncio.ensure_future(happening())

    async def keep_playing() -> list[Played]:
        played = [await play(entente)]
        while not happens.done():
            played.append(await play(entente))
        return played

    found = await asyncio.gather(*(keep_playing() for _ in range(4)))
    await happens
    return [played for one in found for played in one]


async def test_kills_do_not_change_the_outcome(up: RunningInstallation, entente: Processes) -> None:
    """Services, Kafka and Postgres are killed in turn while agreements are signed and people nominated. Every story
    ends as without kills, nobody is notified twice, and no unpublished event or dead letter is left."""
    expected = await settled(entente, await play(entente))
    kept = {kind: expected[f"{kind} in"]["notifications"] for kind in ("agreement", "mobility")}

    async def killing() -> None:
        # Each service is killed while those before it restart; Kafka and Postgres are killed with all services running.
        await asyncio.gather(*(kill(up, entente, name, after=0.7 * n) for n, name in enumerate(SERVICES, 1)))
        for name in PARTS:
            await kill(up, entente, name, after=0.7)

    stories = await play_while(entente, killing)
    for story in stories:
        await until(lambda story=story: _equals(entente, story, expected), "the outcome is the same as without kills")
    await until(lambda: _nothing_left(up, "outbox"), "every outbox is empty")

    assert all(positions for positions in kept.values())
    assert await left_over(up, ("dead_letter", "stuck", "outbox")) == {}


async def settled(entente: Processes, played: Played) -> dict[str, Any]:
    """The outcome of a story once it no longer changes."""
    before: dict[str, Any] = {}

    async def still() -> dict[str, Any] | None:
        nonlocal before
        await all_heard(entente, played)
        before, now = await outcome(entente, played), before
        return before if before == now else None

    return await until(still, "the outcome no longer changes")


async def _equals(entente: Processes, story: Played, expected: dict[str, Any]) -> bool:
    return await outcome(entente, story) == expected


async def _nothing_left(up: RunningInstallation, table: str) -> bool:
    return not await left_over(up, (table,))


async def test_kills_of_exchanges_give_no_place_twice(up: RunningInstallation, entente: Processes) -> None:
    """The service is killed while fifty people are approved and cancelled at once: places are neither lost nor given
    twice, and go by rank."""
    fifty = await contest(entente)
    deciding = asyncio.ensure_future(fifty.all_at_once())
    for _ in range(3):
        await kill(up, entente, "exchanges", after=0.1)
    seen, after = await deciding, await fifty.standing()

    assert max(seen) <= PLACES
    assert (after["approved"], after["waiting"], len(after["cancelled"])) == ([*GO], [*WAIT], 30)
    assert (await fifty.ours.read("exchanges", f"/calls/{fifty.call}"))["places_left"] == 0
