"""The files of an activity, read back as people's programs read them."""

import re
import time
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pypdfium2
import pytest
from icalendar import Calendar

from services.exchanges.adapters import activity_calendar, certificate, itinerary
from services.exchanges.adapters.activity_people import Found
from services.exchanges.domain.activity import Activity
from services.exchanges.domain.activity_attendance import Certificate
from services.exchanges.domain.activity_kinds import ActivityKind
from services.exchanges.domain.participant_details import Name, NameParts
from shared.contracts.values import Text
from tests.unit.exchanges.activity_cast import (
    ACTIVITY,
    ANNE,
    BIRMINGHAM,
    LIN,
    REASON,
    SCHOOL,
    item,
    items,
    planned,
)

UPDATED = datetime(2026, 12, 1, 9, 30, 15, 250, tzinfo=UTC)
NAMES = {BIRMINGHAM: Text(en="University of Birmingham", zh="伯明翰大学"), SCHOOL: Text(en="School of Engineering")}
DELEGATION = ActivityKind.DELEGATION


def text_of(pdf: bytes) -> str:
    """The words of all pages, with single spaces."""
    pages = [page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(pdf)]
    return " ".join(" ".join(pages).split())


LIN_XIAOYU = Name(latin=NameParts(given="Xiaoyu", family="Lin"), chinese=NameParts(family="林", given="晓雨"))

SINGLE = Name(latin=NameParts(family="Zoë"))


def certified(name: Name) -> bytes:
    """Lin's certificate by this name."""
    given = Certificate(number=7, participant_id=LIN, sessions=2, issued_on=date(2027, 3, 3))
    return certificate.written(planned(), given, name, list(NAMES.values()))


def test_a_certificate_says_the_same_in_both_languages() -> None:
    """Name, title, hosts, days, sessions and number; the hosts' only name stands where there is no other."""
    text = text_of(certified(LIN_XIAOYU))

    assert 'Certificate of attendance 培训证书 Xiaoyu Lin attended 2 of 2 sessions of "Health personnel", ' in text
    assert "held by University of Birmingham and School of Engineering from 1 March 2027 to 2 March 2027." in text
    assert "林晓雨 于2027年3月1日至2027年3月2日参加由伯明翰大学、School of Engineering举办的“卫生人员”" in text
    assert "签发日期：2027年3月3日" in text
    assert f"{ACTIVITY}-7" in text.replace(" ", "")


@pytest.mark.parametrize("name", ["Łukasz Şahin", "Čapková", "Nguyễn Văn Đức", "江跃建", "䶮某", "Zoë O’Brien"])
def test_a_name_is_written_whole(name: str) -> None:
    """Letters beyond those of the Chinese font come from another one, and rare characters are there."""
    assert name in text_of(certified(Name(latin=NameParts(family=name))))


def delegation(**changed: Any) -> Activity:
    """An itinerary of three stops, given in another order than that of time, the last of them overnight."""
    first = datetime(2027, 3, 1, 9, tzinfo=UTC)
    stops = [
        item(first + timedelta(days=1), "stop", SCHOOL, hours=2),
        item(first, "stop", hours=1),
        item(first + timedelta(days=1, hours=10), "stop", hours=8),
    ]
    return planned(DELEGATION, items=stops, **changed)


def test_an_itinerary_has_its_stops_in_the_order_of_time_in_both_languages() -> None:
    """Under their days in the activity's zone, each with its place and its host."""
    text = text_of(itinerary.written(Found(delegation(time_zone="Asia/Shanghai"), UPDATED), NAMES))

    assert "Health personnel 卫生人员 1 March 2027 – 3 March 2027 · 2027年3月1日至2027年3月3日" in text
    assert "Status 状态：planned, not agreed · 计划中，尚未商定" in text
    assert re.findall(r"\d\d:\d\d – (?:\d+ \w+ \d{4} )?\d\d:\d\d", text) == [
        "17:00 – 18:00", "17:00 – 19:00", "03:00 – 11:00",
    ]  # fmt: skip
    assert "Host 承办单位：University of Birmingham · 伯明翰大学" in text
    assert text.index("1 March 2027 · 2027年3月1日") < text.index("2 March 2027 · 2027年3月2日")


