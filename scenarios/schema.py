"""The JSON Schema of scenario files, made from the services' rows, so that it cannot differ from what is checked.

Written to deploy/scenarios/scenario.schema.json by `python -m scenarios.schema`.
"""

import json
from pathlib import Path
from typing import Any

from scenarios.catalogue import Catalogue, Documents, UseCase, catalogue
from shared.service.work import adapter

SCHEMA_FILE = Path(__file__).parents[1] / "deploy" / "scenarios" / "scenario.schema.json"

HANDLE = r"^[a-z][a-z0-9_]*$"
REFERENCE = r"\$[a-z][a-z0-9_]*(\.[a-z0-9_]+)*"
UUID = r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}"
DATE = r"\d{4}-\d{2}-\d{2}"
RELATIVE = r"today([+-]\d{1,5}d)?"

AN_ID = "an id, or a reference to something named in this file, such as `$agreement`"
A_DAY = "a day: `today`, `today+30d`, `today-1d`, or `2027-03-31`"
A_REFERENCE = "a reference to something named in this file, such as `$agreement`"
BESIDE = "Write `save` beside a document of a service, and nowhere else."
A_NAME = "a name of small letters, digits and `_`, such as `vice_mayor`"

INBOX = "notifications", "inbox"
"""Where messages are read: the service, and the name of its documents."""

JsonSchema = dict[str, Any]


def scenario_schema(rows: Catalogue) -> JsonSchema:
    """The schema of a scenario file in which each use case of `rows` can be a step."""
    definitions: JsonSchema = {}
    steps = {name: _asked(use_case, definitions) for name, use_case in rows.use_cases.items()}
    organisation = steps["register_organisation"]
    office = _without(steps["grant_office"], "person_id")
    definitions |= {"Step": _step(steps), "Expectation": _expectation(rows)}
    definitions |= {"Organisation": organisation | {"title": "Organisation"}, "Person": _person(office)}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Entente scenario",
        "description": "A story of organisations and people, played through the public APIs; see docs/scenarios.md.",
        **_object(
            {
                "name": {"$ref": "#/$defs/Text"},
                "time_zone": {"type": "string", "description": "the IANA zone in which `today` is; UTC when not given"},
                "organisations": _named("#/$defs/Organisation"),
                "people": _named("#/$defs/Person"),
                "steps": {"type": "array", "minItems": 1, "items": {"$ref": "#/$defs/Step"}},
            },
            required=["name", "organisations", "people", "steps"],
        ),
        "$defs": dict(sorted(definitions.items())),
    }


def _asked(use_case: UseCase, definitions: JsonSchema) -> JsonSchema:
    """The fields of a use case, those of its path included; its definitions go to `definitions`."""
    schema = use_case.row.ask.model_json_schema()
    for name, definition in schema.pop("$defs", {}).items():
        said = writable(definition)
        if definitions.setdefault(name, said) != said:
            raise TypeError(f"two services mean different things by {name}")
    about = (use_case.row.run.__doc__ or "").strip()
    return writable(schema) | {"type": "object", "description": f"{schema.get('description', '')} {about}".strip()}


def writable(node: JsonSchema) -> JsonSchema:
    """A command's schema as a file writes it: references where an id or a whole value stands, relative days."""
    if "anyOf" in node:
        node = _optional(node)
    kept = {k: v for k, v in node.items() if k not in ("title", "default", "pattern", "format") or k == "pattern"}
    match node.get("type"), node.get("format"):
        case "string" | ["string", "null"], "uuid":
            return kept | {"pattern": f"^({REFERENCE}|{UUID})$", "description": _said(node, AN_ID)}
        case "string" | ["string", "null"], "date":
            day = f"^({RELATIVE}|{DATE}|{REFERENCE})$"
            return {"type": node["type"], "pattern": day, "description": _said(node, A_DAY)}
        case "array", _:
            items = {"items": writable(node["items"])} if "items" in node else {}
            return kept | items | {"type": ["array", "string"], "pattern": f"^{REFERENCE}$"}
        case "object", _:
            fields = {name: writable(field) for name, field in node.get("properties", {}).items()}
            whole = {"type": ["object", "string"], "pattern": f"^{REFERENCE}$", "additionalProperties": False}
            return kept | ({"properties": fields} if fields else {}) | whole
        case _:
            return kept


