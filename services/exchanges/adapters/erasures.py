"""What goes when a person is erased from the directory."""

from collections.abc import Sequence

from shared.contracts.event import Tombstone
from shared.contracts.person import PersonEvent
from shared.messaging.outbox import Connection

# A new version: a request that has read the exchange before fails instead of writing the name back.
_ERASE = """update exchange set body = jsonb_set(body, '{nominee_name}', 'null'), version = version + 1, updated = now()
    where coalesce(body->>'nominee', '') = any($1::text[]) and body->>'nominee_name' is not null"""


async def erasures(events: Sequence[PersonEvent | Tombstone], db: Connection) -> None:
    """Forgets the names under which the people erased were nominated; their exchanges stay, by the opaque id."""
    if erased := [event.envelope.subject for event in events if isinstance(event, Tombstone)]:
        await db.execute(_ERASE, erased)
