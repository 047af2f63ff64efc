"""The development issuer, used by pages, programs and services."""

import asyncio
import re
import socket
import sys
from collections.abc import AsyncGenerator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx2
import pytest

from local.development.issuer import DevelopmentIssuer, People, Person, issuer_app, serve_issuer
from local.development.loopback import NotLoopback
from local.development.people import Name
from local.development.serving import serving
from local.development.sign_in import challenge
from shared.http.identity.tokens import KeySource, TokenVerifier
from shared.service.settings import DEVELOPMENT_ISSUER
from tests.harness.installation import until

VERIFIER = "v" * 43
REDIRECT = "http://127.0.0.1:9000/signed-in?from=console"
ASKED = {
    "response_type": "code",
    "client_id": "console",
    "redirect_uri": REDIRECT,
    "scope": "openid profile",
    "state": "s-1",
    "nonce": "n-1",
    "code_challenge": challenge(VERIFIER),
    "code_challenge_method": "S256",
}
EXCHANGE = {
    "grant_type": "authorization_code",
    "client_id": "console",
    "redirect_uri": REDIRECT,
    "code_verifier": VERIFIER,
}


@pytest.fixture
def issuer() -> DevelopmentIssuer:
    people = People()
    people.register([Person(subject="jiang", name=Name(en="Jiang <Yuejian>", zh="蒋"))])
    return DevelopmentIssuer(people=people)


@pytest.fixture
async def client(issuer: DevelopmentIssuer) -> AsyncGenerator[httpx2.AsyncClient]:
    async with serving(issuer_app(issuer)) as address:
        issuer.address = address
        async with httpx2.AsyncClient(base_url=address, trust_env=False) as client:
            yield client


async def code(client: httpx2.AsyncClient) -> str:
    """The code that the client gets after a click on a person."""
    answer = await client.post("/authorize", params=ASKED, data={"subject": "jiang"})
    return parse_qs(urlsplit(answer.headers["location"]).query)["code"][0]


async def test_a_service_accepts_a_token_from_one_request(client: httpx2.AsyncClient) -> None:
    """One request gets a person's token, which a service verifies with keys found by discovery."""
    answer = await client.post("/token", data={"grant_type": "client_credentials", "client_id": "jiang"})

    verifier = TokenVerifier(DEVELOPMENT_ISSUER, "entente", KeySource(discovery=str(client.base_url)))
    identity = await verifier.verify(answer.json()["access_token"])
    assert (identity.issuer, identity.subject) == (DEVELOPMENT_ISSUER, "jiang")
    assert answer.headers["cache-control"] == "no-store"


async def test_an_unknown_person_gets_no_token(client: httpx2.AsyncClient) -> None:
    """The password grant is refused too."""
    unknown = await client.post("/token", data={"grant_type": "client_credentials", "client_id": "nobody"})
    password = await client.post("/token", data={"grant_type": "password", "username": "jiang"})

    assert (unknown.status_code, unknown.json()["error"]) == (401, "invalid_client")
    assert (password.status_code, password.json()["error"]) == (400, "unsupported_grant_type")


async def test_a_person_signs_in_with_one_click(client: httpx2.AsyncClient) -> None:
    """The page shows people in both languages; a click gives a code and the state, the code gives the identity."""
    page = (await client.get("/authorize", params=ASKED)).text
    assert re.search(r'<button name="subject" value="jiang">Jiang &lt;Yuejian&gt; <span lang="zh-Hans">蒋</span>', page)

    clicked = await client.post("/authorize", params=ASKED, data={"subject": "jiang"})
    brought = parse_qs(urlsplit(clicked.headers["location"]).query)
    assert (clicked.status_code, brought["state"], brought["from"]) == (303, ["s-1"], ["console"])

    tokens = (await client.post("/token", data=EXCHANGE | {"code": brought["code"][0]})).json()
    bearer = {"authorization": f"Bearer {tokens['access_token']}"}
    assert (await client.get("/userinfo", headers=bearer)).json() == {
        "sub": "jiang",
        "name": "Jiang <Yuejian>",
        "name#en": "Jiang <Yuejian>",
        "name#zh-Hans": "蒋",
    }
    keys = KeySource(jwks=f"{client.base_url}/jwks")
    assert (await TokenVerifier(DEVELOPMENT_ISSUER, "console", keys).verify(tokens["id_token"])).subject == "jiang"
    assert (await TokenVerifier(DEVELOPMENT_ISSUER, "entente", keys).verify(tokens["access_token"])).subject == "jiang"


async def test_a_client_may_identify_itself_by_http_basic(client: httpx2.AsyncClient) -> None:
    """A client may send its name and a secret in the Authorization header."""
    form = {name: value for name, value in EXCHANGE.items() if name != "client_id"}
    answer = await client.post("/token", data=form | {"code": await code(client)}, auth=("console", "any"))

    assert answer.status_code == 200


@pytest.mark.parametrize(
    "wrong",
    [{"code_verifier": "w" * 43}, {"code_verifier": ""}, {"client_id": "other"}, {"redirect_uri": "http://127.0.0.1/"}],
    ids=["verifier", "no verifier", "client", "redirect"],
)
async def test_a_code_is_valid_only_for_the_client_that_requested_it(
    client: httpx2.AsyncClient, wrong: dict[str, str]
) -> None:
    """A client that cannot prove that it requested the code gets no token, and the code is used up."""
    given = await code(client)
    refused = await client.post("/token", data=EXCHANGE | {"code": given} | wrong)
    again = await client.post("/token", data=EXCHANGE | {"code": given})

    assert [(a.status_code, a.json()["error"]) for a in (refused, again)] == [(400, "invalid_grant")] * 2


