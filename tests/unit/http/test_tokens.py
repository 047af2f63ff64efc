"""A bearer token is accepted only if a known issuer signed it, for this audience, and it is valid now."""

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
    """A test id without times, because all xdist workers must collect the same ids."""
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


async def test_a_valid_token_identifies_the_caller(issuer: DevelopmentIssuer, address: str) -> None:
    """It gives the issuer, the subject and some claims, none of which names a person."""
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
async def test_a_token_with_an_invalid_claim_is_refused(
    issuer: DevelopmentIssuer, address: str, claims: dict[str, Any], reason: str
) -> None:
    """Although correctly signed, it is for another audience, not valid now or has no subject; the reason says so."""
    with pytest.raises(InvalidToken) as refused:
        await verifier(address).verify(issuer.token("jiang", **at_present(claims)))

    assert refused.value.reason == reason


def at_present(claims: dict[str, Any]) -> dict[str, Any]:
    """The claims, their times shifted by the time since collection, which can be minutes in a full run."""
    passed = int(time.time()) - NOW
    moved = {name: value + passed for name, value in claims.items() if name in TIMES and isinstance(value, int | float)}
    return claims | moved


@pytest.mark.parametrize(
    "claims", [{"exp": NOW - 30}, {"iat": NOW + 30}, {"nbf": NOW + 30}, {"aud": ["x", AUDIENCE]}], ids=claims_of
)
async def test_clocks_may_differ_by_the_leeway(issuer: DevelopmentIssuer, address: str, claims: dict[str, Any]) -> None:
    """A token whose times are off by half the leeway is accepted, and so is one with several audiences."""
    assert (await verifier(address).verify(issuer.token("jiang", **at_present(claims)))).subject == "jiang"


@pytest.mark.filterwarnings("ignore::joserfc.errors.SecurityWarning")
async def test_an_unsigned_token_is_refused(issuer: DevelopmentIssuer, address: str) -> None:
    """A token cannot say that it needs no signature."""
    with pytest.raises(InvalidToken, match="in a way that is not accepted"):
        await verifier(address).verify(issuer.token("jiang", header={"alg": "none"}))


@pytest.mark.parametrize("alg", ["HS256", "HS384", "HS512"])
async def test_the_public_key_is_not_accepted_as_a_shared_secret(
    issuer: DevelopmentIssuer, address: str, alg: str
) -> None:
    """A token signed by HMAC with the public key, which anyone can read, is refused."""
    header = json.dumps({"alg": alg, "kid": issuer.key.kid}).encode()
    signed = encoded(header) + b"." + issuer.token("jiang").encode().split(b".")[1]
    signature = hmac.digest(issuer.key.as_pem(private=False), signed, alg.replace("HS", "sha"))

    with pytest.raises(InvalidToken, match="in a way that is not accepted"):
        await verifier(address).verify((signed + b"." + encoded(signature)).decode())


async def test_a_token_signed_with_another_key_is_refused(issuer: DevelopmentIssuer, address: str) -> None:
    """The key is refused under the name of the issuer's key as well as under its own name."""
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
async def test_a_key_of_another_type_under_a_known_name_is_refused(
    issuer: DevelopmentIssuer, address: str, alg: str, key: RSAKey | OKPKey
) -> None:
    """An accepted algorithm that does not fit the named key makes the token invalid and raises no other error."""
    with pytest.raises(InvalidToken, match="its signature is not right"):
        await verifier(address).verify(issuer.token("jiang", key=key, header={"alg": alg}))


@pytest.mark.parametrize(
    "token",
    ["", "a.b", "a.b.c", "é", "eyJhbGciOiJFUzI1NiJ9..", "x" * 20_000],
    ids=["empty", "two", "three", "accent", "no body", "long"],
)
async def test_a_malformed_token_is_refused(address: str, token: str) -> None:
    """Whatever the header contains, it raises `InvalidToken` and nothing else."""
    with pytest.raises(InvalidToken):
        await verifier(address).verify(token)


@pytest.mark.parametrize(
    "header",
    [["alg"], "alg", 1, None, {"alg": ["ES256"]}, {"alg": "ES256", "kid": ["x"]}],
    ids=json.dumps,
)
async def test_a_malformed_token_header_is_refused(issuer: DevelopmentIssuer, address: str, header: object) -> None:
    """JSON that is not the header of a token makes the token invalid."""
    _, body, signature = issuer.token("jiang").split(".")
    with pytest.raises(InvalidToken):
        await verifier(address).verify(f"{encoded(json.dumps(header).encode()).decode()}.{body}.{signature}")


