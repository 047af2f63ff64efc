"""The part of docs/scenarios.md that lists what a step can do, made from the services' rows.

Written by `python -m scenarios.listing`.
"""

from pathlib import Path
from typing import Any

from scenarios.catalogue import Catalogue, UseCase, catalogue
from scenarios.listing_of_expectations import closed, documents_of, events, messages, problems
from scenarios.schema import A_DAY, AN_ID, scenario_schema

GUIDE = Path(__file__).parents[1] / "docs" / "scenarios.md"
NAMES = {"array": "a list", "integer": "a whole number", "boolean": "true or false", "object": "a mapping"}
LOOKED_AT = """A reference says which document is meant, or values of what it is *found by*, each a text. A `status`
goes through its values in their order, the last ones being ways to end."""
WHO_IS_TOLD = """Whoever does something is not told of it, and nobody is told twice of one event. *Its* organisations
are those that the event's field of that name holds; *or within* are people of organisations that lie within these;
*where* says what else an event must say of itself for these to be told."""
BEGIN, END = "<!-- written by python -m scenarios.listing: from here -->", "<!-- to here -->"


def reference(rows: Catalogue) -> str:
    """Every use case and document with its fields, who is told what, every event, every problem."""
    schema = scenario_schema(rows)
    steps = schema["$defs"]["Step"]["properties"]
    parts = ["", f"An *id* is {AN_ID}. A *day* is {A_DAY.removeprefix('a day: ')}.", "", "### Use cases", ""]
    for use_case in rows.use_cases.values():
        parts += _use_case(use_case, steps[use_case.row.name])
    parts += ["### Values with fields of their own, and closed lists", ""]
    values = {name: each for name, each in schema["$defs"].items() if _is_value(name, each)}
    parts += [_definition(name, each) for name, each in values.items()]
    parts += ["", "### Documents that can be looked at", "", LOOKED_AT, *documents_of(rows, values)]
    parts += ["", "### Who is told what", "", WHO_IS_TOLD, "", *messages()]
    parts += ["", "### Events", "", *events(rows), "", "### Problems", "", *problems(rows), ""]
    return "\n".join(parts)


def _use_case(use_case: UseCase, schema: dict[str, Any]) -> list[str]:
    may = " or ".join(f"`{role}`" for role in sorted(use_case.row.may))
    head = f"**`{use_case.row.name}`** ({use_case.service}, needs {may}) {use_case.row.ask.__doc__ or ''}".rstrip()
    required = schema.get("required", [])
    fields = [
        f"- `{name}`{'' if name in required else ' (optional)'}: {_said(field)}"
        for name, field in schema.get("properties", {}).items()
    ]
    return [head, "", *fields, ""]


def _said(field: dict[str, Any]) -> str:
    about = " ".join(field.get("description", "").split())
    for words, name in ((AN_ID, "id"), (A_DAY, "day")):
        if words in about:
            return f"*{name}*. {about.replace(f'Write {words}.', '')}".strip().rstrip(".")
    if "$ref" in field:
        return f"*{field['$ref'].rsplit('/', 1)[-1]}*"
    kinds = field.get("type", [])
    kinds = [kinds] if isinstance(kinds, str) else kinds
    kind = closed(field) if "enum" in field else next((name for each, name in NAMES.items() if each in kinds), "a text")
    each = f", each {_said(field['items'])}" if "array" in kinds else ""
    return f"{kind}{each}. {about}".strip().rstrip(".")


def _is_value(name: str, schema: dict[str, Any]) -> bool:
    return name not in ("Step", "Expectation", "Organisation", "Person") and (
        "enum" in schema or "properties" in schema
    )


def _definition(name: str, schema: dict[str, Any]) -> str:
    about = " ".join(schema.get("description", "").split())
    if "enum" in schema:
        return f"- *{name}*: {closed(schema)}"
    fields = ", ".join(f"`{field}` ({_said(each)})" for field, each in schema["properties"].items())
    return f"- *{name}*: {fields}. {about}".rstrip()


def guide_with_reference(text: str) -> str:
    """The guide with its listing made anew; raises ValueError if its marks are not there."""
    before, begin, rest = text.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise ValueError(f"{GUIDE.name} lacks its marks: {BEGIN} … {END}")
    return f"{before}{BEGIN}\n{reference(catalogue())}\n{END}{after}"


if __name__ == "__main__":
    GUIDE.write_text(guide_with_reference(GUIDE.read_text(encoding="utf-8")), encoding="utf-8")
