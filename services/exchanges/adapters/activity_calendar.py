"""The items of an activity as an iCalendar file."""

from datetime import UTC
from uuid import UUID

from icalendar import Event

from services.exchanges.adapters.activity_people import Found, find_activity
from services.exchanges.adapters.bilingual_pdf import both
from services.exchanges.adapters.calendar_file import calendar_file, organiser_of
from services.exchanges.domain.activity_status import Status
from shared.contracts.activity import Item
from shared.contracts.values import Text
from shared.directory.organisations import Organisations
from shared.domain.actor import Actor
from shared.domain.command import Command
from shared.messaging.outbox import Connection
from shared.service.files import Calendar

_STANDING = {Status.PLANNED: "TENTATIVE", Status.CANCELLED: "CANCELLED"}


class CalendarOfActivity(Command):
    """Find the calendar of an activity."""

    activity_id: UUID


async def read_calendar(ask: CalendarOfActivity, actor: Actor, db: Connection) -> Calendar:
    """The items as an iCalendar file: an entry for each, which a later revision replaces and a cancellation removes.

    Raises NotFound.
    """
    found = await find_activity(ask.activity_id, actor, db)
    organiser = found.activity.organiser
    names = await Organisations(db).named([organiser])
    return Calendar(f"activity-{found.activity.id}.ics", written(found, names.get(organiser)))


def written(found: Found, organiser: Text | None) -> bytes:
    """The calendar's file; the same for the same version of the activity."""
    cancelled = found.activity.status is Status.CANCELLED
    return calendar_file((_event(found, item, organiser) for item in found.activity.items), cancelled=cancelled)


def _event(found: Found, item: Item, organiser: Text | None) -> Event:
    activity, updated = found
    event = Event()
    event.add("uid", f"{activity.id}-{item.number}")
    # A calendar takes only what has a higher number: each revision has one, and so has the cancellation after it.
    event.add("sequence", activity.revision.number - (activity.status is not Status.CANCELLED))
    event.add("dtstamp", updated.astimezone(UTC).replace(microsecond=0))
    event.add("dtstart", item.starts_at.astimezone(UTC))
    event.add("dtend", item.ends_at.astimezone(UTC))
    event.add("summary", both(item.title))
    event.add("location", both(item.place))
    event.add("status", _STANDING.get(activity.status, "CONFIRMED"))
    event.add("organizer", organiser_of(activity.organiser, organiser))
    return event
