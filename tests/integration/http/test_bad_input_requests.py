"""Every route refuses bad addresses, methods, parameters and headers with a problem detail, and changes nothing."""

import base64
import json
from typing import Any
from uuid import UUID

import pytest

from tests.harness.asked import ALL, Command, Query, changes, commands, queries
from tests.harness.installation import Client, Installation
from tests.harness.wrong import Callers, callers_of, nothing_done, slug_of

NO_IDS = ["no-id", "0" * 3000, "%00", "%ff%fe", "1", "-", "00000000-0000-0000-0000-00000000000g", "%D9%A1"]
ETAGS = ["1", 'W/"1"', '"abc"', '"-1"', '"1", "2"', '"\xb2"', '"' + "9" * 40 + '"', '"1', "", '""']
KEYS = ["", " ", "a b", "x" * 101, "\xe4", "\x7f"]
METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "NONSENSE"]
PAGES = [query for query in queries() if "cursor" in query.parameters]
AGENDA = ("/tasks", "/due")
LISTS = [query for query in PAGES if query.path in {row.path for row in ALL[query.service].lists}]


@pytest.fixture(scope="module")
async def callers(entente: Installation) -> Callers:
    """People with every role, so that only the request can be refused."""
    return await callers_of(entente)


@pytest.fixture(scope="module")
async def officer(callers: Callers) -> Client:
    """The one who is no participant."""
    return callers.officer


@pytest.mark.parametrize("command", changes(), ids=str)
async def test_a_malformed_id_is_refused(entente: Installation, officer: Client, command: Command) -> None:
    """A malformed id is refused at every place in a path that takes one."""
    async with nothing_done(entente, command.service):
        for name in command.row.path_fields:
            for value in NO_IDS:
                if name != "number" or not value.isdecimal():
                    path = command.path(**{name: value})
                    slug_of(await officer.post(command.service, path, command.body()), 404, 422)


@pytest.mark.parametrize("query", [query for query in queries() if query.of_one], ids=str)
async def test_an_unknown_document_is_not_found(entente: Installation, officer: Client, query: Query) -> None:
    """An unknown id is not found, and a malformed one is refused."""
    answers = [await officer.get(query.service, query.path.replace("{id}", value)) for value in NO_IDS]

    assert slug_of(await officer.get(query.service, query.address), 404) == "not-found"
    assert {slug_of(answer, 404, 422) for answer in answers} <= {"invalid", "no-such-route"}


@pytest.mark.parametrize("command", [one for one in commands() if not one.row.anybody], ids=str)
async def test_a_malformed_header_is_refused(entente: Installation, callers: Callers, command: Command) -> None:
    """A malformed ETag, key or organisation is refused, and so is a header given twice."""
    headers = [("Idempotency-Key", value) for value in KEYS] + [("Entente-Acting-For", "nobody")]
    headers += [("If-Match", value) for value in ETAGS] if not command.row.creates else []
    async with nothing_done(entente, command.service):
        for header in headers:
            answer = await _send(callers.of(command.row), command, [header])
            assert slug_of(answer, 422) == "invalid", header
        for name, value in (("Idempotency-Key", "key"), ("If-Match", '"1"')):
            assert (
                slug_of(await _send(callers.of(command.row), command, [(name, value), (name, value)]), 422) == "invalid"
            )


async def _send(client: Client, command: Command, headers: list[tuple[str, str]]) -> Any:
    token = client.installation.issuer.token(client.subject)
    sent = [
        (name.encode(), value.encode("latin-1")) for name, value in [*headers, ("Authorization", f"Bearer {token}")]
    ]
    http = client.installation.http(command.service)
    return await http.post(command.path(), json=command.body(), headers=sent)


@pytest.mark.parametrize("query", queries(), ids=str)
async def test_a_bad_parameter_is_refused(entente: Installation, officer: Client, query: Query) -> None:
    """A parameter that is unknown, given twice, out of bounds or contains U+0000 is refused."""
    wrong = ["surprise=1", "%00=1", *(f"{name}=%00" for name in query.parameters)]
    if "limit" in query.parameters:
        wrong += [f"limit={value}" for value in ("0", "-1", "1001", 10**30, "x", "1.5", "", "1&limit=1")]
    if "cursor" in query.parameters:
        wrong += ["cursor=", "cursor=x&cursor=x", *(["cursor=x", "cursor=-1", "cursor=%D9%A1"] if query.of_one else [])]
    if "sort" in query.parameters:
        wrong += ["sort=body", "sort=--id", "sort=", "sort=updated'--"]

    answers = {what: await officer.get(query.service, f"{query.address}?{what}") for what in wrong}

    # Not 404, although the id is unknown: parameters are checked before anything is looked up.
    for what, answer in answers.items():
        assert slug_of(answer, 422) == "invalid", what