def _optional(node: JsonSchema) -> JsonSchema:
    """One schema for a value that may be null; a definition is left out instead of being null."""
    real = [each for each in node["anyOf"] if each != {"type": "null"}]
    if len(real) != 1:
        raise TypeError(f"a scenario cannot say which of several types is meant: {node}")
    only = {**real[0], **{k: v for k, v in node.items() if k == "description"}}
    return only if "$ref" in only else only | {"type": [only["type"], "null"]}


def _said(node: JsonSchema, allowed: str) -> str:
    return f"{node['description']} Write {allowed}." if "description" in node else f"Write {allowed}."


def _step(steps: JsonSchema) -> JsonSchema:
    fields = {
        "step": {
            "type": ["object", "string"],
            "description": "What happens, in a line: in English, or `{en: …, zh: …}`.",
            "minLength": 1,
            "properties": {"en": {"type": "string"}, "zh": {"type": "string"}},
            "required": ["en"],
            "additionalProperties": False,
        },
        "as": {"type": "string", "pattern": HANDLE, "description": "Who does it. Write a name of `people`."},
        "acting_for": {
            "type": "string",
            "pattern": f"^{REFERENCE}$",
            "description": "For which organisation, where somebody holds several offices; the first one otherwise.",
        },
        "save": {
            "type": "string",
            "pattern": HANDLE,
            "description": f"For references to what was made. Write {A_NAME}.",
        },
        "expect": {"type": "array", "minItems": 1, "items": {"$ref": "#/$defs/Expectation"}},
    }
    alone = {"required": ["expect"], "propertyNames": {"enum": ["step", "expect"]}}
    return _object(
        fields | steps,
        required=["step"],
        oneOf=[*({"required": [name]} for name in steps), alone],
        dependentRequired={name: ["as"] for name in steps},
        description=f"Write one use case, or `expect` alone. Use cases: {', '.join(steps)}.",
    )


def _expectation(rows: Catalogue) -> JsonSchema:
    seen = {service: _state(list(own.values())) for service, own in rows.documents.items() if own}
    message = {"message": _message(rows.documents[INBOX[0]][INBOX[1]])} if INBOX[0] in rows.documents else {}
    main = [*seen, "event", "applied", "refused", *message]
    fields: JsonSchema = {
        "event": {"enum": sorted(rows.events), "description": "The type of an event that was published."},
        "of": _reference("Of what the event tells; by default what the step made or changed."),
        "times": {"type": "integer", "minimum": 0, "description": "How often since the beginning; 1 by default."},
        "applied": _reference("Every event of this so far was applied by each consumer that reads it."),
        "by": {
            "type": "array",
            "minItems": 1,
            "items": {"enum": [*rows.services, *rows.consumers]},
            "description": "Services or consumers that must be among them.",
        },
        "refused": {"enum": rows.problems, "description": "The step's call is refused with this problem."},
        "as": {
            "type": "string",
            "pattern": HANDLE,
            "description": "Who looks, if not the operator. Write a name of `people`.",
        },
        "save": {
            "type": "string",
            "pattern": HANDLE,
            "description": f"For references to the document that was found. Write {A_NAME}.",
        },
        "within": {"type": "number", "exclusiveMinimum": 0, "maximum": 600, "description": "Seconds; 20 by default."},
    }
    return _object(
        seen | fields | message,
        oneOf=[{"required": [name]} for name in main],
        dependentRequired={"of": ["event"], "times": ["event"], "by": ["applied"]},
        dependentSchemas={"save": {"anyOf": [{"required": [service]} for service in seen], "description": BESIDE}},
        description=f"Write one of {', '.join(main)}.",
    )


