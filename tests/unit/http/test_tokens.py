"""Bearer tokens are believed only if an issuer we know signed them, for us, for now."""

import asyncio
import base64
import contextlib
import hmac
import json
import socket
import time
from collections.abc import AsyncGenerator
from dataclasses import dataclass
from typing import Any

import pytest
from joserfc.jwk import ECKey, OKPKey, RSAKey
from starlette.types import ASGIApp, Receive, Scope, Send

from local.development.issuer import DevelopmentIssuer, issuer_app
from local.development.serving import serving
from shared.http.identity.tokens import (
    Identity,
    InvalidToken,
    IssuerUnavailable,
    KeySource,
    TokenVerifier,
)
from shared.service.settings import DEVELOPMENT_ISSUER

AUDIENCE = "entente"
NOW = int(time.time())
TIMES = ("exp", "iat", "nbf")


def claims_of(value: dict[str, Any] | str) -> str:
    """A test's name without its moment: every worker of a run must call it the same."""
    return value if isinstance(value, str) else "-".join(value)


@dataclass
class Counted:
    """An application that counts its requests for keys."""

    app: ASGIApp
    fetches: int = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self.fetches += scope.get("path") == "/jwks"
        await self.app(scope, receive, send)


def encoded(part: bytes) -> bytes:
    """A part of a token."""
    return base64.urlsafe_b64encode(part).rstrip(b"=")


def verifier(address: str, pause: float = 30.0, max_age: float = 900.0) -> TokenVerifier:
    """A verifier that fetches the keys at `address`."""
    keys = KeySource(jwks=f"{address}/jwks", pause=pause, max_age=max_age)
    return TokenVerifier(DEVELOPMENT_ISSUER, AUDIENCE, keys)


@pytest.fixture
def issuer() -> DevelopmentIssuer:
    return DevelopmentIssuer()


@pytest.fixture
def unused_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as found:
        return found.getsockname()[1]


@pytest.fixture
async def address(issuer: DevelopmentIssuer) -> AsyncGenerator[str]:
    async with serving(issuer_app(issuer)) as address:
        yield address


async def test_a_right_token_says_who_asks(issuer: DevelopmentIssuer, address: str) -> None:
    """A token of the issuer, for us and for now, gives its issuer, its subject and no claim that names a person."""
    now = int(time.time())
    token = issuer.token(
        "jiang", client_id="console", name="Jiang Yuejian", email="j@example.org", iat=now, exp=now + 60
    )

    identity = await verifier(address).verify(token)

    claims = dict(identity.claims)
    assert claims.pop("jti")
    assert (identity.issuer, identity.subject) == (DEVELOPMENT_ISSUER, "jiang")
    assert claims == {"client_id": "console", "iat": now, "exp": now + 60}


@pytest.mark.parametrize(
    ("claims", "reason"),
    [
        ({"exp": NOW - 120}, "expired"),
        ({"exp": None}, "without exp"),
        ({"exp": "tomorrow"}, "its exp is not accepted"),
        ({"aud": "another"}, "its aud is not accepted"),
        ({"aud": None}, "without aud"),
        ({"aud": []}, "its aud is not accepted"),
        ({"iss": "https://elsewhere.example"}, "its iss is not accepted"),
        ({"iss": None}, "without iss"),
        ({"sub": None}, "without sub"),
        ({"sub": ""}, "its sub is not accepted"),
        ({"sub": 7}, "its sub is not accepted"),
        ({"sub": "a\x00b"}, "its subject is not usable"),
        ({"sub": "a" * 256}, "its subject is not usable"),
        ({"nbf": NOW + 600}, "its nbf is not accepted"),
        ({"iat": NOW + 600}, "its iat is not accepted"),
    ],
    ids=claims_of,
)
async def test_a_token_with_a_wrong_claim_is_refused(
    issuer: DevelopmentIssuer, address: str, claims: dict[str, Any], reason: str
) -> None:
    """A token rightly signed that is not for us, not for now, or of nobody is refused, with what is wrong."""
    with pytest.raises(InvalidToken) as refused:
        await verifier(address).verify(issuer.token("jiang", **at_present(claims)))

    assert refused.value.reason == reason


def at_present(claims: dict[str, Any]) -> dict[str, Any]:
    """The claims with their times moved on by what has passed since they were collected, minutes in a whole run."""
    passed = int(time.time()) - NOW
    moved = {name: value + passed for name, value in claims.items() if name in TIMES and isinstance(value, int | float)}
    return claims | moved


