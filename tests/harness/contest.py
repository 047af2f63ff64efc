"""Fifty people and ten places: officers of both sides act all at once, and the places are given by rank."""

import asyncio
from dataclasses import dataclass
from typing import Any

from tests.harness.installation import Client, Installation
from tests.harness.story import called, in_force, nominated, opened, two_sides

PLACES, PEOPLE = 10, 50
LEAVE_LATER = range(2, 12, 2)
"""Ranks that are approved and cancelled after that. Odd ranks are cancelled at once."""
GO = range(12, 32, 2)
"""The ten best ranks of those that stay."""
WAIT = range(32, 52, 2)
BUSY = 503
PATIENCE = 3000
"""How often an approval is tried, at most."""


@dataclass
class Contest:
    """A call with ten places and its mobilities by rank."""

    ours: Client
    theirs: Client
    call: str
    ranks: dict[int, str]

    async def all_at_once(self) -> list[int]:
        """Cancels and approves until all is decided; answers how many had a place or were to be decided meanwhile."""
        seen: list[int] = []
        acts = [*(self._cancel(rank) for rank in range(1, PEOPLE, 2)), *(self._leave(rank) for rank in LEAVE_LATER)]
        acts += [*(self._approve(rank) for rank in GO), *(self._wait(rank) for rank in WAIT)]
        deciding = asyncio.gather(*acts)
        while not deciding.done():
            seen.append(await self._with_place())
        await deciding
        return seen

    async def standing(self) -> dict[str, list[int]]:
        """The ranks by status."""
        found: dict[str, list[int]] = {}
        for one in await self._mobilities():
            found.setdefault(one["status"], []).append(one["rank"])
        return {status: sorted(ranks) for status, ranks in found.items()}

    async def _with_place(self) -> int:
        return sum(one["status"] in ("pending", "approved") for one in await self._mobilities())

    async def _mobilities(self) -> list[dict[str, Any]]:
        return (await self.ours.read("exchanges", f"/mobilities?call_id={self.call}&limit=200"))["items"]

    async def _approve(self, rank: int) -> None:
        for _ in range(PATIENCE):
            if await self._did(self.theirs, rank, "approvals"):
                return
        raise AssertionError(f"rank {rank} never had a place")

    async def _cancel(self, rank: int) -> None:
        while not await self._did(self.ours, rank, "cancellation", {"reason_code": "personal"}):
            pass

    async def _leave(self, rank: int) -> None:
        await self._approve(rank)
        await self._cancel(rank)

    async def _wait(self, rank: int) -> None:
        for _ in range(3):
            assert not await self._did(self.theirs, rank, "approvals"), f"rank {rank} was approved before a better one"

    async def _did(self, who: Client, rank: int, act: str, body: Any = None) -> bool:
        answer = await who.post("exchanges", f"/mobilities/{self.ranks[rank]}/{act}", body)
        assert answer.status_code in (200, 409, BUSY), answer.text
        return answer.is_success


async def contest(entente: Installation) -> Contest:
    """A call with ten places and fifty nominations; the better ranks come last."""
    ours, theirs = await two_sides(entente)
    programme = await opened(await in_force(entente, ours, theirs), ours, theirs, PLACES)
    call = await called(programme, ours, PLACES)
    ranks = {rank: (await nominated(call, ours, rank))["id"] for rank in range(PEOPLE, 0, -1)}
    return Contest(ours, theirs, call["id"], ranks)