def _message(inbox: Documents) -> JsonSchema:
    schema = adapter(inbox.row.kind).json_schema(mode="serialization")
    kind, language = (_expected(schema["properties"][name], schema["$defs"]) for name in ("kind", "language"))
    return _object(
        {
            "to": {"type": "string", "pattern": HANDLE, "description": "Who is told. Write a name of `people`."},
            "kind": kind | {"description": "What is told."},
            "of": _reference("Of what; by default of what the step made or changed."),
            "language": language | {"description": "The language of the message."},
            "mail": {"type": "boolean", "description": "true: it came by mail as well, once; false: it did not."},
            "times": {"type": "integer", "minimum": 0, "description": "How often since the beginning; 1 by default."},
        },
        required=["to", "kind"],
        description="A message to somebody: in the inbox, and by mail if that is said.",
    )


def _state(documents: list[Documents]) -> JsonSchema:
    names = [each.name for each in documents]
    return {
        "type": "object",
        "description": f"Write one of {', '.join(names)} with a reference, and fields that it shall have.",
        "oneOf": [{"required": [name]} for name in names],
        "allOf": [{"if": {"required": [each.name]}, "then": _document(each)} for each in documents],
    }


def _document(documents: Documents) -> JsonSchema:
    schema = adapter(documents.shows).json_schema(mode="serialization")
    definitions = schema.get("$defs", {})
    fields = {name: _expected(field, definitions) for name, field in schema["properties"].items()}
    return _object({documents.name: _which(documents)} | fields)


def _which(documents: Documents) -> JsonSchema:
    """A reference; or, of a list that has filters, values for some of them that one document only has."""
    if documents.beside or not documents.row.filters:
        return _reference("Of which one." if documents.beside else "Which one.")
    filters = ", ".join(documents.row.filters)
    about = f"Which one. Write {A_REFERENCE}, or values that no other has, of {filters}."
    values = _object({name: {"type": "string"} for name in documents.row.filters}, minProperties=1)
    return values | {"type": ["object", "string"], "pattern": f"^{REFERENCE}$", "description": about}


def _expected(field: JsonSchema, definitions: JsonSchema) -> JsonSchema:
    """What may be expected of a field: the names of a closed list are checked, everything else is compared."""
    if "$ref" in field:
        field = definitions[field["$ref"].rsplit("/", 1)[-1]]
    return {"type": "string", "enum": field["enum"]} if "enum" in field else {}


def _person(office: JsonSchema) -> JsonSchema:
    return _object(
        {
            "subject": {
                "type": "string",
                "pattern": r"^[!-~]+$",
                "maxLength": 255,
                "description": "What the identity provider calls the person; people are found by it.",
            },
            "name": {"$ref": "#/$defs/Text"},
            "offices": {"type": "array", "minItems": 1, "maxItems": 10, "items": office},
        },
        required=["subject", "name", "offices"],
    )


def _named(reference: str) -> JsonSchema:
    return {
        "type": "object",
        "minProperties": 1,
        "propertyNames": {"pattern": HANDLE, "description": f"Write {A_NAME}."},
        "additionalProperties": {"$ref": reference},
    }


def _reference(about: str) -> JsonSchema:
    return {"type": "string", "pattern": f"^{REFERENCE}$", "description": f"{about} Write {A_REFERENCE}."}


def _object(fields: JsonSchema, *, required: list[str] | None = None, **more: Any) -> JsonSchema:
    needed = {"required": required} if required else {}
    return {"type": "object", "properties": fields, "additionalProperties": False} | needed | more


def _without(schema: JsonSchema, field: str) -> JsonSchema:
    fields = {name: each for name, each in schema["properties"].items() if name != field}
    return schema | {"properties": fields, "required": [name for name in schema["required"] if name != field]}


def schema_text() -> str:
    """What the schema's file holds."""
    return json.dumps(scenario_schema(catalogue()), ensure_ascii=False, indent=2) + "\n"


if __name__ == "__main__":
    SCHEMA_FILE.write_text(schema_text(), encoding="utf-8")
