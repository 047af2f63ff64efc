"""A participant signs in with the code of a one-time link."""

from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, StringConstraints

from services.exchanges.app.work import Work
from shared.contracts.values import Instant
from shared.domain.actor import Actor
from shared.domain.command import Command
from shared.domain.refused import Refused


class LinkNotValid(Refused):
    """This link does not work: each works once, for a day, and only the newest one; ask your coordinator for another.

    The answer is the same for a code that was used, is too old, was replaced by a newer one, or never was one.
    """

    status = 403


class BeginSession(Command):
    """Signs in."""

    code: Annotated[str, StringConstraints(min_length=20, max_length=100, pattern=r"^[A-Za-z0-9_-]+$")]
    """From the mail, after the `#` of the link."""


class Session(BaseModel):
    """What to call the service with."""

    model_config = ConfigDict(frozen=True, use_attribute_docstrings=True)

    participant_id: UUID
    token: str
    """Send it as bearer token. It is shown once."""
    expires_at: Instant


async def begin_session(ask: BeginSession, actor: Actor, work: Work) -> Session:
    """Exchanges the code, which then works no more, for a token of an hour."""
    session = await work.access.redeem(ask.code)
    if session is None:
        raise LinkNotValid
    return Session(participant_id=session.participant_id, token=session.token, expires_at=session.expires_at)
