"""Golden JSON Schemas: one file for each topic, made from the events' classes, for people and for other languages.

`python -m shared.contracts.golden write` writes them (`make contracts`), `check` lists those that differ from the
classes, `release` keeps them as the released ones, and `show TYPE` prints the schema and an example of one event type.
"""

import json
import sys
from collections.abc import Callable, Iterator, Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import Literal, NamedTuple

from shared.contracts import RELEASED, SCHEMAS, load_all
from shared.contracts.compatibility import incompatibilities, read_schemas
from shared.contracts.schema import Schema, event_schema, topic_schema, topics


def golden() -> dict[str, str]:
    """What each golden file should hold, by its name."""
    return {f"{topic}.json": _written(topic_schema(topic)) for topic in topics()}


def _written(schema: Schema) -> str:
    return json.dumps(schema, indent=2, ensure_ascii=False) + "\n"


class Difference(NamedTuple):
    """A golden file that is not as it should be."""

    file: str
    is_: Literal["missing", "left over", "different"]

    def __str__(self) -> str:
        return f"{self.file} is {self.is_} {WHY[self.is_]}"


WHY = {
    "missing": "(its topic is new)",
    "left over": "(no event has this topic any more)",
    "different": "from what its events give",
}


def differences(wanted: Mapping[str, str], folder: Path) -> Iterator[Difference]:
    """Every file in `folder` that is missing, differs from `wanted`, or is left over; by name."""
    there = {file.name: file.read_text("utf-8") for file in folder.glob("*.json")}
    for name in sorted(wanted.keys() | there.keys()):
        if name not in there:
            yield Difference(name, "missing")
        elif name not in wanted:
            yield Difference(name, "left over")
        elif there[name] != wanted[name]:
            yield Difference(name, "different")


def put(wanted: Mapping[str, str], folder: Path) -> None:
    """Makes `folder` hold the `wanted` files and no other schema."""
    folder.mkdir(exist_ok=True)
    for file in folder.glob("*.json"):
        if file.name not in wanted:
            file.unlink()
    for name, text in wanted.items():
        (folder / name).write_text(text, "utf-8", newline="\n")


def write() -> int:
    """Writes the golden files and says what changed; returns the exit status."""
    wanted = golden()
    changes = list(differences(wanted, SCHEMAS))
    put(wanted, SCHEMAS)
    for change in changes:
        print(f"{DONE[change.is_]} {change.file}")
    print(f"{len(wanted)} golden schemas, {len(changes)} changed.")
    return 0


DONE = {"missing": "added", "left over": "removed", "different": "changed"}


def check() -> int:
    """Prints which golden files are not as the events give them; returns the exit status."""
    changes = list(differences(golden(), SCHEMAS))
    for change in changes:
        print(change)
    print(
        "Run `make contracts`, read the difference and commit it."
        if changes
        else "The golden schemas are as the events give them."
    )
    return bool(changes)


def release() -> int:
    """Keeps the golden files as the released ones, if they are up to date and compatible; returns the exit status."""
    if status := check():
        return status
    found = incompatibilities(read_schemas(RELEASED), read_schemas(SCHEMAS))
    for finding in found:
        print(finding)
    if not found:
        put(golden(), RELEASED)
        print(f"{len(golden())} schemas are released.")
    return bool(found)


def show(type: str) -> int:
    """Prints the schema of one event type with an example; returns the exit status."""
    events = load_all()
    if type not in events:
        alike = get_close_matches(type, events)
        print(f"There is no event type {type}. {'Did you mean: ' if alike else 'There are: '}", file=sys.stderr)
        print(*(alike or events), sep="\n", file=sys.stderr)
        return 2
    print(_written(event_schema(events[type])), end="")
    return 0


COMMANDS: dict[str, Callable[[], int]] = {"write": write, "check": check, "release": release}


def main(arguments: list[str]) -> int:
    """Runs one command; returns the exit status."""
    match arguments:
        case [command] if command in COMMANDS:
            return COMMANDS[command]()
        case ["show", type]:
            return show(type)
        case _:
            print(f"usage: python -m shared.contracts.golden {'|'.join(COMMANDS)}|show TYPE", file=sys.stderr)
            return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
