"""The public keys of an identity provider, fetched when needed and kept while the provider is down."""

import asyncio
import json
import time
from typing import cast

import httpx2
import structlog
from joserfc.errors import JoseError
from joserfc.jwk import JWKRegistry, Key

log: structlog.stdlib.BoundLogger = structlog.get_logger(__name__)

DISCOVERY_PATH = "/.well-known/openid-configuration"
SIGNING_KEY_TYPES = ("EC", "RSA", "OKP")
LOOPBACK_HOSTS = ("127.0.0.1", "::1", "localhost")


class IssuerUnavailable(Exception):
    """No key of the issuer could be fetched yet, so no token can be checked."""


class KeySource:
    """The signing keys of one issuer.

    `jwks` is the address of the key set; without it, the key set is found through `discovery`, the address below which
    the provider answers `/.well-known/openid-configuration`. Both may differ from the `iss` of the tokens. `timeout`
    bounds a fetch, `pause` is the least time between two fetches, `max_age` the age at which keys are fetched again so
    that a withdrawn one is forgotten; all in seconds.
    """

    def __init__(
        self,
        *,
        discovery: str | None = None,
        jwks: str | None = None,
        timeout: float = 5.0,
        pause: float = 30.0,
        max_age: float = 900.0,
    ) -> None:
        if discovery is None and jwks is None:
            raise ValueError("a key source needs the address of the key set or of the provider")
        self._discovery = discovery
        self._jwks = jwks
        self._timeout = timeout
        self._pause = pause
        self._max_age = max_age
        self._keys: list[Key] = []
        self._fetched_at = 0.0
        self._attempted_at: float | None = None
        self._one_at_a_time = asyncio.Lock()
        self._renewal: asyncio.Task[None] | None = None

    @property
    def trouble(self) -> str | None:
        """Why no token can be checked, in a sentence; None once there are keys, which stay valid while it is away."""
        return None if self._keys else f"it has given no keys yet; see whether {self._jwks or self._discovery} answers"

    async def begin(self) -> None:
        """Fetches the first keys, however long that takes, so that they are there before the first request."""
        while not self._keys:
            await self._renew()
            await asyncio.sleep(1)

    async def find(self, kid: str | None) -> Key | None:
        """The key called `kid` (without a name: the only key there is), or None; raises `IssuerUnavailable`."""
        self._renew_if_old()
        key = self._known(kid)
        if key is None:
            async with self._one_at_a_time:
                # The request that held the lock before may have fetched it.
                key = self._known(kid) or await self._look_up(kid)
        if key is None and not self._keys:
            raise IssuerUnavailable("the identity provider has given no keys yet")
        return key

    def _known(self, kid: str | None) -> Key | None:
        if kid is None:
            return self._keys[0] if len(self._keys) == 1 else None
        return next((key for key in self._keys if key.kid == kid), None)

    def _renew_if_old(self) -> None:
        # In the background: a request whose key is known never waits for a provider that is slow or away.
        busy = self._renewal is not None and not self._renewal.done()
        if self._keys and not busy and time.monotonic() - self._fetched_at > self._max_age and self._may_fetch():
            self._renewal = asyncio.create_task(self._renew())

    def _may_fetch(self) -> bool:
        # Pause only briefly until the first answer: provider and services start together.
        pause = self._pause if self._keys else min(self._pause, 1.0)
        return self._attempted_at is None or time.monotonic() - self._attempted_at >= pause

    async def _look_up(self, kid: str | None) -> Key | None:
        if self._may_fetch():
            await self._refresh()
        return self._known(kid)

    async def _renew(self) -> None:
        async with self._one_at_a_time:
            if self._may_fetch():
                await self._refresh()

    async def _refresh(self) -> None:
        self._attempted_at = time.monotonic()
        try:
            async with asyncio.timeout(self._timeout):
                self._keys = await self._fetch()
        except (httpx2.HTTPError, httpx2.InvalidURL, TimeoutError, ValueError, KeyError, TypeError) as error:
            log.warning("keys of the identity provider not fetched", reason=type(error).__name__)
        else:
            self._fetched_at = time.monotonic()

    async def _fetch(self) -> list[Key]:
        address = self._jwks
        if address is None:
            found = await _get_object(f"{self._discovery}".rstrip("/") + DISCOVERY_PATH)
            address = str(found["jwks_uri"])
        keys = _signing_keys(await _get_object(address))
        if not keys:
            raise ValueError("the key set has no signing key")
        return keys


async def _get_object(address: str) -> dict[str, object]:
    # A proxy from the environment cannot reach the loopback of this machine.
    trust_env = httpx2.URL(address).host not in LOOPBACK_HOSTS
    async with httpx2.AsyncClient(trust_env=trust_env) as client:
        answer = await client.get(address)
    answer.raise_for_status()
    found: object = json.loads(answer.content)
    if not isinstance(found, dict):
        raise TypeError("the identity provider answered something else than an object")
    return cast("dict[str, object]", found)


def _signing_keys(key_set: dict[str, object]) -> list[Key]:
    entries = key_set["keys"]
    if not isinstance(entries, list):
        raise TypeError("the key set holds no list of keys")
    keys = (_signing_key(entry) for entry in cast("list[object]", entries))
    return [key for key in keys if key is not None]


def _signing_key(entry: object) -> Key | None:
    """One key of the set; None for one of another use or one we cannot read: the others still serve."""
    if not isinstance(entry, dict):
        return None
    jwk = cast("dict[str, str | list[str]]", entry)
    if jwk.get("kty") not in SIGNING_KEY_TYPES or jwk.get("use", "sig") != "sig":
        return None
    try:
        key = JWKRegistry.import_key(jwk)
        key.ensure_kid()
    except (JoseError, ValueError, KeyError, TypeError):
        return None
    return key
