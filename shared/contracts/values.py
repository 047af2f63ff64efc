"""Values that several events share."""

import re
import unicodedata
from datetime import UTC, date, datetime, time
from functools import cache
from typing import Annotated, Final, Self
from uuid import UUID
from zoneinfo import ZoneInfo, available_timezones

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    ValidationInfo,
    model_validator,
)

ISO_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


ASKED: Final = {"asked": True}
"""The context for validating requests. Stored events and documents are read without it and stay readable."""

# They are invisible, so that two different names look the same: blank letters, and marks drawn with the letter
# before. Unicode categories do not distinguish them from visible characters.
_BLANK = re.compile("[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2800\u3164\ufe00-\ufe0f\uffa0\U000e0100-\U000e01ef]")


def _storable(value: str, info: ValidationInfo) -> str:
    # Postgres cannot store U+0000 in text or jsonb, and no text for people needs another control character.
    if any(unicodedata.category(c) in ("Cc", "Cs") and c not in "\n\t" for c in value):
        raise ValueError("control characters such as U+0000 are not allowed")
    if info.context is ASKED:
        _require_visible(value)
    return value


def _require_visible(value: str) -> None:
    # Cf has what turns the direction of writing, and what has no width.
    if _BLANK.search(value) or any(unicodedata.category(c) in ("Cf", "Zl", "Zp") for c in value):
        raise ValueError("invisible characters are not allowed, nor those that change the direction of writing")


def _one_line(value: str, info: ValidationInfo) -> str:
    if info.context is ASKED and not {"\n", "\t"}.isdisjoint(value):
        raise ValueError("line breaks and tabs are not allowed in a text of one line")
    return _storable(value, info)


CODE = r"^[a-z][a-z0-9-]*$"

Code = Annotated[str, StringConstraints(pattern=CODE, max_length=60)]
"""An open code, such as `in-force`: lower-case words joined by hyphens. Readers tolerate codes they do not know."""

Sha256 = Annotated[
    str,
    StringConstraints(pattern=r"^[0-9a-f]{64}$"),
    Field(examples=["9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"]),
]
"""SHA-256 in hexadecimal."""

FieldOfStudy = Annotated[str, Field(pattern=r"^[0-9]{4}$", examples=["0914"])]
"""A detailed field of ISCED-F 2013, such as `0914` (medical diagnostic and treatment technology)."""

AreaCode = Annotated[Code, Field(examples=["talent"], json_schema_extra={"x-reference": "areas"})]
"""An area of cooperation, in a request. The installation's file of areas says which there are."""

Words = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=500), AfterValidator(_one_line)
]
"""A line of text for people: 1 to 500 characters. A request has only visible ones, without line breaks."""

Prose = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=50_000), AfterValidator(_storable)
]
"""A longer text for people: up to 50,000 characters. A request has only visible ones, line breaks and tabs."""


class _Bilingual(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    @model_validator(mode="after")
    def _at_least_one(self) -> Self:
        if not (getattr(self, "en", None) or getattr(self, "zh", None)):
            raise ValueError("give the text in at least one language: `en` or `zh`")
        return self


class Text(_Bilingual):
    """A line of text in English, Simplified Chinese or both."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"en": "Agreed by both sides", "zh": "双方商定"}]})

    en: Words | None = None
    zh: Words | None = None

    def __str__(self) -> str:
        return self.en or self.zh or ""


class Document(_Bilingual):
    """A longer text, such as that of an agreement, in English, Simplified Chinese or both."""

    en: Prose | None = None
    zh: Prose | None = None


Instant = AwareDatetime
"""A moment with its UTC offset; events use UTC."""


@cache
def _zones() -> frozenset[str]:
    return frozenset(available_timezones())  # reads a folder tree: 30 ms each time


def _known_zone(name: str) -> str:
    if name not in _zones():
        raise ValueError("not an IANA time zone; write it like `Europe/London` or `Asia/Shanghai`")
    return name


Zone = Annotated[str, AfterValidator(_known_zone), Field(examples=["Europe/London", "Asia/Shanghai"])]
"""The name of an IANA time zone, such as `Asia/Shanghai`."""

ZoneName = Annotated[str, StringConstraints(min_length=1, max_length=100), Field(examples=["Asia/Shanghai"])]
"""The name of an IANA time zone on an event, unchecked: a reader with older zone data must be able to read it."""


def _iso_day(value: object) -> object:
    # By ourselves: pydantic would read a number, also one in a string, as seconds since 1970.
    if not isinstance(value, str):
        return value
    if not ISO_DAY.fullmatch(value):
        raise ValueError("not a day; write it like `2027-01-31`")
    return date.fromisoformat(value)


FIRST_DAY, LAST_DAY = date(1900, 1, 1), date(2200, 1, 1)
Day = Annotated[
    date,
    Field(ge=FIRST_DAY, le=LAST_DAY, json_schema_extra={"ge": str(FIRST_DAY), "le": str(LAST_DAY)}),
    BeforeValidator(_iso_day),
]
"""A calendar day, from 1900 to 2200."""


def instant(day: date, zone: str) -> datetime:
    """The first moment of `day` in the IANA time zone `zone`, in UTC. Only this function turns a day into a moment."""
    return datetime.combine(day, time.min, ZoneInfo(zone)).astimezone(UTC)


class Identifier(BaseModel, frozen=True):
    """An identifier of an organisation in a public register."""

    model_config = ConfigDict(extra="forbid")

    scheme: Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9-]{1,29}$")] = Field(examples=["ror"])
    """`ror`, `isni`, `lei`, `uscc` (the Chinese unified social credit code), `schac` (a domain) or `pic`.
    Other schemes are stored unchecked."""
    value: Words = Field(examples=["03angcq70"])


OrganisationId = Annotated[UUID, Field(json_schema_extra={"x-reference": "organisations"})]
"""An organisation of the directory. A line of an import may name it by one of its identifiers."""

PersonId = UUID


class Signatory(BaseModel):
    """The person who acts for a party, by an opaque id, and the office that they held at the time. Never a name."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    person_id: PersonId
    office: Text = Field(examples=[{"en": "Director of the International Office", "zh": "国际处处长"}])
