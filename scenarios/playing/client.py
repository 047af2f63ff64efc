"""Everybody's HTTP calls: a token a person, an Idempotency-Key a call, again while a service is away."""

import asyncio
import time
import uuid
from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import httpx2

from local.terminal.explain import CommandError
from scenarios.story import Cast
from shared.http.identity.keys import DISCOVERY_PATH

BOUND = 20.0
"""Seconds for which a service that is away is asked again, and for which an expectation is waited for."""
PAUSE = 0.05
"""Seconds between two looks."""


class PlayError(CommandError):
    """The scenario cannot be played here; the sentence says why and what to do."""


@dataclass(frozen=True)
class Places:
    """Where the installation answers: base addresses."""

    services: Mapping[str, str]
    issuer: str
    mailbox: str | None = None


@dataclass
class Callers:
    """The people of a scenario as they call the services; made by `calling`."""

    places: Places
    http: httpx2.AsyncClient
    issuer: str
    """The `iss` of the tokens, part of everybody's account."""
    token_endpoint: str
    tokens: dict[str, str] = field(default_factory=dict[str, str])

    async def ask(
        self,
        person: Cast,
        service: str,
        method: str,
        path: str,
        *,
        acting_for: str | None = None,
        body: Any = None,
        version: int | None = None,
        query: Mapping[str, str] | None = None,
    ) -> httpx2.Response:
        """The service's answer, also a refusal; raises PlayError if the service stays away."""
        headers = {"Entente-Acting-For": acting_for} if acting_for else {}
        if method == "POST":
            headers["Idempotency-Key"] = uuid.uuid4().hex
        if version is not None:
            headers["If-Match"] = f'"{version}"'
        request = {"params": dict(query or {}), "headers": headers, "json": body}
        return await self._insist(person, method, self._address(service) + path, request)

    async def mails(self, to: str) -> list[dict[str, Any]]:
        """The mails to an address that the development mailbox has; raises PlayError if it is not known or away."""
        if self.places.mailbox is None:
            raise PlayError("where the mailbox answers is not known: give --url mailbox=http://…")
        try:
            answer = await self.http.get(f"{self.places.mailbox.rstrip('/')}/mails", params={"to": to})
            return answer.raise_for_status().json()
        except httpx2.HTTPError as error:
            raise PlayError(f"the mailbox at {self.places.mailbox} does not answer: {error}") from error

    def _address(self, service: str) -> str:
        try:
            return self.places.services[service].rstrip("/")
        except KeyError:
            raise PlayError(f"where {service} answers is not known: give --url {service}=http://…") from None

    async def _insist(self, person: Cast, method: str, url: str, request: dict[str, Any]) -> httpx2.Response:
        """Asks again while the service is away: with the same Idempotency-Key, so that it happens once."""
        until, why = time.monotonic() + BOUND, ""
        while time.monotonic() < until:
            headers = request["headers"] | {"Authorization": f"Bearer {await self._token(person)}"}
            try:
                answer = await self.http.request(method, url, **(request | {"headers": headers}))
            except httpx2.TransportError as error:
                why, wait = f"{type(error).__name__} {error}", PAUSE
            else:
                if answer.status_code == 401 and self.tokens.pop(person.subject, None):
                    why = f"the token of the issuer at {self.places.issuer} is refused: {answer.text[:200]}"
                    wait = PAUSE
                elif answer.status_code == 503:
                    why, wait = answer.text, _retry_after(answer)
                else:
                    return answer
            await asyncio.sleep(min(wait, max(0.0, until - time.monotonic())))
        raise PlayError(f"{method} {url} did not work out within {BOUND:g} s: {why}")

    async def _token(self, person: Cast) -> str:
        if person.subject not in self.tokens:
            form = {"grant_type": "client_credentials", "client_id": person.subject}
            answer = await self.http.post(self.token_endpoint, data=form)
            if answer.status_code != 200:
                raise PlayError(
                    f"the issuer gives no token for {person.subject}: {answer.text[:200]}; add them to its people"
                )
            self.tokens[person.subject] = answer.json()["access_token"]
        return self.tokens[person.subject]


@asynccontextmanager
async def calling(places: Places) -> AsyncGenerator[Callers]:
    """Callers during the block; raises PlayError if the issuer does not answer."""
    # A proxy of the environment is for the outside, not for what runs here.
    async with httpx2.AsyncClient(timeout=10, trust_env=not _is_here(places.issuer)) as http:
        try:
            found = (await http.get(places.issuer.rstrip("/") + DISCOVERY_PATH)).raise_for_status().json()
        except (httpx2.HTTPError, ValueError) as error:
            raise PlayError(f"the issuer at {places.issuer} does not answer: {error}") from error
        yield Callers(places, http, found["issuer"], found["token_endpoint"])


def _is_here(address: str) -> bool:
    return httpx2.URL(address).host in ("127.0.0.1", "localhost", "::1")


def _retry_after(answer: httpx2.Response) -> float:
    try:
        # A service says seconds for crowds; one caller may look sooner, yet not much.
        return max(PAUSE, min(0.25, float(answer.headers.get("Retry-After", "0.25"))))
    except ValueError:
        return 0.25
