"""A 500 reveals no internals, and a log no personal data."""

import io
import json
import re
from collections.abc import AsyncGenerator, MutableMapping
from dataclasses import replace
from typing import Any
from uuid import UUID

import httpx2
import pytest

from local.development.serving import serving
from services.partners.app.work import Work
from services.partners.domain.organisation import Organisation
from services.partners.main import partners
from shared.contracts.values import Signatory
from shared.domain.actor import OFFICE_ROLES, Actor, Role
from shared.domain.command import Command
from shared.service.rows import changes
from shared.service.serve import Running, running
from shared.telemetry.logs import configure_logs
from tests.harness.asked import commands, wrong_bodies
from tests.harness.installation import Installation
from tests.harness.wrong import raw, slug_of, somebody

NAME, MAIL, SECRET = "Jiang Marker", "jiang.marker@example.org", "the-inside"


class Fail(Command):
    """Fails as an internal fault would."""

    how: str


async def fail(ask: Fail, actor: Actor, work: Work) -> Organisation:
    """Raises what an internal fault would raise."""
    match ask.how:
        case "alone":
            raise RuntimeError(f"{SECRET} of {MAIL}")
        case "in a query":
            await work.identifiers._db.execute("select 'the-inside'::int")  # pyright: ignore
        case "in the arguments of a query":
            await work.identifiers._db.execute("select $1::int", "the-inside")  # pyright: ignore
        case "in a row of the directory":
            await work.identifiers._db.execute(  # pyright: ignore
                "insert into person (id, version, sequence, body, updated) values ($1, 1, 0, $2, null)",
                UUID(int=1), json.dumps({"name": NAME, "mail": MAIL}),
            )  # fmt: skip
        case "in a value":
            Signatory.model_validate({"person_id": MAIL, "office": SECRET})
        case _:
            raise AssertionError(ask.how)
    raise AssertionError


HOW = ["alone", "in a query", "in the arguments of a query", "in a row of the directory", "in a value"]


@pytest.fixture(scope="module")
async def failing(entente: Installation) -> AsyncGenerator[Running]:
    """`partners` with a use case that fails."""
    row = changes("/failing", fail, may=Role.READER)
    service = replace(partners(entente.settings["partners"]), commands=[row], queries=[])
    async with running(service, only="api") as ran:
        yield ran


@pytest.fixture
def lines() -> io.StringIO:
    """A service's log lines during a test, as JSON."""
    stream = io.StringIO()
    configure_logs("partners", "info", json=True, stream=stream)
    return stream


@pytest.mark.parametrize("how", HOW)
async def test_bad_input_that_causes_an_internal_fault_reveals_nothing(
    entente: Installation, failing: Running, lines: io.StringIO, how: str
) -> None:
    """An internal fault is a 500 with only a trace id to quote; the log has its cause, without personal data."""
    transport = httpx2.ASGITransport(app=failing.app, raise_app_exceptions=False)
    sent = {"Authorization": f"Bearer {entente.issuer.token(entente.operator.subject)}"}

    async with httpx2.AsyncClient(transport=transport, base_url="http://partners.test") as http:
        answer = await http.post("/failing", json={"how": how}, headers=sent)

    problem, log = answer.json(), lines.getvalue()
    assert slug_of(answer, 500) == "internal"
    assert set(problem) == {"type", "title", "status", "detail", "trace"}
    assert re.fullmatch("[0-9a-f]{32}", problem["trace"])
    assert not any(word in answer.text for word in (SECRET, NAME, MAIL, "Error", "asyncpg", "Traceback"))
    assert (problem["trace"] in log, "unexpected error" in log) == (True, True)
    assert [word for word in (NAME, MAIL) if word in log] == []


async def test_bad_input_that_breaks_off_is_not_an_internal_fault(entente: Installation, lines: io.StringIO) -> None:
    """If a client disconnects in the middle of a body, the log has a 499 and no error."""
    token = entente.issuer.token(entente.operator.subject)
    headers = {"authorization": f"Bearer {token}", "content-type": "application/json"}
    scope = {
        "type": "http", "method": "POST", "path": "/organisations", "raw_path": b"/organisations", "query_string": b"",
        "headers": [(name.encode(), value.encode()) for name, value in headers.items()], "http_version": "1.1",
    }  # fmt: skip
    came = iter([{"type": "http.request", "body": b'{"kind"', "more_body": True}, {"type": "http.disconnect"}])

    async def receive() -> dict[str, Any]:
        return next(came)

    async def send(message: MutableMapping[str, Any]) -> None:
        """Drops the answer: the client is gone."""

    await entente.services["partners"].app(scope, receive, send)

    logged = [json.loads(line) for line in lines.getvalue().splitlines()]
    assert [line["status"] for line in logged if line["message"] == "request"] == [499]
    assert "error" not in {line["level"] for line in logged}


async def test_bad_input_leaves_no_personal_data_in_the_log(entente: Installation, lines: io.StringIO) -> None:
    """Names, addresses and tokens in bad requests never reach the log."""
    officer = await somebody(entente, *OFFICE_ROLES)
    token = entente.issuer.token(officer.subject)
    marks = [NAME, MAIL, token, officer.subject]

    for command in commands():
        personal: dict[str, Any] = {"name": NAME, "mail": MAIL, MAIL: NAME}
        bodies = [_marked(body) for _, body in wrong_bodies(command.body(), command.schema)]
        for body in [*bodies[:4], _marked(command.body()), command.body() | personal]:
            await raw(officer, command.service, f"{command.path()}?name={MAIL}", json.dumps(body).encode())
            await raw(officer, command.service, command.path(), json.dumps(body).encode(), Idempotency_Key=MAIL)
        await raw(officer, command.service, command.path(), f'{{"{NAME}": {MAIL}'.encode())
        await raw(officer, command.service, command.path(), b"{}", Authorization=f"Bearer {token}x")
        await raw(officer, command.service, command.path(), b"{}", If_Match=MAIL)
        await raw(officer, command.service, f"/people/{MAIL}", b"{}")

    assert len(lines.getvalue().splitlines()) > 100
    assert [mark for mark in marks if mark in lines.getvalue()] == []


def _marked(value: Any) -> Any:
    match value:
        case "words":
            return NAME
        case str() if "@" in value:
            return MAIL
        case dict():
            return {key: _marked(one) for key, one in value.items()}
        case list():
            return [_marked(one) for one in value]
        case _:
            return value


async def test_bad_input_over_a_real_connection(entente: Installation) -> None:
    """Through a real server too, an oversized body is refused, declared or not, and the next request is answered."""
    officer = await somebody(entente, *OFFICE_ROLES)
    sent = {"Authorization": f"Bearer {entente.issuer.token(officer.subject)}", "Content-Type": "application/json"}

    async def pieces() -> AsyncGenerator[bytes]:
        for _ in range(40):
            yield b" " * 65_536

    async with serving(entente.services["partners"].app) as address, httpx2.AsyncClient(base_url=address) as http:
        declared = await http.post("/organisations", content=b" " * 2_000_000, headers=sent)
        undeclared = await http.post("/organisations", content=pieces(), headers=sent)
        after = await http.get("/me", headers=sent)

    assert (slug_of(declared, 413), slug_of(undeclared, 413), after.status_code) == ("too-large", "too-large", 200)
