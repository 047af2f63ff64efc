"""Examples: one body for each event type, made from its schema and the story of two cities; the same at every run."""

from collections.abc import Mapping
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

from pydantic import ValidationError

from shared.contracts.deal import DealEvent, MilestoneEvent
from shared.contracts.event import Event, Tombstone, facts
from shared.contracts.match import MatchEvent
from shared.contracts.need import NeedEvent
from shared.contracts.offer import OfferEvent


def _id(of: str) -> str:
    # The bits of a version 7, as real ids have them, over a hash: always the same for the same words.
    number = uuid5(NAMESPACE_URL, f"urn:entente:example:{of}").int
    number = number & ~(0xF << 76) | 0x7 << 76
    return str(UUID(int=number & ((1 << 80) - 1) | 0x019A_B4C8_0000 << 80))


def _of(family: type[Event], **values: object) -> dict[str, object]:
    return {f"{fact.__name__}.{name}": value for fact in facts(family) for name, value in values.items()}


BIRMINGHAM, NANJING = _id("birmingham"), _id("nanjing")
STORE = {"en": "A store of cold for buses", "zh": "公交车蓄冷装置"}
COOLING = {"en": "Cooling of electric buses", "zh": "电动公交车制冷"}
COMMERCIAL = {"area": "commercialisation"}

VALUES: Mapping[str, Any] = {
    "name": {"en": "University of Birmingham", "zh": "伯明翰大学"},
    "PersonState.name": {"en": "Alex Example", "zh": "示例"},
    "title": {"en": "Student exchange Birmingham–Nanjing", "zh": "伯明翰—南京学生交流"},
    "programme_title": {"en": "Student exchange Birmingham–Nanjing", "zh": "伯明翰—南京学生交流"},
    "Office.title": {"en": "Director of the International Office", "zh": "国际处处长"},
    "office": {"en": "Director of the International Office", "zh": "国际处处长"},
    "reason": {"en": "Agreed by both sides", "zh": "双方商定"},
    "city": {"en": "Birmingham", "zh": "伯明翰"},
    "country": "GB",
    "identifiers": [{"scheme": "ror", "value": "03angcq70"}],
    "time_zone": "Asia/Shanghai",
    "area": "talent",
    "areas": ["talent", "culture"],
    "issuer": "https://login.example.org",
    "subject": "a1b2c3",
    "roles": ["partnership-officer", "signatory"],
    "organisation_id": BIRMINGHAM,
    "parent_id": _id("parent"),
    "party": BIRMINGHAM,
    "sending": BIRMINGHAM,
    "receiving": NANJING,
    "institutions": [BIRMINGHAM, NANJING],
    "signatories": [BIRMINGHAM, NANJING],
    "participants": [],
    "nominee": _id("nominee"),
    "number": 5,
    "Revision.number": 1,
    "sha256": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
    "before": "approved",
    "opens_on": "2026-10-01",
    "closes_on": "2026-12-31",
    "starts_on": "2027-01-01",
    "ends_on": "2029-12-31",
    **_of(OfferEvent, title=STORE, **COMMERCIAL),
    **_of(NeedEvent, title=COOLING, **COMMERCIAL),
    **_of(MatchEvent, **COMMERCIAL),
    **_of(DealEvent, title={"en": "Cold for Nanjing's buses", "zh": "南京公交蓄冷项目"}, **COMMERCIAL),
    **_of(MilestoneEvent, number=2, late=False),
    "DealMilestoneLate.late": True,
    "PlannedMilestone.number": 2,
    "PlannedMilestone.title": {"en": "Ten buses in service", "zh": "十辆公交车投入运行"},
    "milestone_title": {"en": "Ten buses in service", "zh": "十辆公交车投入运行"},
    "offer_title": STORE,
    "need_title": COOLING,
    "summary": {
        "en": "Liquid air stores energy and cools without a battery.",
        "zh": "液态空气储能，无需电池即可制冷。",
    },
    "technology_field": "new-energy",
    "trl": 4,
    "least_trl": 4,
    "intellectual_property": "patent-granted",
    "form": "joint-development",
    "forms": ["joint-development", "licence"],
    "score": 100,
    "reasons": [
        {"criterion": "field", "points": 40},
        {"criterion": "readiness", "points": 30},
        {"criterion": "cooperation", "points": 20},
        {"criterion": "agreement", "points": 10},
    ],
    "offering": BIRMINGHAM,
    "seeking": NANJING,
    "confidential_until": "2031-12-31",
    "due_on": "2027-06-30",
}
"""The value of a field, by its name, or by `Owner.name` where two models mean different things."""

FORMATS: Mapping[str, str] = {"date": "2027-01-01", "date-time": "2026-11-24T09:00:00Z"}


def example(event: type[Event]) -> Any:
    """A body of `event` as it stands on the topic: valid JSON values; None for an erasure, which has no body.

    Raises pydantic's ValidationError when `VALUES` lacks a field whose value cannot be guessed from the schema.
    """
    if issubclass(event, Tombstone):
        return None
    schema = event.model_json_schema()
    body = _value(event.__name__, schema, schema.get("$defs", {}))
    try:
        return event.model_validate(body).model_dump(mode="json")
    except ValidationError as wrong:
        wrong.add_note(f"The example of {event.type} cannot be guessed: give its field a value in {__name__}.VALUES.")
        raise


def _value(field: str, schema: Mapping[str, Any], definitions: Mapping[str, Any]) -> Any:
    """A value that fits `schema`; `field` is `Owner.name`."""
    for name in (field, field.rpartition(".")[2]):
        if name in VALUES:
            return VALUES[name]
    if "$ref" in schema:
        return _value(field, definitions[schema["$ref"].rpartition("/")[2]], definitions)
    if "anyOf" in schema:
        return _value(field, schema["anyOf"][0], definitions)
    return _by_type(field, schema, definitions)


def _by_type(field: str, schema: Mapping[str, Any], definitions: Mapping[str, Any]) -> Any:
    match schema:
        case {"const": value} | {"enum": [value, *_]}:
            return value
        case {"properties": properties, "title": owner}:
            return {name: _value(f"{owner}.{name}", below, definitions) for name, below in properties.items()}
        case {"type": "object", "additionalProperties": dict(below)}:
            return {organisation: _value(field, below, definitions) for organisation in (BIRMINGHAM, NANJING)}
        case {"type": "array", "items": dict(below)}:
            return [_value(f"{field}[]", below, definitions)]
        case {"format": "uuid"}:
            return _id(field.rpartition(".")[2].removesuffix("_id"))
        case {"format": known} if known in FORMATS:
            return FORMATS[known]
        case {"type": "integer" | "number"}:
            return schema.get("minimum", 1)
        case {"type": "boolean"}:
            return True
        case _:
            return "example"
