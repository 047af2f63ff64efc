"""Files that a query answers instead of JSON."""

from dataclasses import dataclass
from typing import ClassVar


@dataclass(frozen=True)
class File:
    """A file and its name; a subclass has the media type."""

    name: str
    content: bytes

    media: ClassVar[str]


class Pdf(File):
    """A PDF file."""

    media = "application/pdf"


class Calendar(File):
    """An iCalendar file (RFC 5545)."""

    media = "text/calendar"
