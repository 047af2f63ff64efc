"""Who asks: from the bearer token and the directory to an Actor, before anything is loaded."""

from collections.abc import Callable
from typing import Annotated
from uuid import UUID

from fastapi import Depends, Header, HTTPException, Request
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from shared.directory.actors import Directory, find_actor
from shared.domain.actor import Actor, Role
from shared.domain.refused import NotAllowed, Unavailable
from shared.http.identity.tokens import InvalidToken, TokenVerifier
from shared.messaging.outbox import Connection, Pool
from shared.service.health import Health

BEARER = HTTPBearer(auto_error=False, bearerFormat="JWT", description="a token of the identity provider, for Entente")
Bearer = Annotated[HTTPAuthorizationCredentials | None, Depends(BEARER)]
ActingFor = Annotated[
    UUID | None,
    Header(alias="Entente-Acting-For", description="the organisation acted for, when you hold offices in several"),
]


class Identified:
    """Finds the actor of a request; the same in every service."""

    def __init__(
        self, pool: Pool, verifier: TokenVerifier, directory: Callable[[Connection], Directory], health: Health
    ) -> None:
        self._pool, self._verifier, self._directory, self._health = pool, verifier, directory, health
        self._known = False

    async def __call__(self, request: Request, bearer: Bearer, acting_for: ActingFor = None) -> Actor:
        """The actor; raises HTTPException 401, InvalidToken, IssuerUnavailable, Unavailable or NotAllowed."""
        if len(request.headers.getlist("authorization")) > 1:
            raise InvalidToken("sent twice")
        if bearer is None:
            raise HTTPException(401, "Send a bearer token of the identity provider", {"WWW-Authenticate": "Bearer"})
        identity = await self._verifier.verify(bearer.credentials)
        if self._health.schema:
            raise Unavailable(reason=f"This service cannot work yet: {self._health.schema}", retry_after=2)
        async with self._pool.acquire() as db:
            directory = self._directory(db)
            self._known = self._known or await directory.known()
            if not self._known:
                # Never 403: a service that has not heard of the directory cannot say that somebody is not in it.
                raise Unavailable(reason="This service has not heard of the directory yet", retry_after=2)
            return await find_actor(directory, identity.issuer, identity.subject, acting_for)


def allow(actor: Actor, roles: frozenset[Role]) -> None:
    """Raises NotAllowed unless the actor holds one of the roles."""
    if not any(actor.may(role) for role in roles):
        raise NotAllowed(needed=f"the role {' or '.join(sorted(roles))}")
