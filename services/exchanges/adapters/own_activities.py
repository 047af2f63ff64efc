"""What a participant takes part in: their own part of each activity, and nothing of others."""

import json
from collections.abc import Iterator
from datetime import date
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from services.exchanges.domain.activity import Activity
from shared.contracts.activity import Item
from shared.contracts.values import Code, OrganisationId, Text, ZoneName
from shared.domain.actor import Actor
from shared.domain.command import Command
from shared.domain.refused import NotFound
from shared.messaging.outbox import Connection
from shared.service.work import adapter

MOST = 200
_NAMING = f"select body from activity where body->'places' @> $1::jsonb order by body->>'starts_on' desc limit {MOST}"


class ActivitiesOfParticipant(Command):
    """Find the activities of a participant."""

    participant_id: UUID
    """Your own id."""


class OwnActivity(BaseModel):
    """An activity, and your part in it."""

    model_config = ConfigDict(frozen=True, use_attribute_docstrings=True)

    activity_id: UUID
    kind: Code
    title: Text
    status: Code
    hosts: list[OrganisationId]
    sending: OrganisationId
    """The organisation for which you take part."""
    starts_on: date
    ends_on: date
    time_zone: ZoneName
    items: list[Item]
    admitted: bool
    """Whether you have a place."""
    attended: list[int]
    """The numbers of the items that you came to."""
    certificate: int | None
    """The number of your certificate, if you have one."""


class OwnActivities(BaseModel):
    """The activities of a participant, the latest first; at most 200."""

    items: list[OwnActivity]


async def read_own_activities(ask: ActivitiesOfParticipant, actor: Actor, db: Connection) -> OwnActivities:
    """What you take part in; itinerary, calendar and certificate of each are read by its id.

    Raises NotFound for somebody else's.
    """
    if actor.person_id != ask.participant_id:
        raise NotFound(what="participant", id=ask.participant_id)
    rows = await db.fetch(_NAMING, json.dumps([{"participant_id": str(ask.participant_id)}]))
    found: list[Activity] = [adapter(Activity).validate_json(row["body"]) for row in rows]
    return OwnActivities(items=[own for activity in found if activity.seen_by(actor) for own in _own(activity, actor)])


def _own(activity: Activity, actor: Actor) -> Iterator[OwnActivity]:
    for place in activity.places:
        if place.participant_id == actor.person:
            yield OwnActivity(
                activity_id=activity.id, kind=activity.kind, title=activity.title, status=activity.status,
                hosts=activity.hosts, sending=place.sending, starts_on=activity.starts_on, ends_on=activity.ends_on,
                time_zone=activity.time_zone, items=activity.items, admitted=place.admitted,
                attended=[number for number, one in activity.attendance.items() if actor.person in one.present],
                certificate=activity.certificate_of(actor.person),
            )  # fmt: skip
