"""Mark an inbox entry as read."""

from uuid import UUID

from services.notifications.app.work import Work
from services.notifications.domain.entry import Entry
from shared.domain.actor import Actor
from shared.domain.command import Command
from shared.domain.refused import NotFound


class ReadEntry(Command):
    """An entry in your own inbox."""

    entry_id: UUID


async def read_entry(ask: ReadEntry, actor: Actor, work: Work) -> Entry:
    """Marks it as read; only the first time counts. Raises NotFound for another person's entry."""
    entry = await work.entries.get(ask.entry_id)
    if entry.person_id != actor.person:
        raise NotFound(what="entry", id=ask.entry_id)
    entry.read(work.now)
    return entry