@pytest.mark.parametrize("query", LISTS, ids=str)
async def test_a_bad_cursor_is_refused(entente: Installation, officer: Client, query: Query) -> None:
    """A list accepts only a cursor from a page of the same list in the same order."""
    row = next(row for row in ALL[query.service].lists if row.path == query.path)
    table, order, id = row.kind.noun(), row.order or "", str(UUID(int=1))
    wrong = [
        "x", "%25", "-" * 2001, _cursor({}), _cursor([]), _cursor(None), _cursor([table, order, "", "no id"]),
        _cursor(["another", order, "", id]), _cursor([table, "another", "", id]), _cursor([table, order, "\x00", id]),
        _cursor([table, order, None, id]), _cursor([table, order, ["x"], id]), _cursor([table, order, "", id, ""]),
        _cursor([table, order, "\ud800", id]), base64.urlsafe_b64encode(b"[" * 1400).decode(),
    ]  # fmt: skip

    answers = [await officer.get(query.service, f"{query.path}?cursor={cursor}") for cursor in wrong]
    right = await officer.get(query.service, f"{query.path}?cursor={_cursor([table, order, '', id])}")

    assert ({slug_of(answer, 422) for answer in answers}, right.status_code) == ({"invalid"}, 200)


@pytest.mark.parametrize("query", [query for query in PAGES if query.path in AGENDA], ids=str)
async def test_a_bad_cursor_of_the_agenda_is_refused(officer: Client, query: Query) -> None:
    """`/tasks` and `/due` accept only a cursor from an earlier page of the same list."""
    of, id = query.path.strip("/"), str(UUID(int=1))
    wrong = ["x", _cursor([of, "", "no kind", "no id"]), _cursor(["another", "", "agreement", id])]
    wrong += [_cursor([of, "", f"{day} end", id]) for day in ("x", "", "0001-01-01T00:00+09:00", "٢")] * (of == "due")

    answers = [await officer.get(query.service, f"{query.path}?cursor={cursor}") for cursor in wrong]

    assert {slug_of(answer, 422) for answer in answers} == {"invalid"}


def _cursor(content: Any) -> str:
    return base64.urlsafe_b64encode(json.dumps(content).encode()).decode()


@pytest.mark.parametrize("after", ["x", "1", "1-", "-1-1", "1-1-1", f"{2**63}-0", f"0-{2**63}", "%D9%A1-1", "now%00"])
async def test_a_bad_start_of_events_is_refused(entente: Installation, after: str) -> None:
    """`/events` accepts only a place that an answer gave as `next`."""
    answers = [await entente.operator.get(name, f"/events?after={after}") for name in ALL]

    assert {slug_of(answer, 422) for answer in answers} == {"invalid"}


@pytest.mark.parametrize("service", list(ALL))
async def test_a_wrong_method_or_address_is_refused(entente: Installation, officer: Client, service: str) -> None:
    """Every route refuses methods it does not declare, and an unknown address is not found."""
    known = {path: set(methods) for path, methods in entente.services[service].app.openapi()["paths"].items()}
    async with nothing_done(entente, service):
        for path, methods in known.items():
            for method in METHODS:
                if method.lower() not in methods:
                    answer = await officer.call(method, service, _filled(path))
                    assert slug_of(answer, 405) == "method-not-allowed"
                    assert {m.strip().lower() for m in answer.headers["allow"].split(",")} <= methods
            answer = await officer.call("HEAD", service, _filled(path))
            assert (answer.status_code, answer.headers["content-type"]) == (405, "application/problem+json")
        for path in ("/", "/nothing", *(f"{path}/" for path in known), *(f"{path}/nothing/at/all" for path in known)):
            assert slug_of(await officer.get(service, _filled(path)), 404) == "no-such-route"


def _filled(path: str) -> str:
    return "/".join(str(UUID(int=1)) if part.startswith("{") else part for part in path.split("/"))
