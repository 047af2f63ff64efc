"""The development issuer's key and the tokens signed with it, for a person or, in tests, for an attacker."""

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
    """Mints tokens for `people`, in the name of `issuer`, for `audience` where no other is asked for.

    `state` is the folder that keeps the key, so that tokens outlive a restart; without one the key is new.
    `address` is where the issuer's pages answer, which need not be the `iss` of its tokens.
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
        """An access token that says `subject`.

        For hostile ones: `claims` replace those that are right, None removes one; `key` and `header` replace what it is
        signed with (`header={"alg": "none"}` is not signed at all).
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
        """What the pages of `client_id` learn of who signed in; `nonce` is theirs."""
        now = int(time.time())
        said = {"iss": self.issuer, "aud": client_id, "iat": now, "exp": now + LIFETIME, "auth_time": now}
        return self._sign({**said, "nonce": nonce, **person_claims(person)}, self.key, {})

    def jwks(self) -> dict[str, object]:
        """The public key, as the key set that services fetch."""
        return dict(KeySet([self.key]).as_dict(private=False, use="sig", alg="ES256"))

    def subject_of(self, token: str) -> str | None:
        """Whom an access token of this issuer is about, whatever its audience; None if it does not hold."""
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
    """A person's names under the claims of OpenID Connect, with language tags."""
    claims: dict[str, object] = {"sub": person.subject, "name": person.name.en, "name#en": person.name.en}
    return claims | {"name#zh-Hans": person.name.zh} if person.name.zh else claims


def new_key() -> ECKey:
    """A fresh ES256 key with a name made of itself."""
    return ECKey.generate_key("P-256", private=True, auto_kid=True)


def kept_key(state: Path) -> ECKey:
    """The key in the folder `state`, made at the first call and readable by its owner only."""
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
        os.link(draft, path)  # whoever was first keeps its key: two starters end with the same one
    except FileExistsError:
        log.info("key of the development issuer made by another process")
    finally:
        draft.unlink()
