"""The items of an activity as an iCalendar file (RFC 5545), with the method that a calendar acts by (RFC 5546)."""

from datetime import UTC
from uuid import UUID

from icalendar import Calendar as ICalendar
from icalendar import Event, vCalAddress

from services.exchanges.adapters.activity_people import Found, find_activity
from services.exchanges.adapters.bilingual_pdf import both
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
    calendar = ICalendar()
    calendar.add("prodid", "-//Entente//Activities//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "CANCEL" if found.activity.status is Status.CANCELLED else "PUBLISH")
    for item in found.activity.items:
        calendar.add_component(_event(found, item, organiser))
    return calendar.to_ical()


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
    # RFC 5546 asks for an organiser, an address; organisations have none that everybody may read.
    address = vCalAddress(f"urn:uuid:{activity.organiser}")
    if organiser:
        address.params["cn"] = both(organiser)
    event.add("organizer", address)
    return event