async def test_a_code_is_valid_once(client: httpx2.AsyncClient) -> None:
    """The second exchange of a code is refused."""
    exchange = EXCHANGE | {"code": await code(client)}

    assert [(await client.post("/token", data=exchange)).status_code for _ in range(2)] == [200, 400]


@pytest.mark.parametrize(
    "change",
    [
        {"redirect_uri": "https://elsewhere.example/"},
        {"redirect_uri": "http://127.0.0.1.elsewhere.example/"},
        {"redirect_uri": "javascript://127.0.0.1/"},
        {"code_challenge_method": "plain"},
        {"code_challenge": ""},
        {"response_type": "token"},
    ],
    ids=str,
)
async def test_an_invalid_request_gets_no_page_and_no_code(client: httpx2.AsyncClient, change: dict[str, str]) -> None:
    """No code is sent to another machine or issued without PKCE."""
    for answer in (
        await client.get("/authorize", params=ASKED | change),
        await client.post("/authorize", params=ASKED | change, data={"subject": "jiang"}),
    ):
        assert (answer.status_code, "location" in answer.headers) == (422, False)


async def test_people_are_reread_from_their_file(tmp_path: Path) -> None:
    """A new or changed file of people takes effect without a restart; a broken one changes nothing."""
    path = tmp_path / "people.json"
    people = People(path)
    assert people.all() == []

    path.write_text('[{"subject": "jones", "name": {"en": "Tim Jones"}}]')
    assert [p.subject for p in people.all()] == ["jones"]

    path.write_text('[{"subject": "jones", "name": {"en"')
    assert [p.subject for p in people.all()] == ["jones"]

    path.write_text("- {subject: jiang, name: {en: Jiang Yuejian, zh: 蒋}}\n", encoding="utf-8")
    assert [p.subject for p in people.all()] == ["jiang"]


@pytest.mark.parametrize("host", ["0.0.0.0", "192.0.2.1", "::", "example.org"])  # noqa: S104 (the point of it)
async def test_it_listens_on_loopback_only(issuer: DevelopmentIssuer, host: str) -> None:
    """It lets any caller sign in as any person, so it refuses to listen on other addresses."""
    with pytest.raises(NotLoopback):
        await serve_issuer(issuer, host=host, port=0)


@pytest.mark.parametrize(
    ("client_address", "host"),
    [
        ("192.0.2.1", "127.0.0.1"),
        ("127.0.0.1", "rebound.example"),
        ("::ffff:192.0.2.1", "localhost"),
        ("", "localhost"),
    ],
)
async def test_it_answers_this_machine_only(issuer: DevelopmentIssuer, client_address: str, host: str) -> None:
    """A request from another machine, or under a foreign host name, is refused."""
    transport = httpx2.ASGITransport(issuer_app(issuer), client=(client_address, 1))
    async with httpx2.AsyncClient(transport=transport, base_url=f"http://{host}") as elsewhere:
        assert (await elsewhere.get("/jwks")).status_code == 403


async def test_forwarded_headers_change_nothing(client: httpx2.AsyncClient) -> None:
    """The caller's address is the connection's, not the one in a header."""
    answer = await client.get("/jwks", headers={"x-forwarded-for": "192.0.2.1"})

    assert answer.status_code == 200


async def run_once(port: int, state: Path, people: Path) -> dict[str, Any]:
    """Runs the issuer as a program; returns a token, its keys and its output."""
    options = ["--port", str(port), "--state", str(state), "--people", str(people)]
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "local.development.issuer", *options), stderr=asyncio.subprocess.PIPE
    )
    try:
        async with httpx2.AsyncClient(base_url=f"http://127.0.0.1:{port}", trust_env=False) as client:
            await until_it_answers(client)
            body = {"grant_type": "client_credentials", "client_id": "jiang"}
            found = {**(await client.post("/token", data=body)).json(), **(await client.get("/jwks")).json()}
    finally:
        process.terminate()
        _, written = await process.communicate()
    return {**found, "written": written.decode()}


async def until_it_answers(client: httpx2.AsyncClient) -> None:
    """Waits for a server to start."""

    async def answers() -> bool:
        try:
            return (await client.get("/jwks")).is_success
        except httpx2.ConnectError:
            return False

    await until(answers, "the server answers")


async def test_tokens_stay_valid_after_a_restart(tmp_path: Path) -> None:
    """After a restart the issuer has the same key, readable only by its owner, and says it is for development."""
    people = tmp_path / "people.yaml"
    people.write_text("[{subject: jiang, name: {en: Jiang Yuejian}}]")
    with socket.create_server(("127.0.0.1", 0)) as found:
        port = found.getsockname()[1]

    first, second = [await run_once(port, tmp_path / "state", people) for _ in range(2)]

    assert first["keys"] == second["keys"]
    assert first["access_token"] != second["access_token"]
    assert [f"{path.stat().st_mode:o}" for path in (tmp_path / "state").iterdir()] == ["100600"]
    assert "for development only" in first["written"]
