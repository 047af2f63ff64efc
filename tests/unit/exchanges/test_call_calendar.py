"""The deadline of a call, read back as a calendar program reads it."""

from datetime import UTC, datetime

from icalendar import Calendar

from services.exchanges.adapters.call_calendar import FoundCall, written
from services.exchanges.domain.call import Call
from shared.contracts.values import Text
from shared.domain.reason import Cause
from tests.unit.exchanges.scene import ANNE, BIRMINGHAM, REASON, call

UPDATED = datetime(2026, 9, 1, 9, 30, 15, 250, tzinfo=UTC)


def calendar_of(of: Call, version: int) -> Calendar:
    """Its calendar, read back."""
    read = Calendar.from_ical(written(FoundCall(of, version, UPDATED), Text(en="University of Birmingham")))
    assert isinstance(read, Calendar)
    return read


def test_the_deadline_is_the_last_hour_of_the_last_day() -> None:
    """In the call's time zone, so that each office reads it in its own; nothing in it depends on when it is written."""
    one = call()
    calendar = calendar_of(one, 1)
    (entry,) = calendar.walk("VEVENT")

    assert (calendar["METHOD"], entry["STATUS"], entry["SEQUENCE"]) == ("PUBLISH", "CONFIRMED", 1)
    assert entry.decoded("DTSTART") == datetime(2026, 9, 30, 15, tzinfo=UTC)
    assert entry.decoded("DTEND") == datetime(2026, 9, 30, 16, tzinfo=UTC)
    assert entry.decoded("DTSTAMP") == UPDATED.replace(microsecond=0)
    assert str(entry["SUMMARY"]).startswith("Nominations close · 提名截止: ")
    assert (entry["ORGANIZER"], entry["ORGANIZER"].params["CN"]) == (
        f"urn:uuid:{BIRMINGHAM}", "University of Birmingham",
    )  # fmt: skip


def test_the_deadline_of_a_call_closed_early_is_removed() -> None:
    """A call that closed on its last day keeps its entry."""
    early, over = call(), call()
    early.close(ANNE, REASON)
    over.end(Cause.LAST_DAY_PASSED)

    found = [calendar_of(each, 2) for each in (early, over)]

    entries = [each.walk("VEVENT")[0] for each in found]
    assert [each["METHOD"] for each in found] == ["CANCEL", "PUBLISH"]
    assert [(entry["STATUS"], entry["SEQUENCE"]) for entry in entries] == [("CANCELLED", 2), ("CONFIRMED", 2)]
    assert entries[0]["UID"] == f"{early.id}-deadline" == calendar_of(early, 1).walk("VEVENT")[0]["UID"]
