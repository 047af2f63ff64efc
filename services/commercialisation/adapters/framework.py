"""The copy of agreements: filled from partners' events, read where a use case needs an agreement in force."""

from collections.abc import Sequence
from uuid import UUID

from services.commercialisation.domain.framework import AgreementUnknown, Framework
from shared.contracts.agreement import (
    AgreementApproved,
    AgreementDrafted,
    AgreementEnded,
    AgreementEvent,
    AgreementInForce,
    AgreementReturned,
    AgreementReviewed,
    AgreementRevised,
    AgreementSignatureAdded,
    AgreementSigned,
    AgreementSubmitted,
    AgreementTerminated,
    AgreementWithdrawn,
)
from shared.contracts.event import Event
from shared.contracts.values import Area
from shared.messaging.outbox import Connection

STATUS: dict[type[Event], str] = {
    AgreementDrafted: "unsigned",
    AgreementRevised: "unsigned",
    AgreementSubmitted: "unsigned",
    AgreementReviewed: "unsigned",
    AgreementReturned: "unsigned",
    AgreementApproved: "unsigned",
    AgreementSignatureAdded: "unsigned",
    AgreementSigned: "signed",
    AgreementInForce: "in-force",
    AgreementEnded: "ended",
    AgreementTerminated: "terminated",
    AgreementWithdrawn: "withdrawn",
}
"""Where an agreement stands after each event, as far as it matters here."""

_WRITE = """
insert into framework (agreement_id, status, areas, signatories, participants)
select agreement_id, status, areas::text[], signatories::uuid[], participants::uuid[]
from unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::text[])
    as heard (agreement_id, status, areas, signatories, participants)
on conflict (agreement_id) do update set
    status = excluded.status, areas = excluded.areas,
    signatories = excluded.signatories, participants = excluded.participants
"""


async def frameworks(events: Sequence[AgreementEvent], db: Connection) -> None:
    """Keeps each agreement as its newest event tells it; every event tells the whole of what is kept."""
    newest = {event.agreement_id: event for event in events}.values()
    await db.execute(
        _WRITE,
        [e.agreement_id for e in newest],
        [STATUS[type(e)] for e in newest],
        [_array(e.areas) for e in newest],
        [_array(e.signatories) for e in newest],
        [_array(e.participants) for e in newest],
    )


def _array(items: Sequence[Area] | Sequence[UUID]) -> str:
    # unnest cannot take arrays of unequal length apart, so each travels as an array literal.
    return "{" + ",".join(map(str, items)) + "}"


class FrameworkTable:
    """Reads the copy."""

    def __init__(self, db: Connection) -> None:
        self._db = db

    async def get(self, agreement_id: UUID) -> Framework:
        """The agreement as last heard of; raises AgreementUnknown."""
        row = await self._db.fetchrow(
            "select status, areas, signatories, participants from framework where agreement_id = $1", agreement_id
        )
        if row is None:
            raise AgreementUnknown(agreement_id=agreement_id)
        return Framework(
            agreement_id=agreement_id,
            status=row["status"],
            areas=frozenset(map(Area, row["areas"])),
            signatories=frozenset(row["signatories"]),
            participants=frozenset(row["participants"]),
        )
