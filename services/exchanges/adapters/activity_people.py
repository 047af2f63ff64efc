"""Who takes part in an activity, with the names that the reader may see."""

from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from services.exchanges.domain.activity import Activity
from services.exchanges.domain.participant import Participant
from services.exchanges.domain.participant_details import Name
from shared.contracts.values import OrganisationId
from shared.domain.actor import Actor
from shared.domain.command import Command
from shared.domain.refused import NotFound
from shared.messaging.outbox import Connection
from shared.service.work import adapter

_FIND = "select body, updated from activity where id = $1"
_PARTICIPANTS = "select body from participant where id = any($1::uuid[])"


class Found(NamedTuple):
    """An activity, and when it was last changed."""

    activity: Activity
    updated: datetime


async def find_activity(activity_id: UUID, actor: Actor, db: Connection) -> Found:
    """The activity as it is now; raises NotFound, also for one that the actor may not see."""
    row = await db.fetchrow(_FIND, activity_id)
    activity: Activity | None = adapter(Activity).validate_json(row["body"]) if row else None
    if row is None or activity is None or not activity.seen_by(actor):
        raise NotFound(what="activity", id=activity_id)
    return Found(activity, row["updated"])


async def names_of(activity: Activity, actor: Actor, db: Connection) -> dict[UUID, Name]:
    """The names of its people that the actor may read now."""
    known = [place.participant_id for place in activity.places if activity.knows(actor, place)]
    rows = await db.fetch(_PARTICIPANTS, known) if known else []
    people: list[Participant] = [adapter(Participant).validate_json(row["body"]) for row in rows]
    return {one.id: one.name for one in people if one.name and one.seen_by(actor)}


class PeopleOfActivity(Command):
    """Find who takes part in an activity."""

    activity_id: UUID


class Participation(BaseModel):
    """One person's part in an activity."""

    model_config = ConfigDict(frozen=True, use_attribute_docstrings=True)

    participant_id: UUID
    name: Name | None
    """Null for whoever is no officer of a host or of the organisation that sends the person, for somebody who is not
    registered as a participant, and where the record is shown no more or not yet."""
    sending: OrganisationId
    invited: bool
    """Whether a host invited them; else their organisation enrolled them."""
    admitted: bool
    attended: int
    """How many items they came to."""
    certificate: int | None
    """The number of their certificate, if they have one."""


class People(BaseModel):
    """Who takes part in an activity, in the order in which they were enrolled or invited."""

    items: list[Participation]


async def read_people(ask: PeopleOfActivity, actor: Actor, db: Connection) -> People:
    """Who takes part; names are for officers of the hosts and of the organisation that sends the person.

    Raises NotFound.
    """
    activity = (await find_activity(ask.activity_id, actor, db)).activity
    names = await names_of(activity, actor, db)
    return People(
        items=[
            Participation(
                **dict(place),
                name=names.get(place.participant_id),
                attended=sum(place.participant_id in one.present for one in activity.attendance.values()),
                certificate=activity.certificate_of(place.participant_id),
            )
            for place in activity.places
        ]
    )
