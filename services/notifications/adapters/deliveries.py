"""What became of what people were told: for an operator who is asked "why did I not get it?"."""

import json
from enum import StrEnum
from typing import Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from services.notifications.domain.kind import Kind
from shared.contracts.values import Instant, PersonId
from shared.domain.actor import Actor
from shared.domain.command import Command
from shared.messaging.outbox import Connection

# The mail of an entry is sent when its outgoing work is gone.
_DELIVERIES = """
select * from (
    select e.id, e.body, case when e.body->>'mail' <> 'queued' then e.body->>'mail' when o.id is null then 'sent'
        when o.due = 'infinity' then 'failed' else 'pending' end as mail,
        coalesce(o.attempts, 0) as attempts, o.problem, nullif(o.due, 'infinity') as next_attempt
    from entry e left join outgoing o on o.id = e.id
    where $1 = '' or coalesce(e.body->>'person_id', '') = $1
) d where $2::text is null or mail = $2
order by coalesce(body->>'notified_at', '') desc, id limit 200
"""


class MailState(StrEnum):
    """What became of a mail."""

    NO_ADDRESS = "no-address"
    MUTED = "muted"
    PENDING = "pending"
    SENT = "sent"
    FAILED = "failed"


class Deliveries(Command):
    """Whose, and with which mails; all when not given."""

    person_id: PersonId | None = None
    mail: MailState | None = None


class Delivery(BaseModel):
    """One entry of an inbox and its mail, without words and addresses."""

    model_config = ConfigDict(use_attribute_docstrings=True)

    entry_id: UUID
    person_id: PersonId
    notice_id: UUID
    kind: Kind
    event_id: UUID
    event_type: str
    notified_at: Instant
    read_at: Instant | None
    mail: MailState
    attempts: int
    """How often the mail was tried and not accepted, or is being tried."""
    problem: str | None
    """The class of the last attempt's error."""
    next_attempt: Instant | None


async def deliveries(ask: Deliveries, actor: Actor, db: Connection) -> list[Delivery]:
    """The newest 200 deliveries: in the inbox of whom, and what became of the mail."""
    rows = await db.fetch(_DELIVERIES, str(ask.person_id or ""), ask.mail)
    return [_delivery(row) for row in rows]


def _delivery(row: Any) -> Delivery:
    kept = {name: row[name] for name in ("mail", "attempts", "problem", "next_attempt")}
    return Delivery.model_validate({"entry_id": row["id"], **json.loads(row["body"]), **kept})
