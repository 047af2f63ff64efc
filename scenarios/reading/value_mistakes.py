"""Mistakes in values that a schema cannot see: no operator, an unknown time zone, a wrong check digit."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any
from uuid import NAMESPACE_URL, uuid5
from zoneinfo import available_timezones

from pydantic import ValidationError

from scenarios.catalogue import Catalogue
from scenarios.reading.mistakes import Mistake, place
from scenarios.references import references, resolved
from scenarios.story import Path, calls_of, use_cases_of
from shared.contracts.values import ASKED


def value_mistakes(file: Mapping[str, Any], rows: Catalogue) -> Iterator[Mistake]:
    """All of them, in the order of the file."""
    zone = file.get("time_zone", "UTC")
    if zone not in available_timezones():
        yield Mistake(("time_zone",), f"field 'time_zone': {zone!r} is not an IANA time zone such as 'Asia/Shanghai'")
    if not any("operator" in office["roles"] for each in file["people"].values() for office in each["offices"]):
        sentence = "field 'people': there is no operator; give one person an office with the role `operator`"
        yield Mistake(("people",), sentence)
    for handle, each in file["organisations"].items():
        yield from _refused(("organisations", handle), each, rows, "register_organisation")
    for index, step in enumerate(file["steps"]):
        for where, call in calls_of(step):
            use_case = use_cases_of(call)[0]
            yield from _refused(("steps", index, *where, use_case), call[use_case], rows, use_case)


def _refused(at: Path, fields: Mapping[str, Any], rows: Catalogue, use_case: str) -> Iterator[Mistake]:
    """What the use case's own command refuses to read."""
    # A different id for each reference: two references to the same organisation are still seen as the same.
    tried = resolved(fields, date.today(), "UTC", lambda reference: str(uuid5(NAMESPACE_URL, reference)))
    replaced = [where for where, _ in references(fields)]
    try:
        rows.use_cases[use_case].row.ask.model_validate(tried, context=ASKED)
    except ValidationError as error:
        for each in error.errors():
            if not any(each["loc"][: len(where)] == where for where in replaced):
                where = (*at, *each["loc"])
                yield Mistake(where, f"{place(where, entry=False)}: {each['msg'].removeprefix('Value error, ')}")