@pytest.mark.parametrize("crit", [5, None, "exp", [5], {}, ["unknown"]], ids=json.dumps)
async def test_an_unsupported_crit_header_is_refused(issuer: DevelopmentIssuer, address: str, crit: object) -> None:
    """A value on which the library fails makes the token invalid, even under a known key."""
    _, body, signature = issuer.token("jiang").split(".")
    header = json.dumps({"alg": "ES256", "kid": issuer.key.kid, "crit": crit}).encode()
    with pytest.raises(InvalidToken):
        await verifier(address).verify(f"{encoded(header).decode()}.{body}.{signature}")


async def test_a_new_key_is_fetched_once_for_many_requests(issuer: DevelopmentIssuer) -> None:
    """When the issuer signs with a new key, a hundred concurrent requests cause one fetch and all are accepted."""
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


async def test_unknown_keys_cause_at_most_one_fetch_per_pause(issuer: DevelopmentIssuer) -> None:
    """Twenty tokens with unknown keys cause no further request to the issuer."""
    app = Counted(issuer_app(issuer))
    async with serving(app) as address:
        ours = verifier(address)
        await ours.verify(issuer.token("jiang"))
        for n in range(20):
            with pytest.raises(InvalidToken):
                await ours.verify(issuer.token("jiang", header={"kid": f"unknown-{n}"}))

    assert app.fetches == 1


async def test_known_keys_stay_valid_while_the_issuer_is_down(issuer: DevelopmentIssuer) -> None:
    """This holds even when the keys are due to be fetched again."""
    async with serving(issuer_app(issuer)) as address:
        ours = verifier(address, pause=0.0, max_age=0.0)
        await ours.verify(issuer.token("jiang"))

    assert (await ours.verify(issuer.token("jiang"))).subject == "jiang"
    await asyncio.sleep(0.1)
    assert (await ours.verify(issuer.token("jiang"))).subject == "jiang"


async def test_a_withdrawn_key_is_refused_after_the_next_fetch(issuer: DevelopmentIssuer, address: str) -> None:
    """Keys older than their maximum age are fetched again; then the old key's tokens are refused."""
    ours = verifier(address, pause=0.0, max_age=0.0)
    stolen = issuer.token("jiang")
    await ours.verify(stolen)
    issuer.key = DevelopmentIssuer().key

    with contextlib.suppress(InvalidToken):  # fetched in the background: the first uses still succeed
        for _ in range(200):
            await ours.verify(stolen)
            await asyncio.sleep(0.01)

    with pytest.raises(InvalidToken, match="a key the issuer does not have"):
        await ours.verify(stolen)


async def test_without_keys_the_issuer_counts_as_unavailable(issuer: DevelopmentIssuer, unused_port: int) -> None:
    """Until the issuer has started no token is called invalid; once it has, tokens are accepted."""
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


async def test_the_first_keys_are_fetched_before_the_first_request(issuer: DevelopmentIssuer, unused_port: int) -> None:
    """Until they are fetched the source reports trouble; afterwards tokens are verified even if the issuer is down."""
    keys = KeySource(discovery=f"http://127.0.0.1:{unused_port}", pause=0.1)
    fetching = asyncio.create_task(keys.begin())
    await asyncio.sleep(0.2)
    before = keys.trouble
    issuer.address = f"http://127.0.0.1:{unused_port}"

    async with serving(issuer_app(issuer), unused_port):
        await asyncio.wait_for(fetching, 60)

    assert f"http://127.0.0.1:{unused_port}" in (before or "")
    assert keys.trouble is None
    identity = await TokenVerifier(DEVELOPMENT_ISSUER, AUDIENCE, keys).verify(issuer.token("jiang"))
    assert identity.subject == "jiang"


async def test_unusable_keys_in_a_key_set_are_skipped(issuer: DevelopmentIssuer) -> None:
    """A provider's other keys (for encryption, symmetric, broken or of unknown types) do no harm."""
    others = [{"kty": "AKP"}, {"kty": "EC", "crv": "P-256"}, {"kty": "oct", "k": "AAAA"}, "nonsense", {}]
    encryption = DevelopmentIssuer().jwks()["keys"]
    assert isinstance(encryption, list)
    for_encryption = [{**dict(encryption[0]), "use": "enc"}]
    known = issuer.jwks()["keys"]
    assert isinstance(known, list)
    issuer.jwks = lambda: {"keys": [*others, *for_encryption, *known]}

    async with serving(issuer_app(issuer)) as address:
        assert (await verifier(address).verify(issuer.token("jiang"))).subject == "jiang"
