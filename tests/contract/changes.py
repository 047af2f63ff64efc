"""Schema changes that the compatibility check allows or refuses, each named by a sentence."""

from collections.abc import Callable
from copy import deepcopy
from enum import StrEnum
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

Schema = dict[str, Any]
Change = Callable[[Schema], None]


class Area(StrEnum):
    TALENT = "talent"
    HEALTH = "health"


class Closed(BaseModel):
    model_config = ConfigDict(extra="forbid")

    en: str | None = None
    zh: str | None = None


class Open(BaseModel):
    office: Closed
    level: int = 3


class Branch(BaseModel):
    below: "list[Branch]" = []
    size: int = 0


class Fact(BaseModel):
    id: UUID
    area: Area
    title: Annotated[str, Field(min_length=2, max_length=50, pattern="^[a-z]+$")]
    number: Annotated[int, Field(ge=1, le=9)]
    note: str | None = None
    either: int | str
    by: Open
    acts: dict[UUID, Open]
    several: list[Open]
    sort: Literal["a"] = "a"
    tree: Branch = Branch()


TYPE = "entente.partners.fact.done.v1"
RELEASED: Schema = {
    **Fact.model_json_schema(),
    "x-topic": "entente.partners.fact",
    "x-key": "fact_id",
    "x-compacted": False,
}


def put(path: str, value: object) -> Change:
    """Sets the member at `path`, whose steps are separated by `/`."""

    def change(schema: Schema) -> None:
        *steps, last = path.split("/")
        for step in steps:
            schema = schema[step]
        schema[last] = value

    return change


def drop(path: str) -> Change:
    """Removes the member at `path`."""

    def change(schema: Schema) -> None:
        *steps, last = path.split("/")
        for step in steps:
            schema = schema[step]
        del schema[last]

    return change


def requires(path: str, *names: str) -> Change:
    """Adds names to `required` of the object at `path`."""

    def change(schema: Schema) -> None:
        for step in path.split("/") if path else ():
            schema = schema[step]
        schema["required"] = [*schema.get("required", ()), *names]

    return change


def frees(name: str) -> Change:
    """Makes a required field of the body optional."""
    return lambda schema: schema["required"].remove(name)


def after(*changes: Change) -> Schema:
    """The released schema with these changes."""
    schema = deepcopy(RELEASED)
    for change in changes:
        change(schema)
    return schema


TEXT = {"type": "string"}
ALLOWED: dict[str, Schema] = {
    "nothing": after(),
    "an optional field is added": after(put("properties/extra", TEXT | {"default": "x"})),
    "an optional field that may be null is added": after(
        put("properties/extra", {"anyOf": [TEXT, {"type": "null"}], "default": None})
    ),
    "an optional field is added to an open object below": after(put("$defs/Open/properties/extra", TEXT)),
    "a title and a description change": after(put("title", "Other"), put("properties/note/description", "Other words")),
    "an example changes": after(put("examples", [{}])),
    "a definition has another name": after(
        lambda s: s["$defs"].update(Renamed=s["$defs"].pop("Area")), put("properties/area/$ref", "#/$defs/Renamed")
    ),
    "a definition is inlined": after(lambda s: s["properties"].update(area=s["$defs"].pop("Area"))),
    "the order of fields, alternatives, values and required names changes": after(
        lambda s: s["properties"]["either"]["anyOf"].reverse(),
        lambda s: s["properties"]["note"]["anyOf"].reverse(),
        lambda s: s["$defs"]["Area"]["enum"].reverse(),
        lambda s: s["required"].reverse(),
        lambda s: s.update(properties=dict(reversed(s["properties"].items()))),
    ),
    "a list of one value is written as a constant": after(
        put("properties/sort", {"enum": ["a"], "type": "string", "default": "a"})
    ),
}

