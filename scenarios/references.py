"""References, relative days and times: a file has them in place of what is known only when it is played."""

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

from scenarios.notation import REFERENCE, RELATIVE, TIME, YEAR_OF
from scenarios.story import Path
from shared.domain.academic_year import academic_year

_REFERENCE = re.compile(REFERENCE)
_RELATIVE = re.compile(RELATIVE)
_TIME = re.compile(TIME)


class UnknownReference(LookupError):
    """A reference to something that was not made, or that has no such field."""


def is_reference(value: object) -> bool:
    """Whether a value is a reference: `$agreement`, `$agreement.revision`."""
    return isinstance(value, str) and _REFERENCE.fullmatch(value) is not None


def references(value: object, at: Path = ()) -> Iterator[tuple[Path, str]]:
    """Every reference within `value`, with its path."""
    if isinstance(value, str) and is_reference(value):
        yield at, value
    elif isinstance(value, Mapping):
        for name, each in value.items():
            yield from references(each, (*at, name))
    elif isinstance(value, list):
        for index, each in enumerate(value):
            yield from references(each, (*at, index))


def handle_of(reference: str) -> str:
    """The handle in a reference: `agreement` of `$agreement.revision`."""
    return reference.removeprefix("$").partition(".")[0]


def time_of(value: str, today: date, zone: str) -> str:
    """The time that `today-1d 19:30` means in the story's zone, or in the one that it names; any other as it is."""
    if not _TIME.fullmatch(value):
        return value
    day, clock, *named = value.split(" ")
    there = named[0] if named else zone
    if there not in _zones():
        return value
    return datetime.fromisoformat(f"{day_of(day, today)}T{clock}").replace(tzinfo=ZoneInfo(there)).isoformat()


@cache
def _zones() -> frozenset[str]:
    return frozenset(available_timezones())  # reads a folder tree each time


def day_of(value: str, today: date) -> str:
    """The day that `today+30d` means, or the academic year of `year of today+30d`; any other value as it is."""
    relative = value.removeprefix(YEAR_OF)
    if not _RELATIVE.fullmatch(relative):
        return value
    days = relative.removeprefix("today").removesuffix("d")
    day = today + timedelta(days=int(days or 0))
    return day.isoformat() if relative == value else academic_year(day)


def resolved(value: Any, today: date, zone: str, find: Callable[[str], Any]) -> Any:
    """`value` with its references replaced by what `find` gives, and days and times counted from `today` in `zone`.

    Texts under `en` and `zh` are left as they are.
    """
    if isinstance(value, Mapping):
        return {k: v if k in ("en", "zh") else resolved(v, today, zone, find) for k, v in value.items()}
    if isinstance(value, list):
        return [resolved(each, today, zone, find) for each in value]
    if not isinstance(value, str):
        return value
    return find(value) if is_reference(value) else time_of(day_of(value, today), today, zone)


def found_in(documents: Mapping[str, Mapping[str, Any]], reference: str) -> Any:
    """The value of a reference: a document's id, or a field of it; raises UnknownReference."""
    handle, *fields = reference.removeprefix("$").split(".")
    if handle not in documents:
        raise UnknownReference(f"${handle} was not made")
    value: Any = documents[handle]
    for field in fields or ["id"]:
        if not isinstance(value, Mapping):
            raise UnknownReference(f"{reference}: there is no {field} in {value}")
        if field not in value:
            raise UnknownReference(f"{reference}: there is no {field}, only {', '.join(map(str, value))}")
        value = value[field]
    return value
