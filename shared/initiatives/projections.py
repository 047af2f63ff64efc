"""The copy of initiatives, filled from the events of `partners`."""

from collections.abc import Sequence

from shared.contracts.initiative import InitiativeEvent
from shared.messaging.outbox import Connection
from shared.messaging.reactions import projection

SAVE = """insert into initiative_copy (initiative_id, agreement_id, status)
    select * from unnest($1::uuid[], $2::uuid[], $3::text[])
    on conflict (initiative_id) do update set agreement_id = excluded.agreement_id, status = excluded.status"""


async def copy_initiatives(events: Sequence[InitiativeEvent], db: Connection) -> None:
    """Keeps each initiative as its newest event describes it; every event carries all that is kept."""
    newest = {event.initiative_id: event for event in events}
    kept = newest.values()
    await db.execute(SAVE, list(newest), [e.agreement_id for e in kept], [e.status for e in kept])


initiatives = projection(copy_initiatives, tables=["initiative_copy"])
"""The projection of initiatives, for the consumer `copies` of a service whose things may belong to one."""