REFUSED: dict[str, tuple[Schema, set[tuple[str, str]]]] = {
    "a required field is removed": (
        after(drop("properties/title"), frees("title")),
        {("title", "is removed")},
    ),
    "an optional field is removed": (after(drop("properties/note")), {("note", "is removed")}),
    "a field is renamed": (
        after(drop("properties/note"), put("properties/remark", TEXT)),
        {("note", "is removed")},
    ),
    "a required field is added": (
        after(put("properties/extra", TEXT), requires("", "extra")),
        {("extra", "is new and required")},
    ),
    "a field is added to a closed object": (
        after(put("$defs/Closed/properties/fr", TEXT)),
        {(f"{at}.office.fr", "is new in a closed object") for at in ("by", "acts.*", "several[]")},
    ),
    "an open object is closed": (
        after(put("additionalProperties", False)),
        {(".", "additionalProperties was True, is False: events")},
    ),
    "a closed object is opened": (
        after(drop("$defs/Closed/additionalProperties")),
        {(f"{at}.office", "additionalProperties was False, is True: readers") for at in ("by", "acts.*", "several[]")},
    ),
    "an optional field becomes required": (after(requires("", "note")), {("note", "is now required")}),
    "a required field becomes optional": (after(frees("title")), {("title", "is no longer required")}),
    "a type changes": (after(put("properties/number/type", "string")), {("number", "type was integer, is string")}),
    "a type changes below": (
        after(put("$defs/Open/properties/level/type", "number")),
        {(f"{at}.level", "type was integer, is number") for at in ("by", "acts.*", "several[]")},
    ),
    "a field may now be null": (
        after(put("properties/title", {"anyOf": [RELEASED["properties"]["title"], {"type": "null"}]})),
        {("title", "may now be null")},
    ),
    "a field may no longer be null": (after(put("properties/note", TEXT)), {("note", "may no longer be null")}),
    "an alternative is added": (
        after(put("properties/either", {"anyOf": [{"type": "integer"}, TEXT, {"type": "boolean"}]})),
        {("either", "has gained the alternatives boolean and lost none: readers")},
    ),
    "an alternative is removed": (
        after(put("properties/either", TEXT)),
        {("either", "has gained the alternatives none and lost integer: events")},
    ),
    "an alternative changes": (
        after(put("properties/either", {"anyOf": [{"type": "integer"}, {"type": "boolean"}]})),
        {("either", "type was string, is boolean")},
    ),
    "a closed list gains a value": (
        after(put("$defs/Area/enum", ["talent", "health", "culture"])),
        {("area", "has the new value 'culture'")},
    ),
    "a closed list loses a value": (
        after(put("$defs/Area/enum", ["talent"])),
        {("area", "has lost the value 'health'")},
    ),
    "a closed list is opened": (after(drop("$defs/Area/enum")), {("area", "is no longer a closed list")}),
    "an open text becomes a closed list": (
        after(put("properties/title/enum", ["a"])),
        {("title", "is now a closed list")},
    ),
    "a constant becomes a list": (
        after(put("properties/sort", {"enum": ["a", "b"], "type": "string", "default": "a"})),
        {("sort", "has the new value 'b'")},
    ),
    "an upper limit is lowered": (
        after(put("properties/title/maxLength", 40)),
        {("title", "maxLength was 50, is 40, tighter")},
    ),
    "an upper limit is raised": (
        after(put("properties/title/maxLength", 60)),
        {("title", "maxLength was 50, is 60, looser")},
    ),
    "a lower limit is raised": (
        after(put("properties/number/minimum", 2)),
        {("number", "minimum was 1, is 2, tighter")},
    ),
    "a lower limit is lowered": (
        after(put("properties/number/minimum", 0)),
        {("number", "minimum was 1, is 0, looser")},
    ),
    "a limit is removed": (
        after(drop("properties/number/maximum")),
        {("number", "maximum was 9, is not there, looser")},
    ),
    "a limit is added": (
        after(put("properties/several/maxItems", 5)),
        {("several", "maxItems was not there, is 5, tighter")},
    ),
    "a pattern changes": (after(put("properties/title/pattern", "^.$")), {("title", "pattern was ^[a-z]+$, is ^.$")}),
    "a format is lost": (after(drop("properties/id/format")), {("id", "format was uuid, is not there")}),
    "the keys of a map change": (
        after(put("properties/acts/propertyNames", {"format": "date"})),
        {("acts.(key)", "format was uuid, is date")},
    ),
    "the values of a map become free": (
        after(drop("properties/acts/additionalProperties")),
        {("acts", "additionalProperties was {")},
    ),
    "a default changes": (
        after(put("$defs/Open/properties/level/default", 4)),
        {(f"{at}.level", "has another default") for at in ("by", "acts.*", "several[]")},
    ),
    "a recursive definition changes": (
        after(put("$defs/Branch/properties/size/maximum", 4)),
        {("tree.size", "maximum was not there, is 4, tighter")},
    ),
    "a field refers to another definition": (
        after(put("properties/by/$ref", "#/$defs/Closed")),
        {("by", "additionalProperties was True"), ("by.office", "is removed"), ("by.level", "is removed")},
    ),
    "the type moves to another topic": (after(put("x-topic", "entente.partners.other")), {(".", "topic was ")}),
    "the key changes": (after(put("x-key", "other_id")), {(".", "key was ")}),
    "the topic becomes compacted": (after(put("x-compacted", True)), {(".", "compacted was False, is True")}),
}
