"""Every route admits exactly the roles that its row names."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import pytest

from services import SERVICES
from shared.domain.actor import OFFICE_ROLES, Role
from shared.service.rows import Change, Lists, Reads
from shared.service.settings import Settings
from tests.harness.asked import Command
from tests.harness.installation import Client, Installation
from tests.harness.participants import participant_with_account

OPEN = {"/health/live", "/health/ready", "/metrics", "/docs", "/openapi.json"} | {
    f"/swagger/{file}" for file in ("swagger-ui-bundle.js", "swagger-ui.css", "favicon-32x32.png")
}
"""Routes of every service that need no token."""
SOME_ID = str(UUID(int=0x7000_0000_0000_0000_0001))


@dataclass(frozen=True)
class Route:
    """A route of a service, with a valid body and the roles that its row names."""

    service: str
    method: str
    path: str
    may: frozenset[Role]
    row: Change | None = None

    def __str__(self) -> str:
        return f"{self.service} {self.method} {self.path}"

    @property
    def address(self) -> str:
        """The path of an aggregate that does not exist."""
        numbered = self.path.replace("{number}", "1")
        return "/".join(SOME_ID if part.startswith("{") else part for part in numbered.split("/"))

    def body(self) -> Any:
        """A body that the command accepts; None for a command without fields of its own, and for a query."""
        return (Command(self.service, self.row).body() or None) if self.row else None


def routes() -> Iterator[Route]:
    """Every route of every service: those of its rows, and those common to all services."""
    for name, make in SERVICES.items():
        service = make(Settings(development=True))
        for row in service.commands:
            if not row.anybody:
                yield _of_change(name, row)
        for row in service.imports:
            yield Route(name, "POST", row.path, row.may)
        for query in service.queries:
            yield from _of_query(name, query)
        yield Route(name, "GET", "/due", frozenset({Role.READER}))
        for path in ("/me", "/tasks"):
            yield Route(name, "GET", path, frozenset({Role.READER, Role.PARTICIPANT}))
        yield Route(name, "GET", "/events", frozenset({Role.OPERATOR}))
        yield Route(name, "GET", f"/positions?topic=a&key={SOME_ID}", frozenset({Role.OPERATOR}))


def _of_change(name: str, row: Change) -> Route:
    return Route(name, "POST", row.path, row.may, row)


def _of_query(name: str, row: Lists | Reads) -> Iterator[Route]:
    paths = [row.path, f"{row.path}/{{id}}", f"{row.path}/{{id}}/history"] if isinstance(row, Lists) else [row.path]
    for path in paths:
        yield Route(name, "GET", path, row.may)


@pytest.fixture(scope="module")
async def cast(entente: Installation) -> dict[Role, Client]:
    """One person for each role, with that role only; every service knows them."""
    home = await entente.organisation("Of many roles")
    people = {role: await entente.person(home, role) for role in OFFICE_ROLES}
    for service in SERVICES:
        for person in people.values():
            await entente.knows(service, person)
    coordinator = people[Role.MOBILITY_COORDINATOR]
    return people | {Role.PARTICIPANT: await participant_with_account(coordinator)}


@pytest.mark.parametrize("route", list(routes()), ids=str)
async def test_a_route_admits_the_roles_of_its_row(
    entente: Installation, cast: dict[Role, Client], route: Route
) -> None:
    """Every role that the row names is admitted; every other gets a 403 that names the required roles.

    Only exchanges knows participants; they are no readers.
    """
    body = route.body()
    known = {role: who for role, who in cast.items() if role is not Role.PARTICIPANT or route.service == "exchanges"}
    answers = {role: await who.call(route.method, route.service, route.address, body)
               for role, who in known.items()}  # fmt: skip

    refused = {role: _refused_by_role(answer.status_code, answer.json(), route) for role, answer in answers.items()}
    assert refused == {role: not _admits(route.may, role) for role in answers}
    assert {answer.status_code for answer in answers.values()}.isdisjoint({401, 500, 503})


def _admits(may: frozenset[Role], role: Role) -> bool:
    return role in may or (Role.READER in may and role is not Role.PARTICIPANT)


def _refused_by_role(status: int, answer: Any, route: Route) -> bool:
    needed = f"the role {' or '.join(sorted(route.may))}"
    return status == 403 and isinstance(answer, dict) and answer.get("facts") == {"needed": needed}


@pytest.mark.parametrize("service", SERVICES)
async def test_every_route_needs_a_token(entente: Installation, service: str) -> None:
    """Without a bearer token every route answers 401, except health, metrics, documentation and what signs in."""
    signs_in = {row.path for row in SERVICES[service](Settings(development=True)).commands if row.anybody}
    app, http = entente.services[service].app, entente.http(service)
    found: dict[str, dict[str, Any]] = app.openapi()["paths"]

    answers = {
        path: {(await http.request(method, path.replace("{", "").replace("}", ""))).status_code for method in methods}
        for path, methods in found.items() if path not in OPEN | signs_in
    }  # fmt: skip

    assert signs_in == ({"/participant-sessions"} if service == "exchanges" else set())
    assert answers.keys() >= {"/me", "/events", "/positions", "/people/{person_id}/held"}
    assert {path: codes for path, codes in answers.items() if codes != {401}} == {}
