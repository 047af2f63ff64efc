"""What a person has muted."""

from services.notifications.domain.contact import Mutes
from shared.domain.actor import Actor
from shared.domain.command import Command
from shared.messaging.outbox import Connection
from shared.service.work import adapter


class Muted(Command):
    """What you have muted."""


async def muted(ask: Muted, actor: Actor, db: Connection) -> Mutes | None:
    """What you have muted; null if you never muted anything."""
    body = await db.fetchval("select body from mutes where coalesce(body->>'person_id', '') = $1", str(actor.person))
    return adapter(Mutes).validate_json(body) if body else None
