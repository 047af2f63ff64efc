"""A service that starts late learns everything from events, and refuses nobody before it has."""

from collections import Counter
from typing import Any

import httpx2

from services import SERVICES
from shared.service.serve import running
from tests.harness.installation import Client, Installation, installed, until
from tests.harness.parts import Addresses
from tests.harness.story import OFFICER, draft, programme_of, sign

LATE = [name for name in SERVICES if name != "partners"]


async def two_officers(entente: Installation) -> tuple[Client, Client]:
    """An officer of each of two new organisations; only `partners` runs."""
    found = [await entente.person(await entente.organisation(name), *OFFICER) for name in ("Birmingham", "Nanjing")]
    return found[0], found[1]


async def in_force(ours: Client, theirs: Client) -> dict[str, Any]:
    """A signed agreement that is in force in `partners`."""
    agreement = await draft(ours, theirs)
    await sign(agreement, ours, theirs)

    async def holds() -> bool:
        return (await ours.read("partners", f"/agreements/{agreement['id']}"))["status"] == "in-force"

    await until(holds, "the agreement is in force")
    return agreement


async def test_a_service_started_late_learns_everything(addresses: Addresses) -> None:
    """`exchanges`, started after the signing, takes the programme; until it knows the caller it says 503, not 403."""
    async with installed(addresses, only=["partners"]) as entente:
        ours, theirs = await two_officers(entente)
        wanted = programme_of(await in_force(ours, theirs), ours, theirs)

        seen = Counter[int]()
        async with running(SERVICES["exchanges"](entente.settings["exchanges"])) as late:
            entente.services["exchanges"] = late
            proposed = await until(lambda: _proposes(ours, wanted, seen), "the programme is proposed")

    assert proposed["status"] == "proposed"
    assert seen.keys() <= {503, 409, 201}
    assert seen[201] == 1


async def _proposes(who: Client, wanted: dict[str, Any], seen: Counter[int]) -> dict[str, Any] | None:
    answer = await who.post("exchanges", "/programmes", wanted)
    seen[answer.status_code] += 1
    return answer.json() if answer.status_code == 201 else None


async def test_a_service_that_has_not_read_the_directory_is_unavailable(addresses: Addresses) -> None:
    """Until a service has read the directory's events it answers every caller with 503 and Retry-After; then it admits
    known people and refuses strangers."""
    async with installed(addresses, only=["partners"]) as entente:
        ours, _ = await two_officers(entente)
        callers = [ours, entente.operator, entente.stranger()]
        before = {service: await _before(entente, service, callers) for service in LATE}
        after = {service: await _after(entente, service, callers) for service in LATE}

    assert before == dict.fromkeys(LATE, [(503, "/problems/unavailable", "2")] * 3)
    assert after == {service: [200, 200, 403] for service in LATE}


async def _before(entente: Installation, service: str, callers: list[Client]) -> list[tuple[int, str, str | None]]:
    """The service's answers to the callers while it reads no events."""
    async with running(SERVICES[service](entente.settings[service]), only="api") as early:
        entente.services[service] = early
        return [_summary(await who.get(service, "/me")) for who in callers]


async def _after(entente: Installation, service: str, callers: list[Client]) -> list[int]:
    """The service's answers to the callers once it knows the first of them."""
    async with running(SERVICES[service](entente.settings[service])) as late:
        entente.services[service] = late
        await entente.knows(service, callers[0])
        return [(await who.get(service, "/me")).status_code for who in callers]


def _summary(answer: httpx2.Response) -> tuple[int, str, str | None]:
    return answer.status_code, answer.json()["type"], answer.headers.get("retry-after")
