"""Every route of every service answers hostile tokens with 401, and changes nothing."""

import base64
import json
import time
from collections.abc import Mapping

import pytest
from joserfc.jwk import ECKey, OctKey

from shared.domain.actor import OFFICE_ROLES
from tests.harness.asked import ALL, Command, Query, commands, queries
from tests.harness.installation import Client, Installation
from tests.harness.wrong import nothing_done, slug_of, somebody

HOUR = 3600


@pytest.fixture(scope="module")
async def officer(entente: Installation) -> Client:
    """A person with every role and a valid token."""
    return await somebody(entente, *OFFICE_ROLES)


@pytest.fixture(scope="module")
def hostile(entente: Installation, officer: Client) -> Mapping[str, list[str]]:
    """Authorization headers that must be refused, by their fault."""
    issuer, who, now = entente.issuer, officer.subject, int(time.time())
    right = issuer.token(who)
    head, body, signature = right.split(".")
    public = OctKey.import_key(json.dumps(issuer.key.as_dict(private=False)))
    other = ECKey.generate_key("P-256", private=True)
    tokens = {
        "without a signature": _unsigned(body),
        "with an empty signature": f"{head}.{body}.",
        "with another's signature": f"{head}.{body}.{signature[::-1]}",
        "signed by the public key": issuer.token(who, key=public, header={"alg": "HS256"}),
        "signed by another key": issuer.token(who, key=other),
        "signed by an unknown key": issuer.token(who, key=other, header={"kid": "unknown"}),
        "for another audience": issuer.token(who, "another"),
        "of another issuer": issuer.token(who, iss="https://issuer.example.org"),
        "expired": issuer.token(who, exp=now - HOUR, iat=now - 2 * HOUR),
        "without an end": issuer.token(who, exp=None),
        "from the future": issuer.token(who, nbf=now + HOUR),
        "issued in the future": issuer.token(who, iat=now + HOUR),
        "without a subject": issuer.token(who, sub=None),
        "with U+0000 in its subject": issuer.token(who, sub=f"{who}\x00"),
        "with a number as subject": issuer.token(who, sub=1),
        "with a list as header": f"{_encoded(['alg'])}.{body}.{signature}",
        "with a number as crit": f"{_encoded({'alg': 'ES256', 'kid': issuer.key.kid, 'crit': 5})}.{body}.x",
        "garbage": "garbage",
        "not ASCII": "\xe4.\xf6.\xfc",
        "oversized": right + "x" * 20_000,
        "cut off": right[:-20],
    }
    return {what: [f"Bearer {token}"] for what, token in tokens.items()} | {
        "sent twice": [f"Bearer {right}", f"Bearer {right}"],
        "by password": ["Basic " + base64.b64encode(b"officer:password").decode()],
        "with nothing": ["Bearer "],
        "not sent": [],
    }


def _unsigned(body: str) -> str:
    return f"{_encoded({'alg': 'none', 'typ': 'at+jwt'})}.{body}."


def _encoded(header: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(header).encode()).decode().rstrip("=")


async def _refused(entente: Installation, service: str, method: str, path: str, sent: list[str]) -> str:
    headers = [(b"authorization", value.encode("latin-1")) for value in sent]
    answer = await entente.http(service).request(method, path, headers=headers)
    assert answer.headers["www-authenticate"].startswith("Bearer")
    return slug_of(answer, 401)


@pytest.mark.parametrize("command", [one for one in commands() if not one.row.anybody], ids=str)
async def test_no_hostile_token_commands(
    entente: Installation, hostile: Mapping[str, list[str]], command: Command
) -> None:
    """A command with a hostile token is refused, and nothing changes."""
    async with nothing_done(entente, command.service):
        for what, sent in hostile.items():
            slug = await _refused(entente, command.service, "POST", command.path(), sent)
            assert slug in ("invalid-token", "no-token"), what


@pytest.mark.parametrize("query", queries(), ids=str)
async def test_no_hostile_token_reads(entente: Installation, hostile: Mapping[str, list[str]], query: Query) -> None:
    """A query with a hostile token is refused."""
    for what, sent in hostile.items():
        slug = await _refused(entente, query.service, "GET", query.address, sent)
        assert slug in ("invalid-token", "no-token"), what


async def test_bad_input_by_a_stranger_is_refused(entente: Installation) -> None:
    """A person with a valid token who is not in the directory is refused."""
    answers = [await entente.stranger().get(name, "/me") for name in ALL]

    assert {slug_of(answer, 403) for answer in answers} == {"not-in-directory"}
