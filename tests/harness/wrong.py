"""What every refusal has in common: a problem detail with a page of its own, and nothing changed."""

import json
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Any

import httpx2

from services import SERVICES
from shared.domain.actor import Role
from shared.http.problem_pages import TYPE, pages
from shared.http.problems import MEDIA_TYPE
from tests.harness.installation import Client, Installation

# What people did: each change of theirs is a row of the history, in the transaction of the change itself. What goes
# on by itself meanwhile, because of an event or a timer, is none of it.
DONE = """select (select count(*) from history where actor ~ '^[0-9a-f]{8}-[0-9a-f-]{27}$') as done,
    (select count(*) from idempotency) as answers"""
PAGES = pages()


def slug_of(answer: httpx2.Response, *statuses: int) -> str:
    """The problem's name; what is no problem detail of these statuses, or has no page, fails."""
    said = f"{answer.status_code} {answer.headers.get('content-type')} {answer.text[:500]}"
    assert answer.status_code in statuses, said
    assert answer.headers["content-type"] == MEDIA_TYPE, said
    problem: dict[str, Any] = json.loads(answer.content)
    assert set(problem) <= {"type", "title", "status", "detail", "facts", "errors", "trace"}, said
    assert (problem["status"], problem["type"].startswith(TYPE)) == (answer.status_code, True), said
    assert min(len(problem["title"]), len(problem["detail"])) > 0, said
    slug = problem["type"].removeprefix(TYPE)
    assert slug in PAGES, f"{slug} has no page: see shared/http/problem_pages.py"
    return slug


@asynccontextmanager
async def nothing_done(entente: Installation, *services: str) -> AsyncGenerator[None]:
    """Fails when somebody's request changed anything meanwhile."""
    before = await _done(entente, services)
    yield
    assert await _done(entente, services) == before, "a refused request left something behind"


async def _done(entente: Installation, services: tuple[str, ...]) -> dict[str, tuple[int, int]]:
    pools = {name: entente.services[name].pool for name in services or SERVICES}
    return {name: tuple(await pool.fetchrow(DONE)) for name, pool in pools.items()}  # pyright: ignore


async def somebody(entente: Installation, *roles: Role) -> Client:
    """A person of a new organisation whom every service knows."""
    person = await entente.person(await entente.organisation(), *roles)
    for name in SERVICES:
        await entente.knows(name, person)
    return person


async def raw(client: Client, service: str, path: str, content: Any, **headers: str) -> httpx2.Response:
    """A POST of bytes, or of pieces of unknown number, said to be JSON."""
    sent = {"Authorization": f"Bearer {client.installation.issuer.token(client.subject)}"}
    sent |= {"Content-Type": "application/json"} | {name.replace("_", "-"): value for name, value in headers.items()}
    answer = await client.installation.http(service).post(path, content=content, headers=sent)
    client.installation.check(service, "POST", answer)
    return answer
