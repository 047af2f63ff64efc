"""Compatibility: what may change in an event type between a release and the next. `python -m …` checks, exit 1 if not.

Two readers must work: a new one on every old event, since a topic keeps them for ever, and an old one on every new
event, since producers are deployed first; readers ignore unknown fields. So, within a version:

- allowed: a new event type; a new optional property of an open object; other words in titles, descriptions, examples;
- a property may not be removed, nor its type, format, pattern or the like change;
- a new property may not be required (old events lack it), nor enter an object that is closed by
  `additionalProperties: false` (old readers refuse it); an object may be neither closed nor opened;
- required may not become optional (old readers need it), nor optional required (old events may lack it);
- null, an enum's value or an alternative may not be added (old readers refuse it) nor taken away (old events hold it);
- a limit may be neither loosened (old readers refuse what is new) nor tightened (old events may break it);
- another default gives another meaning to events that leave the property out;
- a type keeps its topic, its key and whether it is compacted, and is never removed: its events stay in the topic.

Anything else is a new version of the fact, beside the old one. Rules that a JSON Schema cannot say, such as a
validator in Python, are not seen here.
"""

import json
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from shared.contracts import RELEASED, SCHEMAS
from shared.contracts.schema import Schema, types_of

Change = tuple[str, str]
"""Where, as a path such as `by.office` or `signatures.*.at`, and why it is incompatible."""

WORDS = {"$comment", "$defs", "$id", "$schema", "deprecated", "description", "discriminator", "examples", "title"}
LITERAL = {"const", "default", "enum", "required"}
BELOW = {"additionalProperties": ".*", "items": "[]", "propertyNames": ".(key)"}
ELSEWHERE = {"default", "enum", "const", "properties", "required", *BELOW}
TOLD_APART = {"x-topic": "topic", "x-key": "key", "x-compacted": "compacted"}
OLD_EVENTS = "events already in the topic may not fit"
OLD_READERS = "readers of the released version refuse it"


@dataclass(frozen=True, order=True)
class Finding:
    """One incompatible change: the event type, the path of the field (`.` is the body), the reason."""

    type: str
    path: str
    reason: str

    def __str__(self) -> str:
        return f"{self.type}: {self.path}: {self.reason}"


def incompatibilities(released: Mapping[str, Schema], current: Mapping[str, Schema]) -> list[Finding]:
    """What `current` schemas, by event type, break of the `released` ones; sorted, empty if nothing."""
    return sorted(
        Finding(name, path.removeprefix(".") or ".", reason)
        for name, old in released.items()
        for path, reason in _of_a_type(old, current.get(name))
    )


def read_schemas(folder: Path) -> dict[str, Schema]:
    """The schemas of all event types in `folder`, which holds a file for each topic; each with all of its fields."""
    files = sorted(folder.glob("*.json"))
    return {type: one for file in files for type, one in types_of(json.loads(file.read_text("utf-8"))).items()}


def _of_a_type(old: Schema, new: Schema | None) -> Iterator[Change]:
    if new is None:
        yield "", "the event type is removed: its events stay in the topic, and their readers need it"
        return
    for member, said in TOLD_APART.items():
        if old.get(member) != new.get(member):
            yield "", f"{said} was {old.get(member)}, is {new.get(member)}: what readers subscribed to has moved"
    yield from _compare("", _plain(old, old.get("$defs", {})), _plain(new, new.get("$defs", {})))


def _plain(schema: Schema, definitions: Mapping[str, Schema], within: frozenset[str] = frozenset()) -> Schema:
    """The schema with every reference replaced by what it names, without the words; only recursion keeps its `$ref`."""
    if reference := schema.get("$ref"):
        name = str(reference).rpartition("/")[2]
        if name in within:
            return {"$ref": name}
        rest = {key: value for key, value in schema.items() if key != "$ref"}
        return _plain({**definitions[name], **rest}, definitions, within | {name})

    def value(key: str, it: Any) -> Any:
        if key == "properties":
            return {name: _plain(below, definitions, within) for name, below in it.items()}
        if isinstance(it, list) and key not in LITERAL:
            return [value("", one) for one in cast("list[Any]", it)]
        return _plain(cast("Schema", it), definitions, within) if isinstance(it, dict) and key not in LITERAL else it

    return {key: value(key, it) for key, it in schema.items() if key not in WORDS and not key.startswith("x-")}


def _compare(at: str, old: Schema, new: Schema) -> Iterator[Change]:
    before, after = _alternatives(old), _alternatives(new)
    if _nullable(before) and not _nullable(after):
        yield at, f"may no longer be null: {OLD_EVENTS}"
    if _nullable(after) and not _nullable(before):
        yield at, f"may now be null: {OLD_READERS}"
    before, after = _others(before, than=after), _others(after, than=before)
    if len(before) != len(after):
        why = OLD_READERS if len(after) > len(before) else OLD_EVENTS
        yield at, f"has gained the alternatives {_said(after)} and lost {_said(before)}: {why}"
        return
    for one, other in zip(before, after, strict=True):
        yield from _one(at, one, other)


