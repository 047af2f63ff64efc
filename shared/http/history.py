"""The history of a document (who changed it, when and how), and the document as of a day."""

import json
from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from shared.domain.actor import Actor
from shared.domain.refused import NotFound
from shared.http.documents import Documents
from shared.messaging.outbox import Connection

STEPS = """select version, actor, organisation_id, use_case, cause, at, events,
        (body->'revision'->>'number')::int as revision
    from history where aggregate_id = $1 and kind = $2 and version > $3 order by version limit $4"""
AS_OF = """select version, body from (
        select version, body from history where aggregate_id = $1 and kind = $2 and at < $3
        order by version desc limit 1) found
    where {seen}"""


class HistoryEvent(BaseModel):
    """An event that a change published."""

    model_config = ConfigDict(use_attribute_docstrings=True)

    id: UUID
    type: str
    sequence: int
    """Counts the events of the aggregate, from 1 on."""


class HistoryEntry(BaseModel):
    """One change of an aggregate."""

    model_config = ConfigDict(use_attribute_docstrings=True)

    version: int
    """The version after the change."""
    actor: str
    """The id of the person who made it, or the event or timer that a service acted on."""
    organisation_id: UUID | None
    """The organisation that the person acted for; null for a service."""
    use_case: str
    """The operation by which it was made."""
    cause: str | None
    """What it was part of, such as `import` and its id; null for a single change."""
    at: datetime
    revision: int | None
    """The number of the revision after the change, if terms have revisions."""
    events: list[HistoryEvent]


class HistoryPage(BaseModel):
    """One page of a history, oldest first."""

    model_config = ConfigDict(use_attribute_docstrings=True)

    items: list[HistoryEntry]
    next: str | None
    """Send this as `cursor` to get the following page; null on the last page."""


async def history(
    db: Connection, documents: Documents, actor: Actor, id: UUID, cursor: str | None, limit: int
) -> dict[str, Any]:
    """A page of the changes of a document; raises NotFound if it is missing or hidden from the actor."""
    await documents.one(db, actor, id)
    rows: Sequence[Any] = await db.fetch(STEPS, id, documents.row.kind.noun(), int(cursor or 0), limit + 1)
    return {
        "items": [dict(row) | {"events": json.loads(row["events"])} for row in rows[:limit]],
        "next": str(rows[limit - 1]["version"]) if len(rows) > limit else None,
    }


async def as_of(db: Connection, documents: Documents, actor: Actor, id: UUID, day: date) -> dict[str, Any]:
    """The document as it was at the end of a day in UTC.

    Raises NotFound if there was none, and if the actor may not see it, now or as it was.
    """
    await documents.one(db, actor, id)
    parameters: list[object] = [id, documents.row.kind.noun(), datetime.combine(day + timedelta(days=1), time.min, UTC)]
    seen = " and ".join(["true", *documents.seen(actor, parameters)])
    row = await db.fetchrow(AS_OF.format(seen=seen), *parameters)
    if row is None:
        raise NotFound(what=documents.row.kind.noun().replace("_", " "), id=id)
    return json.loads(row["body"]) | {"version": row["version"]}
