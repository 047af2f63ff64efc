"""What a person has muted."""

import json
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from services.notifications.domain.kind import Kind
from shared.domain.actor import Actor
from shared.domain.command import Command
from shared.messaging.outbox import Connection


class AskMuted(Command):
    """What you have muted."""


class Muted(BaseModel):
    """Muted messages still appear in the inbox, but are not sent by e-mail."""

    model_config = ConfigDict(frozen=True, use_attribute_docstrings=True)

    kinds: list[Kind] = []
    subjects: list[UUID] = []
    """Ids of aggregates; an agreement covers everything under it."""


async def muted(ask: AskMuted, actor: Actor, db: Connection) -> Muted:
    """What you have muted; empty if you never muted anything."""
    body = await db.fetchval("select body from mutes where coalesce(body->>'person_id', '') = $1", str(actor.person))
    return Muted.model_validate(json.loads(body)) if body else Muted()
