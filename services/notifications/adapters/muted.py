"""What somebody has muted."""

from services.notifications.domain.contact import Mutes
from shared.domain.actor import Actor
from shared.domain.command import Command
from shared.messaging.outbox import Connection
from shared.service.work import adapter


class Muted(Command):
    """One's own."""


async def muted(ask: Muted, actor: Actor, db: Connection) -> Mutes | None:
    """What one has muted; null when nothing ever was."""
    body = await db.fetchval("select body from mutes where coalesce(body->>'person_id', '') = $1", str(actor.person))
    return adapter(Mutes).validate_json(body) if body else None
