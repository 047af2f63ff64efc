"""Finds the Actor by bearer token and directory, before anything is loaded."""

from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from typing import Annotated
from uuid import UUID

from fastapi import Depends, Header, HTTPException, Request
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from shared.directory.actors import (
    Directory,
    Holding,
    NotInDirectory,
    Participants,
    choose_office,
    find_actors,
)
from shared.domain.actor import Actor, Role
from shared.domain.refused import NotAllowed, Unavailable
from shared.http.identity.keys import DISCOVERY_PATH
from shared.http.identity.tokens import Identity, InvalidToken, TokenVerifier
from shared.messaging.outbox import Connection, Pool
from shared.service.health import Health
from shared.service.settings import DEVELOPMENT_ISSUER, Settings

SCHEME = "token"
SESSION = "participant-"
"""How the tokens begin that a service gives to participants itself; no JWT begins so."""
BEARER = HTTPBearer(auto_error=False, bearerFormat="JWT", scheme_name=SCHEME)
Bearer = Annotated[HTTPAuthorizationCredentials | None, Depends(BEARER)]
ActingFor = Annotated[
    UUID | None,
    Header(
        alias="Entente-Acting-For", description="The organisation that you act for, if you hold offices in several."
    ),
]


class Identified:
    """Finds the actor of a request; the same in every service."""

    def __init__(
        self, pool: Pool, verifier: TokenVerifier, directory: Callable[[Connection], Directory], health: Health,
        token: str, participants: Callable[[Connection], Participants] | None = None,
    ) -> None:  # fmt: skip
        """`token` says, in a sentence, how to get a bearer token; `participants` are people beside the directory."""
        self._pool, self._verifier, self._directory, self._health = pool, verifier, directory, health
        self._token, self._participants, self._known = token, participants, False

    async def __call__(self, request: Request, bearer: Bearer, acting_for: ActingFor = None) -> Actor:
        """The actor; raises HTTPException 401, InvalidToken, IssuerUnavailable, Unavailable or NotAllowed."""
        return choose_office(await self.offices(request, bearer), acting_for)

    async def offices(self, request: Request, bearer: Bearer) -> list[Actor]:
        """One actor for each office that the caller holds, or the participant; raises the same as for an actor."""
        token = self._token_of(request, bearer)
        if self._participants and token.startswith(SESSION):
            async with self._ready() as db:
                return [await self._of_session(self._participants(db), token)]
        identity = await self._identity(token)
        async with self._ready() as db:
            try:
                return await find_actors(self._directory(db), identity.issuer, identity.subject)
            except NotInDirectory:
                found = self._participants and self._participants(db).of_account(identity.issuer, identity.subject)
                if found and (id := await found):
                    return [Actor.participant(id)]
                raise

    async def offered(self, request: Request, bearer: Bearer) -> list[Holding]:
        """The offices that other organisations offer the caller; raises the same as for an actor."""
        token = self._token_of(request, bearer)
        if self._participants and token.startswith(SESSION):
            return []
        identity = await self._identity(token)
        async with self._ready() as db:
            return await self._directory(db).offered(identity.issuer, identity.subject)

    async def _of_session(self, participants: Participants, token: str) -> Actor:
        if id := await participants.of_session(token):
            return Actor.participant(id)
        raise InvalidToken("no such session, or it is over", "Ask your coordinator for a new link.")

    def _token_of(self, request: Request, bearer: HTTPAuthorizationCredentials | None) -> str:
        if len(request.headers.getlist("authorization")) > 1:
            raise InvalidToken("sent twice")
        if bearer is None:
            detail = f"Send a bearer token in the header Authorization. {self._token}"
            raise HTTPException(401, detail.removesuffix("."), {"WWW-Authenticate": "Bearer"})
        return bearer.credentials

    async def _identity(self, token: str) -> Identity:
        try:
            return await self._verifier.verify(token)
        except InvalidToken as error:
            error.advice = self._token
            raise

    @asynccontextmanager
    async def directory(self) -> AsyncGenerator[Directory]:
        """The directory, on a connection of its own; raises Unavailable while the service has not heard of it."""
        async with self._ready() as db:
            yield self._directory(db)

    @asynccontextmanager
    async def _ready(self) -> AsyncGenerator[Connection]:
        if self._health.schema:
            raise Unavailable(reason=f"This service cannot work yet: {self._health.schema}", retry_after=2)
        async with self._pool.acquire() as db:
            self._known = self._known or await self._directory(db).known()
            if not self._known:
                # Not 403: without its copy of the directory a service cannot know that the caller is missing from it.
                raise Unavailable(reason="This service has not read the directory yet", retry_after=2)
            yield db


def how_to_get_token(settings: Settings) -> str:
    """How to get a token that this service accepts."""
    if settings.issuer == DEVELOPMENT_ISSUER:
        return (
            "Get one by `entente token PERSON` from the development issuer; `entente token` lists the people it knows."
        )
    address = (settings.issuer_address or settings.issuer).rstrip("/")
    return (
        f"Get one from the identity provider {settings.issuer}, for the audience {settings.audience};"
        f" it says how at {address}{DISCOVERY_PATH}."
    )


def allow(actor: Actor, roles: frozenset[Role]) -> Actor:
    """The actor in an office with one of the roles; raises NotAllowed if there is none."""
    if not any(actor.may(role) for role in roles):
        raise NotAllowed(needed=f"the role {' or '.join(sorted(roles))}")
    return actor.using(roles)