@pytest.mark.parametrize(
    "claims", [{"exp": NOW - 30}, {"iat": NOW + 30}, {"nbf": NOW + 30}, {"aud": ["x", AUDIENCE]}], ids=claims_of
)
async def test_clocks_may_differ_by_the_leeway(issuer: DevelopmentIssuer, address: str, claims: dict[str, Any]) -> None:
    """A token whose times are off by half of the leeway holds, and one of several audiences that has ours."""
    assert (await verifier(address).verify(issuer.token("jiang", **at_present(claims)))).subject == "jiang"


@pytest.mark.filterwarnings("ignore::joserfc.errors.SecurityWarning")
async def test_an_unsigned_token_is_refused(issuer: DevelopmentIssuer, address: str) -> None:
    """A token that says it needs no signature is not believed."""
    with pytest.raises(InvalidToken, match="in a way that is not accepted"):
        await verifier(address).verify(issuer.token("jiang", header={"alg": "none"}))


@pytest.mark.parametrize("alg", ["HS256", "HS384", "HS512"])
async def test_the_public_key_is_no_shared_secret(issuer: DevelopmentIssuer, address: str, alg: str) -> None:
    """A token signed with the public key, which everybody has, as a shared secret is not believed."""
    header = json.dumps({"alg": alg, "kid": issuer.key.kid}).encode()
    signed = encoded(header) + b"." + issuer.token("jiang").encode().split(b".")[1]
    signature = hmac.digest(issuer.key.as_pem(private=False), signed, alg.replace("HS", "sha"))

    with pytest.raises(InvalidToken, match="in a way that is not accepted"):
        await verifier(address).verify((signed + b"." + encoded(signature)).decode())


async def test_a_token_of_another_key_is_refused(issuer: DevelopmentIssuer, address: str) -> None:
    """Whoever signs with a key of their own is refused, whether they call it by our key's name or by its own."""
    other = ECKey.generate_key("P-256", auto_kid=True)
    ours = verifier(address)

    with pytest.raises(InvalidToken, match="its signature is not right"):
        await ours.verify(issuer.token("jiang", key=other))
    with pytest.raises(InvalidToken, match="a key the issuer does not have"):
        await ours.verify(issuer.token("jiang", key=other, header={"kid": other.kid}))


@pytest.mark.parametrize(
    ("alg", "key"),
    [("RS256", RSAKey.generate_key(2048)), ("EdDSA", OKPKey.generate_key("Ed25519"))],
    ids=["RSA", "OKP"],
)
@pytest.mark.filterwarnings("ignore::joserfc.errors.SecurityWarning")
async def test_a_key_of_another_kind_under_a_known_name_is_refused(
    issuer: DevelopmentIssuer, address: str, alg: str, key: RSAKey | OKPKey
) -> None:
    """An accepted algorithm that does not belong to the named key is an invalid token, not a crash."""
    with pytest.raises(InvalidToken, match="its signature is not right"):
        await verifier(address).verify(issuer.token("jiang", key=key, header={"alg": alg}))


@pytest.mark.parametrize(
    "token",
    ["", "a.b", "a.b.c", "é", "eyJhbGciOiJFUzI1NiJ9..", "x" * 20_000],
    ids=["empty", "two", "three", "accent", "no body", "long"],
)
async def test_what_is_no_token_is_refused(address: str, token: str) -> None:
    """Anything may stand in a header; what is no signed token is refused as such."""
    with pytest.raises(InvalidToken):
        await verifier(address).verify(token)


@pytest.mark.parametrize(
    "header",
    [["alg"], "alg", 1, None, {"alg": ["ES256"]}, {"alg": "ES256", "kid": ["x"]}],
    ids=json.dumps,
)
async def test_a_header_of_another_kind_is_refused(issuer: DevelopmentIssuer, address: str, header: object) -> None:
    """A header that is JSON, and no header of a token, is an invalid token and no fault of ours."""
    _, body, signature = issuer.token("jiang").split(".")
    with pytest.raises(InvalidToken):
        await verifier(address).verify(f"{encoded(json.dumps(header).encode()).decode()}.{body}.{signature}")


@pytest.mark.parametrize("crit", [5, None, "exp", [5], {}, ["unknown"]], ids=json.dumps)
async def test_a_header_with_strange_members_is_refused(issuer: DevelopmentIssuer, address: str, crit: object) -> None:
    """What a header makes the library stumble over, under a key that is known, is an invalid token as well."""
    _, body, signature = issuer.token("jiang").split(".")
    header = json.dumps({"alg": "ES256", "kid": issuer.key.kid, "crit": crit}).encode()
    with pytest.raises(InvalidToken):
        await verifier(address).verify(f"{encoded(header).decode()}.{body}.{signature}")


