"""The development issuer's key and the tokens it signs: for people and, in tests, forged ones."""

import os
import time
import uuid
from collections.abc import Mapping
from pathlib import Path
from typing import cast

import structlog
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, Key, KeySet

from local.development.people import People, Person
from shared.service.settings import DEVELOPMENT_ISSUER

log: structlog.stdlib.BoundLogger = structlog.get_logger(__name__)

KEY_FILE = "issuer-key.json"
LIFETIME = 3600
"""Seconds for which a token is valid."""


class DevelopmentIssuer:
    """Mints tokens for `people` with `issuer` as `iss`, and `audience` unless a request names another.

    `state` is the folder for the key, so that tokens stay valid after a restart; without it, the key is new. `address`
    is the base URL of the issuer's pages, which may differ from the `iss` of its tokens.
    """

    def __init__(
        self,
        *,
        issuer: str = DEVELOPMENT_ISSUER,
        address: str = "http://127.0.0.1:8080",
        audience: str = "entente",
        people: People | None = None,
        state: Path | None = None,
    ) -> None:
        self.issuer = issuer
        self.address = address.rstrip("/")
        self.audience = audience
        self.people = people or People()
        self.key = kept_key(state) if state else new_key()

    def token(
        self,
        subject: str,
        audience: str | None = None,
        *,
        key: Key | None = None,
        header: Mapping[str, object] | None = None,
        **claims: object,
    ) -> str:
        """Return an access token for `subject`.

        To forge tokens: `claims` replace the right ones, and None removes one; `key` and `header` replace those used to
        sign (`header={"alg": "none"}` means unsigned).
        """
        now = int(time.time())
        right: dict[str, object] = {
            "iss": self.issuer,
            "sub": subject,
            "aud": audience or self.audience,
            "iat": now,
            "exp": now + LIFETIME,
            "jti": uuid.uuid4().hex,
            "client_id": subject,
        }
        return self._sign(right | claims, key or self.key, {"typ": "at+jwt", **(header or {})})

    def id_token(self, person: Person, client_id: str, nonce: str | None) -> str:
        """Return an ID token that says who signed in; `nonce` is the client's."""
        now = int(time.time())
        said = {"iss": self.issuer, "aud": client_id, "iat": now, "exp": now + LIFETIME, "auth_time": now}
        return self._sign({**said, "nonce": nonce, **person_claims(person)}, self.key, {})

    def jwks(self) -> dict[str, object]:
        """Return the public key as the key set that services download."""
        return dict(KeySet([self.key]).as_dict(private=False, use="sig", alg="ES256"))

    def subject_of(self, token: str) -> str | None:
        """Return the subject of this issuer's access token, for any audience; None if the token is invalid."""
        rules = jwt.JWTClaimsRegistry(
            iss={"essential": True, "value": self.issuer}, sub={"essential": True}, exp={"essential": True}
        )
        try:
            claims = jwt.decode(token, self.key, algorithms=["ES256"]).claims
            rules.validate(claims)
        except (JoseError, ValueError):
            return None
        return cast("str", claims["sub"])

    def _sign(self, claims: Mapping[str, object], key: Key, header: Mapping[str, object]) -> str:
        full = {"alg": "ES256", "kid": self.key.kid, **header}
        said = {name: value for name, value in claims.items() if value is not None}
        return jwt.encode(full, said, key, algorithms=[str(full["alg"])])


def person_claims(person: Person) -> dict[str, object]:
    """Return a person's names as OpenID Connect claims, with language tags."""
    claims: dict[str, object] = {"sub": person.subject, "name": person.name.en, "name#en": person.name.en}
    return claims | {"name#zh-Hans": person.name.zh} if person.name.zh else claims


def new_key() -> ECKey:
    """Generate an ES256 key; its id is its own thumbprint."""
    return ECKey.generate_key("P-256", private=True, auto_kid=True)


def kept_key(state: Path) -> ECKey:
    """Return the key in the folder `state`. The first call creates it; only its owner can read it."""
    path = state / KEY_FILE
    state.mkdir(parents=True, exist_ok=True)
    if not path.exists():
        _keep(new_key(), path)
    path.chmod(0o600)
    key = ECKey.import_key(path.read_bytes())
    key.ensure_kid()
    return key


def _keep(key: ECKey, path: Path) -> None:
    draft = path.with_name(f"{path.name}.{uuid.uuid4().hex}")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(key.as_bytes(private=True))
    try:
        os.link(draft, path)  # the first process to link wins, so that two starting at once use the same key
    except FileExistsError:
        log.info("another process created the development issuer's key")
    finally:
        draft.unlink()
