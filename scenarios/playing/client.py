"""HTTP calls for every person of a scenario, each with their own token, retried while a service is away."""

import asyncio
import re
import time
import uuid
from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import httpx2

from local.errors import CommandError
from scenarios.story import Person
from shared.http.identity.keys import DISCOVERY_PATH

TIMEOUT = 20.0
"""Seconds to retry a service that is away, and to wait for an expectation."""
PAUSE = 0.05
"""Seconds between two attempts."""


class PlayError(CommandError):
    """The scenario cannot be played here; the sentence says why and what to do."""


@dataclass(frozen=True)
class Endpoints:
    """The base addresses of an installation."""

    services: Mapping[str, str]
    issuer: str
    mailbox: str | None = None


class Problem(NamedTuple):
    """Why a service refused a call."""

    slug: str
    detail: str


def problem_of(body: Mapping[str, Any]) -> Problem:
    """The problem in the body of a refusal."""
    # `urn:entente:problem:not-found`, or an address that ends in /not-found
    return Problem(re.split("[:/]", body.get("type", ""))[-1], body.get("detail", ""))


@dataclass
class Client:
    """The people of a scenario as callers of the services; made by `connect`."""

    endpoints: Endpoints
    http: httpx2.AsyncClient
    issuer: str
    """The `iss` of the tokens, which is part of each person's account."""
    token_endpoint: str
    tokens: dict[str, str] = field(default_factory=dict[str, str])
    sessions: dict[str, str] = field(default_factory=dict[str, str])
    """The tokens of those who signed in by a link, by subject; the issuer does not know these people."""

    async def request(
        self,
        person: Person,
        service: str,
        method: str,
        path: str,
        *,
        acting_for: str | None = None,
        body: Any = None,
        version: int | None = None,
        query: Mapping[str, str] | None = None,
    ) -> httpx2.Response:
        """The service's answer, which may be a refusal; raises PlayError if the service stays away."""
        headers = {"Entente-Acting-For": acting_for} if acting_for else {}
        if method == "POST":
            headers["Idempotency-Key"] = uuid.uuid4().hex
        if version is not None:
            headers["If-Match"] = f'"{version}"'
        request = {"params": dict(query or {}), "headers": headers, "json": body}
        return await self._retry(person, method, self._address(service) + path, request)

    async def sign_in(self, person: Person, code: str) -> None:
        """Signs a participant in with the code of a one-time link; raises PlayError if it does not work."""
        answer = await self.http.post(self._address("exchanges") + "/participant-sessions", json={"code": code})
        if answer.status_code != 200:
            raise PlayError(f"{person.name} cannot sign in: {problem_of(answer.json()).detail}")
        self.sessions[person.subject] = answer.json()["token"]

    async def mails(self, to: str = "") -> list[dict[str, Any]]:
        """The mails to an address, or all, in the development mailbox; raises PlayError if it is unknown or away."""
        if self.endpoints.mailbox is None:
            raise PlayError("the address of the mailbox is not known: give --url mailbox=http://…")
        try:
            answer = await self.http.get(f"{self.endpoints.mailbox.rstrip('/')}/mails", params={"to": to})
            return answer.raise_for_status().json()
        except httpx2.HTTPError as error:
            raise PlayError(f"the mailbox at {self.endpoints.mailbox} does not answer: {error}") from error

    def _address(self, service: str) -> str:
        try:
            return self.endpoints.services[service].rstrip("/")
        except KeyError:
            raise PlayError(f"the address of {service} is not known: give --url {service}=http://…") from None

    async def _retry(self, person: Person, method: str, url: str, request: dict[str, Any]) -> httpx2.Response:
        """Retries while the service is away, with the same Idempotency-Key, so that it happens once."""
        until, why = time.monotonic() + TIMEOUT, ""
        while time.monotonic() < until:
            headers = request["headers"] | {"Authorization": f"Bearer {await self._token(person)}"}
            try:
                answer = await self.http.request(method, url, **(request | {"headers": headers}))
            except httpx2.TransportError as error:
                why, wait = f"{type(error).__name__} {error}", PAUSE
            else:
                if answer.status_code == 401 and self.tokens.pop(person.subject, None):
                    why = f"the token of the issuer at {self.endpoints.issuer} is refused: {answer.text[:200]}"
                    wait = PAUSE
                elif answer.status_code == 503:
                    why, wait = answer.text, _retry_after(answer)
                else:
                    return answer
            await asyncio.sleep(min(wait, max(0.0, until - time.monotonic())))
        raise PlayError(f"{method} {url} did not succeed within {TIMEOUT:g} s: {why}")

    async def _token(self, person: Person) -> str:
        if person.subject in self.sessions:
            return self.sessions[person.subject]
        if person.subject not in self.tokens:
            form = {"grant_type": "client_credentials", "client_id": person.subject}
            answer = await self.http.post(self.token_endpoint, data=form)
            if answer.status_code != 200:
                reason = f"the issuer gives no token for {person.subject}: {answer.text[:200]}"
                raise PlayError(f"{reason}; add this person to the issuer")
            self.tokens[person.subject] = answer.json()["access_token"]
        return self.tokens[person.subject]


@asynccontextmanager
async def connect(endpoints: Endpoints) -> AsyncGenerator[Client]:
    """A client during the block; raises PlayError if the issuer does not answer."""
    # An environment's proxy is for other machines, not for what runs on this one.
    async with httpx2.AsyncClient(timeout=10, trust_env=not _is_local(endpoints.issuer)) as http:
        try:
            found = (await http.get(endpoints.issuer.rstrip("/") + DISCOVERY_PATH)).raise_for_status().json()
        except (httpx2.HTTPError, ValueError) as error:
            raise PlayError(f"the issuer at {endpoints.issuer} does not answer: {error}") from error
        yield Client(endpoints, http, found["issuer"], found["token_endpoint"])


def _is_local(address: str) -> bool:
    return httpx2.URL(address).host in ("127.0.0.1", "localhost", "::1")


def _retry_after(answer: httpx2.Response) -> float:
    try:
        # Services say seconds, meant for many callers; a single one may retry sooner.
        return max(PAUSE, min(0.25, float(answer.headers.get("Retry-After", "0.25"))))
    except ValueError:
        return 0.25
