"""Waking the relay after a commit, in this process or in another of the same service."""

import asyncio
from typing import cast

import pytest

from shared.messaging.outbox import CHANNEL, Pool
from shared.service.serve import Waker
from shared.service.worker import Worker
from tests.harness.installation import until


class Lanes:
    """A worker's lanes, of which this process has all or not."""

    def __init__(self, *, here: bool) -> None:
        self._here, self.nudged = here, 0

    def nudge(self) -> bool:
        """Counts."""
        self.nudged += 1
        return self._here


@pytest.mark.parametrize("here", [True, False, None])
async def test_the_process_that_has_the_lane_is_woken(pool: Pool, here: bool | None) -> None:
    """A commit tells the other processes of the service, unless this one has all the lanes; None: it has no worker."""
    lanes = [] if here is None else [Lanes(here=here)]
    wake = Waker(pool, [cast("Worker", each) for each in lanes])
    heard = list[str]()

    async with pool.acquire() as db:
        channel = await db.fetchval(f"select current_schema || '.{CHANNEL}'")

        def hear(*said: object) -> None:
            heard.append(str(said[-1]))

        await db.add_listener(channel, hear)
        wake()
        if here:
            await asyncio.sleep(0.3)
        else:
            await until(lambda: _any(heard), "the others are told")
        await db.remove_listener(channel, hear)

    assert (len(heard), [each.nudged for each in lanes]) == (0 if here else 1, [1] if lanes else [])


async def _any(heard: list[str]) -> bool:
    return bool(heard)
