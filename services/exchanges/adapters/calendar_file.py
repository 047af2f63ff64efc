"""An iCalendar file (RFC 5545) with the method that a calendar program acts by (RFC 5546)."""

from collections.abc import Iterable
from uuid import UUID

from icalendar import Calendar, Event, vCalAddress

from services.exchanges.adapters.bilingual_pdf import both
from shared.contracts.values import Text


def calendar_file(entries: Iterable[Event], *, cancelled: bool) -> bytes:
    """The file of these entries, which a calendar program adds or replaces, or removes if they are cancelled."""
    calendar = Calendar()
    calendar.add("prodid", "-//Entente//Exchanges//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "CANCEL" if cancelled else "PUBLISH")
    for entry in entries:
        calendar.add_component(entry)
    return calendar.to_ical()


def organiser_of(organisation_id: UUID, name: Text | None) -> vCalAddress:
    """An organisation as an entry's organiser.

    RFC 5546 asks for an address; organisations have none that everybody may read.
    """
    address = vCalAddress(f"urn:uuid:{organisation_id}")
    if name:
        address.params["cn"] = both(name)
    return address
