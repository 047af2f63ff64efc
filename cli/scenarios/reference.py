"""The part of docs/scenarios.md that lists what a step can do, made from the services' rows.

Written by `python -m cli.scenarios.reference`.
"""

from pathlib import Path
from typing import Any

from cli.scenarios.catalogue import Catalogue, UseCase, catalogue
from cli.scenarios.schema import A_DAY, AN_ID, INBOX, scenario_schema

GUIDE = Path(__file__).parents[2] / "docs" / "scenarios.md"
NAMES = {"array": "a list", "integer": "a whole number", "boolean": "true or false", "object": "a mapping"}
BEGIN, END = "<!-- written by python -m cli.scenarios.reference: from here -->", "<!-- to here -->"


def reference(rows: Catalogue) -> str:
    """Every use case with its fields, every document with its filters' names, every event, every problem."""
    schema = scenario_schema(rows)
    steps = schema["$defs"]["Step"]["properties"]
    parts = ["", f"An *id* is {AN_ID}. A *day* is {A_DAY.removeprefix('a day: ')}.", "", "### Use cases", ""]
    for use_case in rows.use_cases.values():
        parts += _use_case(use_case, steps[use_case.row.name])
    parts += ["### Values with fields of their own, and closed lists", ""]
    parts += [_definition(name, each) for name, each in schema["$defs"].items() if _is_value(name, each)]
    parts += ["", "### Documents that can be looked at", ""]
    for service, own in rows.documents.items():
        parts += [f"- `{service}`: {_words([name for name in own if (service, name) != INBOX])}"]
    parts += ["", "### Events", "", *_events(rows), "", "### Problems", "", f"{_words(rows.problems)}.", ""]
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
    kind = (
        _closed(field) if "enum" in field else next((name for each, name in NAMES.items() if each in kinds), "a text")
    )
    each = f", each {_said(field['items'])}" if "array" in kinds else ""
    return f"{kind}{each}. {about}".strip().rstrip(".")


def _is_value(name: str, schema: dict[str, Any]) -> bool:
    return name not in ("Step", "Expectation", "Organisation", "Person") and (
        "enum" in schema or "properties" in schema
    )


def _definition(name: str, schema: dict[str, Any]) -> str:
    about = " ".join(schema.get("description", "").split())
    if "enum" in schema:
        return f"- *{name}*: {_closed(schema)}"
    fields = ", ".join(f"`{field}` ({_said(each)})" for field, each in schema["properties"].items())
    return f"- *{name}*: {fields}. {about}".rstrip()


def _closed(schema: dict[str, Any]) -> str:
    return f"one of {_words(schema['enum'])}"


def _events(rows: Catalogue) -> list[str]:
    by = rows.events
    return [
        f"- {service}: {_words(sorted(t for t, s in by.items() if s == service))}"
        for service in dict.fromkeys(by.values())
    ]


def _words(names: list[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)


def guide_with_reference(text: str) -> str:
    """The guide with its listing made anew; raises ValueError if its marks are not there."""
    before, begin, rest = text.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise ValueError(f"{GUIDE.name} lacks its marks: {BEGIN} … {END}")
    return f"{before}{BEGIN}\n{reference(catalogue())}\n{END}{after}"


if __name__ == "__main__":
    GUIDE.write_text(guide_with_reference(GUIDE.read_text(encoding="utf-8")), encoding="utf-8")
