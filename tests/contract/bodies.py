"""Bodies of events for Hypothesis, made from their JSON Schemas."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any
from zoneinfo import available_timezones

from hypothesis import strategies as st

Strategy = st.SearchStrategy[Any]

UNSEEN = "\u034f\u115f\u1160\u17b4\u17b5\u180b\u180c\u180d\u180f\u2800\u3164\uffa0" + "".join(
    chr(n) for n in (*range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0))
)
WORDS = st.text(
    st.characters(exclude_categories=("Cc", "Cf", "Cs", "Zl", "Zp"), exclude_characters=UNSEEN),
    min_size=1,
    max_size=40,
).filter(str.strip)
"""Text that a request may have too, where an event would allow more."""
BILINGUAL = st.dictionaries(st.sampled_from(["en", "zh"]), WORDS, min_size=1)

BEYOND_THE_SCHEMA: Mapping[str, Strategy] = {
    "Text": BILINGUAL,
    "Document": BILINGUAL,
    "Time Zone": st.sampled_from(sorted(available_timezones())),
}
"""Values under a rule that no JSON Schema says, by the names of their definitions or by their titles."""

FORMATS: Mapping[str, Strategy] = {
    "uuid": st.uuids().map(str),
    "date": st.dates(date(1900, 1, 1), date(2200, 1, 1)).map(date.isoformat),
    "date-time": st.datetimes(
        datetime(1900, 1, 2), datetime(2200, 1, 1), timezones=st.sampled_from([UTC, timezone(timedelta(hours=8))])
    ).map(datetime.isoformat),
    "uri": st.from_regex(r"https://[a-z]{1,20}\.example/[a-z0-9]{0,20}", fullmatch=True),
}


def bodies(schema: Mapping[str, Any]) -> Strategy:
    """Values that are valid by `schema`, as pydantic writes it for our events."""
    return _values(schema, schema.get("$defs", {}))


def _values(schema: Mapping[str, Any], definitions: Mapping[str, Any]) -> Strategy:
    name = schema.get("$ref", schema.get("title", "")).rpartition("/")[2]
    if name in BEYOND_THE_SCHEMA:
        return BEYOND_THE_SCHEMA[name]
    if "$ref" in schema:
        return _values(definitions[name], definitions)
    match schema:
        case {"anyOf": alternatives}:
            return st.one_of([_values(one, definitions) for one in alternatives])
        case {"enum": values}:
            return st.sampled_from(values)
        case {"properties": properties}:
            fields = {name: _values(below, definitions) for name, below in properties.items()}
            required = {name: fields.pop(name) for name in schema.get("required", ())}
            return st.fixed_dictionaries(required, optional=fields)
        case {"type": "object", "additionalProperties": below, "propertyNames": names}:
            return st.dictionaries(_values(names, definitions), _values(below, definitions), max_size=3)
        case {"type": "array", "items": below}:
            return st.lists(_values(below, definitions), max_size=4)
        case _:
            return _scalars(schema)


def _scalars(schema: Mapping[str, Any]) -> Strategy:
    match schema:
        case {"format": known}:
            return FORMATS[known]
        case {"pattern": pattern}:
            longest = schema.get("maxLength", 500)
            return st.from_regex(pattern, fullmatch=True).filter(lambda text: len(text) <= longest)
        case {"type": "integer"}:
            return st.integers(schema.get("minimum"), schema.get("maximum"))
        case {"type": "boolean"}:
            return st.booleans()
        case {"type": "null"}:
            return st.none()
        case {"type": "string"}:
            return WORDS
        case _:
            raise NotImplementedError(f"no values for {schema}")
