"""The last day of a call as an iCalendar file."""

from datetime import UTC, datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from icalendar import Event

from services.exchanges.adapters.bilingual_pdf import both
from services.exchanges.adapters.calendar_file import calendar_file, organiser_of
from services.exchanges.domain.call import Call, Status
from shared.contracts.values import Text
from shared.directory.organisations import Organisations
from shared.domain.actor import Actor
from shared.domain.command import Command
from shared.domain.reason import Cause
from shared.domain.refused import NotFound
from shared.messaging.outbox import Connection
from shared.service.files import Calendar
from shared.service.work import adapter

_FIND = "select body, version, updated from call where id = $1"
_DEADLINE = Text(en="Nominations close", zh="提名截止")
_SHOWN = timedelta(hours=1)
"""An entry of no length that ends a day would stand in the next one."""


class FoundCall(NamedTuple):
    """A call, its version, and when it was last changed."""

    call: Call
    version: int
    updated: datetime


class CalendarOfCall(Command):
    """Find the calendar of a call."""

    call_id: UUID


async def read_call_calendar(ask: CalendarOfCall, actor: Actor, db: Connection) -> Calendar:
    """The call's deadline as an iCalendar file: its last hour in the call's time zone.

    A calendar program removes the entry once the call was closed before its last day. Raises NotFound.
    """
    row = await db.fetchrow(_FIND, ask.call_id)
    call: Call | None = adapter(Call).validate_json(row["body"]) if row else None
    if row is None or call is None or not call.seen_by(actor):
        raise NotFound(what="call", id=ask.call_id)
    names = await Organisations(db).named([call.sending])
    found = FoundCall(call, row["version"], row["updated"])
    return Calendar(f"call-{call.id}.ics", written(found, names.get(call.sending)))


def written(found: FoundCall, sending: Text | None) -> bytes:
    """The calendar's file; the same for the same version of the call."""
    call = found.call
    # A call that closed on its last day keeps its entry: that day was the deadline.
    cancelled = call.status is Status.CLOSED and call.reason_code != Cause.LAST_DAY_PASSED
    event = Event()
    event.add("uid", f"{call.id}-deadline")
    # A calendar program takes only what has a higher number, and each change of the call has one.
    event.add("sequence", found.version)
    event.add("dtstamp", found.updated.astimezone(UTC).replace(microsecond=0))
    event.add("dtstart", (call.closes_at - _SHOWN).astimezone(UTC))
    event.add("dtend", call.closes_at.astimezone(UTC))
    event.add("summary", f"{both(_DEADLINE)}: {both(call.programme_title)}")
    event.add("status", "CANCELLED" if cancelled else "CONFIRMED")
    event.add("organizer", organiser_of(call.sending, sending))
    return calendar_file([event], cancelled=cancelled)
