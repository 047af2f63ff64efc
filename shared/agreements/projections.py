"""The copy of agreements, filled from the events of `partners`."""

from collections.abc import Sequence
from uuid import UUID

from shared.contracts.agreement import AgreementEvent
from shared.contracts.values import Code
from shared.messaging.outbox import Connection
from shared.messaging.reactions import projection

# unnest flattens arrays of arrays, so lists travel as array literals.
COPY = """insert into agreement_copy (agreement_id, parent_agreement_id, status, areas, signatories, participants)
    select agreement_id, parent_agreement_id, status, areas::text[], signatories::uuid[], participants::uuid[]
    from unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::text[], $6::text[])
        as heard (agreement_id, parent_agreement_id, status, areas, signatories, participants)
    on conflict (agreement_id) do update set parent_agreement_id = excluded.parent_agreement_id,
        status = excluded.status, areas = excluded.areas, signatories = excluded.signatories,
        participants = excluded.participants"""


async def copy_agreements(events: Sequence[AgreementEvent], db: Connection) -> None:
    """Keeps each agreement as its newest event describes it; every event carries all that is kept."""
    newest = {event.agreement_id: event for event in events}.values()
    await db.execute(
        COPY,
        [e.agreement_id for e in newest],
        [e.parent_agreement_id for e in newest],
        [e.status for e in newest],
        [_array(e.areas) for e in newest],
        [_array(e.signatories) for e in newest],
        [_array(e.participants) for e in newest],
    )


def _array(items: Sequence[Code] | Sequence[UUID]) -> str:
    return "{" + ",".join(map(str, items)) + "}"


agreements = projection(copy_agreements, tables=["agreement_copy"])
"""The projection of agreements, for the consumer `copies` of a service that needs one in force."""
