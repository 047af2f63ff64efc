"""The names of those who take part in activities, in a table of their own: a deletion leaves nothing behind."""

from collections.abc import Sequence
from uuid import UUID

from shared.contracts.event import Tombstone
from shared.contracts.person import PersonEvent
from shared.contracts.values import Text
from shared.messaging.outbox import Connection

_KEEP = "insert into participant_name (activity_id, participant_id, name_en, name_zh) values ($1, $2, $3, $4)"
_FORGET = """delete from participant_name
    where activity_id = $1 and participant_id = coalesce($2::uuid, participant_id)"""
_READ = "select participant_id, name_en, name_zh from participant_name where activity_id = $1"
_ERASE = "delete from participant_name where participant_id::text = any($1::text[])"


class ParticipantNames:
    """Keeps, reads and forgets names."""

    def __init__(self, db: Connection) -> None:
        self._db = db

    async def keep(self, activity_id: UUID, participant_id: UUID, name: Text | None) -> None:
        """Keeps a name, if it is given."""
        if name:
            await self._db.execute(_KEEP, activity_id, participant_id, name.en, name.zh)

    async def forget(self, activity_id: UUID, participant_id: UUID | None = None) -> None:
        """Forgets the name of one person, or all names of an activity."""
        await self._db.execute(_FORGET, activity_id, participant_id)

    async def of(self, activity_id: UUID) -> dict[UUID, Text]:
        """The names known of an activity's people."""
        rows = await self._db.fetch(_READ, activity_id)
        return {row["participant_id"]: Text(en=row["name_en"], zh=row["name_zh"]) for row in rows}


async def forget_erased(events: Sequence[PersonEvent | Tombstone], db: Connection) -> None:
    """Forgets the names of people who were erased from the directory."""
    if erased := [event.envelope.subject for event in events if isinstance(event, Tombstone)]:
        await db.execute(_ERASE, erased)