def _alternatives(schema: Schema) -> list[Schema]:
    """What a value may be, one of these; pydantic writes an optional as `anyOf: […, null]`."""
    common = {key: value for key, value in schema.items() if key not in ("anyOf", "oneOf", "default")}
    return [{**common, **one} for one in schema.get("anyOf") or schema.get("oneOf") or [{}]]


def _nullable(alternatives: Iterable[Schema]) -> bool:
    return any(one.get("type") == "null" for one in alternatives)


def _others(alternatives: Iterable[Schema], *, than: Sequence[Schema]) -> list[Schema]:
    """Those that are not null nor the same on both sides, in an order of their own: the written order says nothing."""
    left = [one for one in alternatives if one.get("type") != "null" and one not in than]
    return sorted(left, key=lambda one: json.dumps(one, sort_keys=True))


def _said(alternatives: Iterable[Schema]) -> str:
    return ", ".join(str(one.get("type")) for one in alternatives) or "none"


def _one(at: str, old: Schema, new: Schema) -> Iterator[Change]:
    if old.get("type") != new.get("type"):
        yield at, f"type was {old.get('type')}, is {new.get('type')}"
        return
    for keyword in sorted((old.keys() | new.keys()) - ELSEWHERE):
        if old.get(keyword) != new.get(keyword):
            yield at, _constraint(keyword, old.get(keyword), new.get(keyword))
    yield from _values(at, old, new)
    yield from _properties(at, old, new)
    for keyword, step in BELOW.items():
        yield from _below(at, step, keyword, old.get(keyword, True), new.get(keyword, True))


def _constraint(keyword: str, old: Any, new: Any) -> str:
    said = f"{keyword} was {'not there' if old is None else old}, is {'not there' if new is None else new}"
    upper = "max" in keyword.lower()
    if not upper and "min" not in keyword.lower():
        return said
    tighter = new is not None and (old is None or (new < old if upper else new > old))
    return f"{said}, tighter: {OLD_EVENTS}" if tighter else f"{said}, looser: {OLD_READERS}"


def _values(at: str, old: Schema, new: Schema) -> Iterator[Change]:
    before, after = _closed_list(old), _closed_list(new)
    if before is None and after is None:
        return
    if before is None or after is None:
        yield at, f"is now a closed list: {OLD_EVENTS}" if after else f"is no longer a closed list: {OLD_READERS}"
        return
    yield from ((at, f"has the new value {value!r}: {OLD_READERS}") for value in after if value not in before)
    yield from ((at, f"has lost the value {value!r}: {OLD_EVENTS}") for value in before if value not in after)


def _closed_list(schema: Schema) -> list[Any] | None:
    return [schema["const"]] if "const" in schema else schema.get("enum")


def _properties(at: str, old: Schema, new: Schema) -> Iterator[Change]:
    before, after = old.get("properties", {}), new.get("properties", {})
    needed, needs = set(old.get("required", ())), set(new.get("required", ()))
    for name in sorted(before.keys() | after.keys()):
        here = f"{at}.{name}"
        if name not in after:
            yield here, "is removed: readers of the released version use it"
        elif name not in before:
            yield from _added(here, required=name in needs, closed=old.get("additionalProperties", True) is not True)
        else:
            yield from _requirement(here, was=name in needed, now=name in needs)
            if name not in needed | needs and before[name].get("default") != after[name].get("default"):
                yield here, "has another default: events that leave it out now mean something else"
            yield from _compare(here, before[name], after[name])


def _added(here: str, *, required: bool, closed: bool) -> Iterator[Change]:
    if required:
        yield here, "is new and required: events already in the topic lack it"
    if closed:
        yield here, f"is new in a closed object: {OLD_READERS}"


def _requirement(here: str, *, was: bool, now: bool) -> Iterator[Change]:
    if now and not was:
        yield here, "is now required: events already in the topic may lack it"
    if was and not now:
        yield here, "is no longer required: readers of the released version need it"


def _below(at: str, step: str, keyword: str, old: Any, new: Any) -> Iterator[Change]:
    if isinstance(old, dict) and isinstance(new, dict):
        yield from _compare(at + step, cast("Schema", old), cast("Schema", new))
    elif old != new:
        yield at, f"{keyword} was {old}, is {new}: " + (OLD_READERS if old is False else OLD_EVENTS)


def main(folders: Sequence[str]) -> int:
    """Prints a line for each incompatible change since the release; answers the exit status.

    `folders` are those of the released and the current schemas, where they are not `released/` and `schemas/`.
    """
    released, current = (read_schemas(Path(folder)) for folder in folders or (RELEASED, SCHEMAS))
    found = incompatibilities(released, current)
    for finding in found:
        print(finding)
    if found:
        print("Make the change an optional, additive one, or publish a new version of the fact beside the old one.")
    else:
        print(f"{len(released)} released event types, none changed incompatibly." if released else "None released yet.")
    return bool(found)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
