"""The copy of initiatives, as use cases ask for it."""

from uuid import UUID

from shared.initiatives.initiative import InitiativeCopy, InitiativeUnknown
from shared.messaging.outbox import Connection


class Initiatives:
    """Reads the copy of initiatives."""

    def __init__(self, db: Connection) -> None:
        self._db = db

    async def get(self, initiative_id: UUID) -> InitiativeCopy:
        """The initiative as last copied; raises InitiativeUnknown."""
        row = await self._db.fetchrow(
            "select agreement_id, status from initiative_copy where initiative_id = $1", initiative_id
        )
        if row is None:
            raise InitiativeUnknown(initiative_id=initiative_id)
        return InitiativeCopy(agreement_id=row["agreement_id"], status=row["status"])
