"""The copy of agreements, filled from the events of `partners`."""

from collections.abc import Sequence
from uuid import UUID

from shared.contracts.agreement import (
    AgreementEnded,
    AgreementEvent,
    AgreementInForce,
    AgreementSigned,
    AgreementTerminated,
    AgreementWithdrawn,
)
from shared.contracts.event import Event
from shared.contracts.values import Code
from shared.messaging.outbox import Connection
from shared.messaging.reactions import projection

UNSIGNED = "unsigned"
STATUS: dict[type[Event], str] = {
    AgreementSigned: "signed",
    AgreementInForce: "in-force",
    AgreementEnded: "ended",
    AgreementTerminated: "terminated",
    AgreementWithdrawn: "withdrawn",
}
"""Where an agreement stands after an event; any other event changes nothing."""

# unnest flattens arrays of arrays, so lists travel as array literals.
INSERT = f"""insert into agreement_copy (agreement_id, status, areas, signatories, participants)
    select agreement_id, coalesce(status, '{UNSIGNED}'), areas::text[], signatories::uuid[], participants::uuid[]
    from unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::text[])
        as heard (agreement_id, status, areas, signatories, participants)
    on conflict (agreement_id) do nothing"""
UPDATE = """update agreement_copy c set status = coalesce(heard.status, c.status), areas = heard.areas::text[],
        signatories = heard.signatories::uuid[], participants = heard.participants::uuid[]
    from unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::text[])
        as heard (agreement_id, status, areas, signatories, participants)
    where c.agreement_id = heard.agreement_id"""


async def copy_agreements(events: Sequence[AgreementEvent], db: Connection) -> None:
    """Keeps each agreement as its newest event describes it; every event carries all that is kept."""
    newest = {event.agreement_id: event for event in events}.values()
    status = {event.agreement_id: STATUS[type(event)] for event in events if type(event) in STATUS}
    heard = (
        [e.agreement_id for e in newest],
        [status.get(e.agreement_id) for e in newest],
        [_array(e.areas) for e in newest],
        [_array(e.signatories) for e in newest],
        [_array(e.participants) for e in newest],
    )
    await db.execute(UPDATE, *heard)
    await db.execute(INSERT, *heard)


def _array(items: Sequence[Code] | Sequence[UUID]) -> str:
    return "{" + ",".join(map(str, items)) + "}"


agreements = projection(copy_agreements, tables=["agreement_copy"])
"""The projection of agreements, for the consumer `copies` of a service that needs one in force."""
