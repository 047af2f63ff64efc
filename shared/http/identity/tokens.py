"""Checks bearer tokens, which identify the caller: signed JWTs of one issuer for one audience."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import cast

from joserfc import jws, jwt
from joserfc.errors import ExpiredTokenError, InvalidClaimError, JoseError, MissingClaimError
from joserfc.jwk import Key

from shared.http.identity.keys import IssuerUnavailable, KeySource

__all__ = ["Identity", "InvalidToken", "IssuerUnavailable", "KeySource", "TokenVerifier"]


# Asymmetric only: with HS* a public key could serve as the shared secret.
ALGORITHMS = ["ES256", "ES384", "RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "EdDSA", "Ed25519"]

# Keep only claims that name no person; drop the rest (name, e-mail) at once.
KEPT_CLAIMS = ("azp", "client_id", "scope", "acr", "auth_time", "iat", "exp", "jti")

# What the library raises if a part of the token is JSON of the wrong kind.
MALFORMED = (JoseError, ValueError, TypeError, AttributeError, LookupError, RecursionError)

LONGEST_SUBJECT = 255  # OpenID Connect Core 1.0, section 2
LONGEST_TOKEN = 16_384


class InvalidToken(Exception):
    """A token that is not accepted. `reason` is a short phrase without any part of the token; `advice` a sentence."""

    def __init__(self, reason: str, advice: str = "Sign in again.") -> None:
        super().__init__(reason)
        self.reason, self.advice = reason, advice


@dataclass(frozen=True, slots=True)
class Identity:
    """The caller, according to the issuer: `subject` is unique within `issuer`; `claims` name no person."""

    issuer: str
    subject: str
    claims: Mapping[str, object] = field(default_factory=dict[str, object])


class TokenVerifier:
    """Checks bearer tokens of `issuer` for `audience`; clocks may differ by `leeway`."""

    def __init__(self, issuer: str, audience: str, keys: KeySource, leeway: timedelta = timedelta(seconds=60)) -> None:
        self._issuer = issuer
        self._keys = keys
        self._rules = jwt.JWTClaimsRegistry(
            leeway=int(leeway.total_seconds()),
            iss={"essential": True, "value": issuer},
            aud={"essential": True, "value": audience},
            exp={"essential": True},
            sub={"essential": True},
        )

    async def verify(self, token: str) -> Identity:
        """The identity that a token proves; raises InvalidToken or, while no key is known, IssuerUnavailable."""
        key = await self._keys.find(_key_name(token))
        if key is None:
            raise InvalidToken("signed with a key the issuer does not have")
        claims = self._claims(token, key)
        subject = claims["sub"]
        if not isinstance(subject, str) or len(subject) > LONGEST_SUBJECT or not subject.isprintable():
            raise InvalidToken("its subject is not usable")
        return Identity(self._issuer, subject, {name: claims[name] for name in KEPT_CLAIMS if name in claims})

    def _claims(self, token: str, key: Key) -> dict[str, object]:
        try:
            claims = cast("dict[str, object]", jwt.decode(token, key, algorithms=ALGORITHMS).claims)
            self._rules.validate(claims)
        except MALFORMED as error:
            raise InvalidToken(_reason(error)) from None
        return claims


def _key_name(token: str) -> str | None:
    """The `kid` of the token's header, which is not verified yet."""
    if len(token) > LONGEST_TOKEN:
        raise InvalidToken("too long")
    try:
        header = jws.extract_compact(token.encode()).headers()
        alg, kid = header.get("alg"), header.get("kid")
    except MALFORMED:
        raise InvalidToken("not a signed token") from None
    if alg not in ALGORITHMS:
        raise InvalidToken("signed in a way that is not accepted")
    if kid is not None and not isinstance(kid, str):
        raise InvalidToken("not a signed token")
    return kid


def _reason(error: Exception) -> str:
    match error:
        case ExpiredTokenError():
            return "expired"
        case MissingClaimError():
            return f"without {error.claim}"
        case InvalidClaimError():
            return f"its {error.claim} is not accepted"
        case _:
            return "its signature is not right"
