"""Golden JSON Schemas: one file for each event type, made from the models, read by people and by other languages.

`python -m shared.contracts.golden write` makes them (`make contracts`), `check` says which are not as the models give
them, `release` keeps them as what is released.
"""

import json
import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, Literal, NamedTuple

from shared.contracts import RELEASED, SCHEMAS, load_all
from shared.contracts.compatibility import incompatibilities, read_schemas
from shared.contracts.event import Event, Tombstone
from shared.contracts.examples import example

DIALECT = "https://json-schema.org/draft/2020-12/schema"


def schema_id(type: str) -> str:
    """The `$id` of an event type's schema, which is the `ce_dataschema` of its records."""
    return f"urn:entente:schema:{type}"


def key_of(event: type[Event]) -> str:
    """The field whose value is the key of the event's records: the aggregate's id."""
    return event.topic.rpartition(".")[2].replace("-", "_") + "_id"


def schema(event: type[Event]) -> dict[str, Any]:
    """The JSON Schema (2020-12) of the event's body, as read, with its topic, key and an example."""
    body = _no_body(event) if issubclass(event, Tombstone) else event.model_json_schema(mode="validation")
    head = {
        "$schema": DIALECT,
        "$id": schema_id(event.type),
        "title": body.pop("title"),
        "description": body.pop("description"),
        "x-topic": event.topic,
        "x-key": key_of(event),
        "x-compacted": event.compacted,
    }
    definitions = {"$defs": body.pop("$defs")} if "$defs" in body else {}
    return head | body | definitions | {"examples": [example(event)]}


def _no_body(event: type[Event]) -> dict[str, Any]:
    return {
        "title": event.topic.rpartition(".")[2].title().replace("-", "") + "Erased",
        "description": "A record without a body (tombstone): what the topic held of this key is erased, and so is "
        "every copy of it.",
        "type": "null",
    }


def golden() -> dict[str, str]:
    """What each golden file should hold, by its name."""
    return {
        f"{name}.json": json.dumps(schema(event), indent=2, ensure_ascii=False) + "\n"
        for name, event in load_all().items()
    }


class Difference(NamedTuple):
    """A golden file that is not as it should be."""

    file: str
    is_: Literal["missing", "left over", "different"]

    def __str__(self) -> str:
        return f"{self.file} is {self.is_} {WHY[self.is_]}"


WHY = {
    "missing": "(its event is new)",
    "left over": "(no event has this type any more)",
    "different": "from what its event gives",
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
    """Writes the golden files and says what changed; answers the exit status."""
    wanted = golden()
    changes = list(differences(wanted, SCHEMAS))
    put(wanted, SCHEMAS)
    for change in changes:
        print(f"{DONE[change.is_]} {change.file}")
    print(f"{len(wanted)} golden schemas, {len(changes)} changed.")
    return 0


DONE = {"missing": "added", "left over": "removed", "different": "changed"}


def check() -> int:
    """Prints which golden files are not as the events give them; answers the exit status."""
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
    """Keeps the golden files as the released ones, if they are up to date and compatible; answers the exit status."""
    if status := check():
        return status
    found = incompatibilities(read_schemas(RELEASED), read_schemas(SCHEMAS))
    for finding in found:
        print(finding)
    if not found:
        put(golden(), RELEASED)
        print(f"{len(golden())} schemas are released.")
    return bool(found)


COMMANDS: dict[str, Callable[[], int]] = {"write": write, "check": check, "release": release}


def main(arguments: list[str]) -> int:
    """Runs the one command named; answers the exit status."""
    if len(arguments) != 1 or arguments[0] not in COMMANDS:
        print(f"usage: python -m shared.contracts.golden {'|'.join(COMMANDS)}", file=sys.stderr)
        return 2
    return COMMANDS[arguments[0]]()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