async def test_a_new_key_is_fetched_once_for_many_requests(issuer: DevelopmentIssuer) -> None:
    """When the issuer signs with a new key, a hundred requests at once cost one fetch, and all are believed."""
    app = Counted(issuer_app(issuer))
    async with serving(app) as address:
        ours = verifier(address, pause=0.1)
        await ours.verify(issuer.token("jiang"))
        issuer.key = DevelopmentIssuer().key
        await asyncio.sleep(0.1)

        subjects = {
            who.subject for who in await asyncio.gather(*(ours.verify(issuer.token("jiang")) for _ in range(100)))
        }

    assert (subjects, app.fetches) == ({"jiang"}, 2)


async def test_unknown_keys_do_not_make_us_fetch_again_and_again(issuer: DevelopmentIssuer) -> None:
    """However many tokens name keys nobody knows, the issuer is asked no more than once in the pause."""
    app = Counted(issuer_app(issuer))
    async with serving(app) as address:
        ours = verifier(address)
        await ours.verify(issuer.token("jiang"))
        for n in range(20):
            with pytest.raises(InvalidToken):
                await ours.verify(issuer.token("jiang", header={"kid": f"unknown-{n}"}))

    assert app.fetches == 1


async def test_known_keys_hold_while_the_issuer_is_away(issuer: DevelopmentIssuer) -> None:
    """An issuer that is down, even when keys are due to be fetched again, stops nobody whose key is known."""
    async with serving(issuer_app(issuer)) as address:
        ours = verifier(address, pause=0.0, max_age=0.0)
        await ours.verify(issuer.token("jiang"))

    assert (await ours.verify(issuer.token("jiang"))).subject == "jiang"
    await asyncio.sleep(0.1)
    assert (await ours.verify(issuer.token("jiang"))).subject == "jiang"


async def test_a_withdrawn_key_is_forgotten(issuer: DevelopmentIssuer, address: str) -> None:
    """Keys past their age are fetched again, after which tokens of a key the issuer withdrew are refused."""
    ours = verifier(address, pause=0.0, max_age=0.0)
    stolen = issuer.token("jiang")
    await ours.verify(stolen)
    issuer.key = DevelopmentIssuer().key

    with contextlib.suppress(InvalidToken):  # the fetch is in the background: the first uses still pass
        for _ in range(200):
            await ours.verify(stolen)
            await asyncio.sleep(0.01)

    with pytest.raises(InvalidToken, match="a key the issuer does not have"):
        await ours.verify(stolen)


async def test_without_any_key_nothing_is_judged_and_the_first_answer_is_soon_found(
    issuer: DevelopmentIssuer, unused_port: int
) -> None:
    """An issuer that has not started yet makes us unavailable, not unbelieving; once it starts, tokens hold."""
    ours = TokenVerifier(
        DEVELOPMENT_ISSUER, AUDIENCE, KeySource(discovery=f"http://127.0.0.1:{unused_port}", pause=0.1)
    )
    with pytest.raises(IssuerUnavailable):
        await ours.verify(issuer.token("jiang"))
    issuer.address = f"http://127.0.0.1:{unused_port}"

    async with serving(issuer_app(issuer), unused_port):
        await asyncio.sleep(0.1)
        identity: Identity = await ours.verify(issuer.token("jiang"))

    assert identity.subject == "jiang"


async def test_the_first_keys_are_fetched_before_anybody_asks(issuer: DevelopmentIssuer, unused_port: int) -> None:
    """Until an issuer has given keys the source says what is the trouble; from then on, also while it is away, none."""
    keys = KeySource(discovery=f"http://127.0.0.1:{unused_port}", pause=0.1)
    fetching = asyncio.create_task(keys.begin())
    await asyncio.sleep(0.2)
    before = keys.trouble
    issuer.address = f"http://127.0.0.1:{unused_port}"

    async with serving(issuer_app(issuer), unused_port):
        await asyncio.wait_for(fetching, 60)

    assert f"http://127.0.0.1:{unused_port}" in (before or "")
    assert keys.trouble is None


async def test_a_key_set_with_keys_nobody_can_read_still_serves(issuer: DevelopmentIssuer) -> None:
    """A provider's other keys (encryption, shared, broken, of kinds to come) do not spoil the one that signs."""
    others = [{"kty": "AKP"}, {"kty": "EC", "crv": "P-256"}, {"kty": "oct", "k": "AAAA"}, "nonsense", {}]
    encryption = DevelopmentIssuer().jwks()["keys"]
    assert isinstance(encryption, list)
    for_encryption = [{**dict(encryption[0]), "use": "enc"}]
    known = issuer.jwks()["keys"]
    assert isinstance(known, list)
    issuer.jwks = lambda: {"keys": [*others, *for_encryption, *known]}

    async with serving(issuer_app(issuer)) as address:
        assert (await verifier(address).verify(issuer.token("jiang"))).subject == "jiang"
