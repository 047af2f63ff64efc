"""The people who may sign in to the development issuer, from a file that may change while it runs."""

from collections.abc import Iterable
from pathlib import Path
from typing import cast

import structlog
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError
from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from local.state_folder import replace_text

log: structlog.stdlib.BoundLogger = structlog.get_logger(__name__)


class Name(BaseModel):
    """A person's name in English and Chinese."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    en: str
    zh: str | None = None


class Person(BaseModel):
    """Somebody who can sign in: `subject` is what tokens call them."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    subject: str = Field(min_length=1, max_length=255, pattern=r"^[\x21-\x7e]+$")
    name: Name


PEOPLE = TypeAdapter(list[Person])


class People:
    """Those registered and those in `path`, a JSON or YAML list of `{subject, name: {en, zh}}`.

    The file is read again when it changes and may come later than the issuer.
    """

    def __init__(self, path: Path | None = None) -> None:
        self._path = path
        self._stamp: tuple[int, int] | None = None
        self._from_file: dict[str, Person] = {}
        self._registered: dict[str, Person] = {}

    def register(self, people: Iterable[Person]) -> None:
        """Adds people; one of a known subject replaces the older."""
        self._registered |= {person.subject: person for person in people}

    def all(self) -> list[Person]:
        """Everybody, those of the file first, in the order they were given."""
        self._reload_if_changed()
        return list((self._from_file | self._registered).values())

    def find(self, subject: str) -> Person | None:
        """The person whom tokens call `subject`, or None."""
        self._reload_if_changed()
        return self._registered.get(subject) or self._from_file.get(subject)

    def _reload_if_changed(self) -> None:
        stamp = _stamp(self._path)
        if self._path is None or stamp is None or stamp == self._stamp:
            return
        self._stamp = stamp
        try:
            self._from_file = {person.subject: person for person in read_people(self._path)}
        except (YAMLError, ValidationError, UnicodeDecodeError, OSError) as error:
            # Perhaps half written: those known stay until the file changes again.
            log.warning("people not read", file=str(self._path), reason=type(error).__name__)


def read_people(path: Path) -> list[Person]:
    """The people in a JSON or YAML file; raises pydantic's `ValidationError`, `YAMLError` or `OSError`."""
    yaml = YAML(typ="safe", pure=True)
    return PEOPLE.validate_python(cast("object", yaml.load(path.read_text(encoding="utf-8"))))


def introduce(people: Iterable[Person], path: Path) -> None:
    """Adds people to the file; of the same subject the newer counts. Raises as `read_people` does."""
    known = {person.subject: person for person in read_people(path)} if path.exists() else {}
    known |= {person.subject: person for person in people}
    # JSON is YAML too, and is read many times faster.
    replace_text(path, PEOPLE.dump_json(list(known.values()), indent=1, exclude_none=True).decode())


def _stamp(path: Path | None) -> tuple[int, int] | None:
    try:
        found = path.stat() if path else None
    except OSError:
        return None
    return (found.st_mtime_ns, found.st_size) if found else None
