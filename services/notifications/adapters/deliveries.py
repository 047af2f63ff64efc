"""What happened to each notification, for an operator who is asked "Why did I not get it?"."""

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

# An email has been sent once its outgoing work is gone.
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
    """What happened to an email."""

    NO_ADDRESS = "no-address"
    MUTED = "muted"
    PENDING = "pending"
    SENT = "sent"
    FAILED = "failed"


class Deliveries(Command):
    """Filters by person and by what happened to the email; all deliveries if neither is given."""

    person_id: PersonId | None = None
    mail: MailState | None = None


class Delivery(BaseModel):
    """An inbox entry and its email, without texts and addresses."""

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
    """How often the service has tried to send the email without success, an attempt in progress included."""
    problem: str | None
    """The class of the last attempt's error, such as `SMTPConnectError`."""
    next_attempt: Instant | None


async def deliveries(ask: Deliveries, actor: Actor, db: Connection) -> list[Delivery]:
    """The newest 200 deliveries: whose inbox, and what happened to the email."""
    rows = await db.fetch(_DELIVERIES, str(ask.person_id or ""), ask.mail)
    return [_delivery(row) for row in rows]


def _delivery(row: Any) -> Delivery:
    kept = {name: row[name] for name in ("mail", "attempts", "problem", "next_attempt")}
    return Delivery.model_validate({"entry_id": row["id"], **json.loads(row["body"]), **kept})
