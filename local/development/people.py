"""The people who can sign in to the development issuer, from a file that may change while it runs."""

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
    """Somebody who can sign in; `subject` is the `sub` of their tokens."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    subject: str = Field(min_length=1, max_length=255, pattern=r"^[\x21-\x7e]+$")
    name: Name


PEOPLE = TypeAdapter(list[Person])


class People:
    """People registered in memory or listed in `path`, a JSON or YAML list of `{subject, name: {en, zh}}`.

    It reads the file again when it changes. The file may appear after the issuer has started.
    """

    def __init__(self, path: Path | None = None) -> None:
        self._path = path
        self._stamp: tuple[int, int] | None = None
        self._from_file: dict[str, Person] = {}
        self._registered: dict[str, Person] = {}

    def register(self, people: Iterable[Person]) -> None:
        """Add people; one with a known subject replaces the earlier one."""
        self._registered |= {person.subject: person for person in people}

    def all(self) -> list[Person]:
        """Return all people, first those from the file, each in the order given."""
        self._reload_if_changed()
        return list((self._from_file | self._registered).values())

    def find(self, subject: str) -> Person | None:
        """Return the person with this subject, or None."""
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
            # It may be half written: keep the people we know until the file changes again.
            log.warning("could not read the list of people", file=str(self._path), reason=type(error).__name__)


def read_people(path: Path) -> list[Person]:
    """Read people from a JSON or YAML file. Raises pydantic's `ValidationError`, `YAMLError` or `OSError`."""
    yaml = YAML(typ="safe", pure=True)
    return PEOPLE.validate_python(cast("object", yaml.load(path.read_text(encoding="utf-8"))))


def introduce(people: Iterable[Person], path: Path) -> None:
    """Add people to the file; the newer replaces one with the same subject. Raises what `read_people` raises."""
    known = {person.subject: person for person in read_people(path)} if path.exists() else {}
    known |= {person.subject: person for person in people}
    # Write JSON: it is also YAML, and loads many times faster.
    replace_text(path, PEOPLE.dump_json(list(known.values()), indent=1, exclude_none=True).decode())


def _stamp(path: Path | None) -> tuple[int, int] | None:
    try:
        found = path.stat() if path else None
    except OSError:
        return None
    return (found.st_mtime_ns, found.st_size) if found else None
