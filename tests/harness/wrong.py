"""Checks for every refusal: it is a problem detail with its own page, and nothing has changed."""

import json
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import httpx2

from services import SERVICES
from shared.domain.actor import OFFICE_ROLES, Role
from shared.http.problem_pages import TYPE, pages
from shared.http.problems import MEDIA_TYPE
from shared.service.rows import Change
from tests.harness.installation import Client, Installation
from tests.harness.participants import participant_with_account

# Counts only changes by people: each writes a row of the history in the same transaction. Changes
# that an event or a timer makes in the meantime do not count.
DONE = """select (select count(*) from history where actor ~ '^[0-9a-f]{8}-[0-9a-f-]{27}$') as done,
    (select count(*) from idempotency) as answers"""

PAGES = frozenset(pages())
"""Every problem that has a page; importing the services has defined all of them."""
BY_PARTICIPANTS = frozenset({Role.PARTICIPANT})


def slug_of(answer: httpx2.Response, *statuses: int) -> str:
    """The problem's slug; fails unless the answer is a problem detail of these statuses with a page."""
    shown = f"{answer.status_code} {answer.headers.get('content-type')} {answer.text[:500]}"
    assert answer.status_code in statuses, shown
    assert answer.headers["content-type"] == MEDIA_TYPE, shown
    problem: dict[str, Any] = json.loads(answer.content)
    assert set(problem) <= {"type", "title", "status", "detail", "facts", "errors", "trace"}, shown
    assert (problem["status"], problem["type"].startswith(TYPE)) == (answer.status_code, True), shown
    assert min(len(problem["title"]), len(problem["detail"])) > 0, shown
    slug = problem["type"].removeprefix(TYPE)
    assert slug in PAGES, f"{slug} has no page: see shared/http/problem_pages.py"
    return slug


@asynccontextmanager
async def nothing_done(entente: Installation, *services: str) -> AsyncGenerator[None]:
    """Fails if a person's request changed anything during the block."""
    before = await _done(entente, services)
    yield
    assert await _done(entente, services) == before, "a refused request has changed something"


async def _done(entente: Installation, services: tuple[str, ...]) -> dict[str, tuple[int, int]]:
    pools = {name: entente.services[name].pool for name in services or SERVICES}
    return {name: tuple(await pool.fetchrow(DONE)) for name, pool in pools.items()}  # pyright: ignore


async def somebody(entente: Installation, *roles: Role) -> Client:
    """A person of a new organisation, known to every service."""
    person = await entente.person(await entente.organisation(), *roles)
    for name in SERVICES:
        await entente.knows(name, person)
    return person


@dataclass(frozen=True)
class Callers:
    """An officer with every role, and a participant for what only participants do."""

    officer: Client
    participant: Client

    def of(self, row: Change) -> Client:
        """Who may call the command, as far as roles go."""
        return self.participant if row.may == BY_PARTICIPANTS else self.officer


async def callers_of(entente: Installation) -> Callers:
    """Both, from a new organisation."""
    officer = await somebody(entente, *OFFICE_ROLES)
    return Callers(officer, await participant_with_account(officer))


async def raw(client: Client, service: str, path: str, content: Any, **headers: str) -> httpx2.Response:
    """POSTs bytes, or chunks of undeclared length, labelled as JSON."""
    sent = {"Authorization": f"Bearer {client.installation.issuer.token(client.subject)}"}
    sent |= {"Content-Type": "application/json"} | {name.replace("_", "-"): value for name, value in headers.items()}
    answer = await client.installation.http(service).post(path, content=content, headers=sent)
    client.installation.check(service, "POST", answer)
    return answer