def test_an_itinerary_names_those_who_travel_for_whoever_may_read_it() -> None:
    """In both scripts where both are known; for others nothing says that there are any."""
    whole = text_of(itinerary.written(Found(delegation(), UPDATED), NAMES, [LIN_XIAOYU, SINGLE]))
    without = text_of(itinerary.written(Found(delegation(), UPDATED), NAMES))

    assert "Participants 参加人员：Xiaoyu Lin 林晓雨、Zoë" in whole
    assert "参加人员" not in without


def test_an_itinerary_of_many_stops_goes_on_on_the_next_page() -> None:
    """Every stop is there, and none is cut by the end of a page."""
    first = datetime(2027, 3, 1, 9, tzinfo=UTC)
    stops = [item(first + timedelta(hours=n), "stop", hours=1) for n in range(60)]
    pdf = itinerary.written(Found(planned(DELEGATION, items=stops), UPDATED), NAMES)

    assert len(pypdfium2.PdfDocument(pdf)) > 1
    assert text_of(pdf).count("Place 地点") == 60


def calendar_of(activity: Activity) -> Calendar:
    """Its calendar, read back."""
    read = Calendar.from_ical(activity_calendar.written(Found(activity, UPDATED), NAMES[BIRMINGHAM]))
    assert isinstance(read, Calendar)
    return read


def test_a_calendar_has_an_entry_for_each_item() -> None:
    """With what RFC 5545 and 5546 ask of a published one, in UTC, tentative until the hosts agree."""
    calendar = calendar_of(delegation())
    first = calendar.walk("VEVENT")[1]

    assert (calendar["METHOD"], len(calendar.walk("VEVENT"))) == ("PUBLISH", 3)
    assert (first["UID"], first["SEQUENCE"], first["STATUS"]) == (f"{ACTIVITY}-2", 0, "TENTATIVE")
    assert first.decoded("DTSTART") == datetime(2027, 3, 1, 9, tzinfo=UTC)
    assert first.decoded("DTEND") == datetime(2027, 3, 1, 10, tzinfo=UTC)
    assert first.decoded("DTSTAMP") == UPDATED.replace(microsecond=0)
    assert (first["SUMMARY"], first["LOCATION"]) == ("Public health · 公共卫生", "Edgbaston")
    assert first["ORGANIZER"] == f"urn:uuid:{BIRMINGHAM}"
    assert first["ORGANIZER"].params["CN"] == "University of Birmingham · 伯明翰大学"


def test_a_calendar_takes_a_postponement_and_then_a_cancellation() -> None:
    """The same entries with a higher number each time, and at last the method that removes them."""
    activity = planned()
    told = [calendar_of(activity)]
    activity.postpone(items(ActivityKind.TRAINING_COHORT, timedelta(days=7)), REASON, ANNE)
    told.append(calendar_of(activity))
    activity.cancel(REASON, ANNE)
    told.append(calendar_of(activity))

    entries = [calendar.walk("VEVENT")[0] for calendar in told]
    assert [calendar["METHOD"] for calendar in told] == ["PUBLISH", "PUBLISH", "CANCEL"]
    assert [entry["SEQUENCE"] for entry in entries] == [0, 1, 2]
    assert {str(entry["UID"]) for entry in entries} == {f"{ACTIVITY}-1"}
    assert entries[2]["STATUS"] == "CANCELLED"


FILES: dict[str, Callable[[], bytes]] = {
    "certificate": lambda: certified(LIN_XIAOYU),
    "itinerary": lambda: itinerary.written(Found(delegation(), UPDATED), NAMES),
    "calendar": lambda: activity_calendar.written(Found(delegation(), UPDATED), NAMES[BIRMINGHAM]),
}


def test_a_file_is_the_same_at_every_run() -> None:
    """Nothing in it depends on the second in which it is written."""
    before = {name: write() for name, write in FILES.items()}
    time.sleep(1.1)

    assert {name: write() for name, write in FILES.items()} == before
