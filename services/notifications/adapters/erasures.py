"""Deletes a person's data when the directory erases the person."""

from collections.abc import Sequence

from shared.contracts.event import Tombstone
from shared.contracts.person import PersonEvent
from shared.messaging.outbox import Connection

_ERASE = (
    "delete from contact where id = any($1::uuid[])",
    "delete from mutes where coalesce(body->>'person_id', '') = any($1::text[])",
    "delete from entry where coalesce(body->>'person_id', '') = any($1::text[])",
    "delete from outgoing where kind = 'mail' and body->>'person_id' = any($1::text[])",
)


async def erasures(events: Sequence[PersonEvent | Tombstone], db: Connection) -> None:
    """Deletes the contact, mutes, inbox and unsent emails of each person erased.

    It runs in the transaction that erases the person from the directory's copy, so nothing can be sent to them later.
    """
    erased = [event.envelope.subject for event in events if isinstance(event, Tombstone)]
    for statement in _ERASE if erased else ():
        await db.execute(statement, erased)
