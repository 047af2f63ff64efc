"""The JSON Schema of scenario files, made from the services' rows; files are checked against it."""

from typing import Any

from scenarios.catalogue import Catalogue, Documents, UseCase
from scenarios.notation import (
    A_DAY,
    A_REFERENCE,
    A_TIME,
    A_YEAR,
    AN_ID,
    CLOCK,
    DATE,
    HANDLE,
    REFERENCE,
    RELATIVE,
    TIME,
    UUID,
    YEAR_OF,
)
from shared.service.areas import read_areas
from shared.service.settings import Settings
from shared.service.work import adapter

BESIDE = "Write `save` beside a document of a service, and nowhere else."
A_NAME = "a name of small letters, digits and `_`, such as `vice_mayor`"
A_PERSON = "Write a name of `people`, or of a participant who was registered."
A_PARTICIPANT = "Write a name that `register_participant` saved."

INBOX = "notifications", "inbox"
"""The service that has the messages, and the name of its documents."""

JsonSchema = dict[str, Any]


def scenario_schema(rows: Catalogue) -> JsonSchema:
    """The schema of a scenario file in which each use case of `rows` can be a step."""
    definitions: JsonSchema = {}
    use_cases = {name: _fields_of(use_case, definitions) for name, use_case in rows.use_cases.items()}
    organisation = use_cases["register_organisation"]
    office = _without(use_cases["grant_office"], "person_id")
    definitions |= {"Step": _step(list(use_cases)), "Call": _call(list(use_cases)), "Expectation": _expectation(rows)}
    definitions |= {"Organisation": organisation | {"title": "Organisation"}, "Person": _person(office)}
    definitions |= use_cases
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


def _fields_of(use_case: UseCase, definitions: JsonSchema) -> JsonSchema:
    """The fields of a use case, those of its path included; adds what they refer to to `definitions`."""
    schema = use_case.row.ask.model_json_schema()
    for name, definition in schema.pop("$defs", {}).items():
        written = writable(definition)
        if definitions.setdefault(name, written) != written:
            raise TypeError(f"two services mean different things by {name}")
    return writable(schema) | {"type": "object"}


def writable(node: JsonSchema) -> JsonSchema:
    """A command's schema as a file has it: an id or a whole value may be a reference, and days and times relative."""
    if "anyOf" in node:
        node = _optional(node)
    kept = {k: v for k, v in node.items() if k not in ("title", "default", "pattern", "format") or k == "pattern"}
    match node.get("type"), node.get("format"):
        case "string" | ["string", "null"], "uuid":
            return kept | {"pattern": f"^({REFERENCE}|{UUID})$", "description": _said(node, AN_ID)}
        case "string" | ["string", "null"], "date":
            day = f"^({RELATIVE}|{DATE}|{REFERENCE})$"
            return {"type": node["type"], "pattern": day, "description": _said(node, A_DAY)}
        case "string" | ["string", "null"], "date-time":
            time = rf"^({TIME}|{DATE}T{CLOCK}\S*|{REFERENCE})$"
            return {"type": node["type"], "pattern": time, "description": _said(node, A_TIME)}
        case "array", _:
            items = {"items": writable(node["items"])} if "items" in node else {}
            return kept | items | {"type": ["array", "string"], "pattern": f"^{REFERENCE}$"}
        case "object", _:
            fields = {name: writable(field) for name, field in node.get("properties", {}).items()}
            whole = {"type": ["object", "string"], "pattern": f"^{REFERENCE}$", "additionalProperties": False}
            return kept | ({"properties": fields} if fields else {}) | whole
        case _ if node.get("x-reference") == "academic-years":
            year = rf"^({YEAR_OF}{RELATIVE}|\d{{4}}/\d{{4}}|{REFERENCE})$"
            return {"type": node["type"], "pattern": year, "description": _said(node, A_YEAR)}
        case _ if node.get("x-reference") == "areas":
            return {"type": "string", "enum": list(read_areas(Settings(development=True).areas))}
        case _:
            return kept


def _optional(node: JsonSchema) -> JsonSchema:
    """One schema for a value that may be null; a definition is not null but left out."""
    real = [each for each in node["anyOf"] if each != {"type": "null"}]
    if len(real) != 1:
        raise TypeError(f"a scenario cannot say which of several types is meant: {node}")
    only = {**real[0], **{k: v for k, v in node.items() if k == "description"}}
    return only if "$ref" in only else only | {"type": [only["type"], "null"]}


def _said(node: JsonSchema, allowed: str) -> str:
    return f"{node['description']} Write {allowed}." if "description" in node else f"Write {allowed}."


def _step(use_cases: list[str]) -> JsonSchema:
    title = {
        "type": ["object", "string"],
        "description": "What happens, in a line: in English, or `{en: …, zh: …}`.",
        "minLength": 1,
        "properties": {"en": {"type": "string"}, "zh": {"type": "string"}},
        "required": ["en"],
        "additionalProperties": False,
    }
    group = {
        "type": "array",
        "minItems": 2,
        "maxItems": 20,
        "items": {"$ref": "#/$defs/Call"},
        "description": "Calls that are sent at once. `expect` says how many are `accepted`.",
    }
    expect = {"type": "array", "minItems": 1, "items": {"$ref": "#/$defs/Expectation"}}
    alone = [{"required": [name], "propertyNames": {"enum": [*names, "step", "expect"]}}
             for name, names in (("at_the_same_time", ["at_the_same_time"]), ("expect", []))]  # fmt: skip
    return _object(
        {"step": title, **_caller(), "expect": expect, "at_the_same_time": group, **_references(use_cases)},
        required=["step"],
        oneOf=[*({"required": [name]} for name in use_cases), *alone],
        dependentRequired={name: ["as"] for name in use_cases},
        description="Write one use case, `at_the_same_time`, or `expect` alone (`entente scenario steps` lists all).",
    )


def _call(use_cases: list[str]) -> JsonSchema:
    """One of several calls at the same time."""
    return _object(
        {**_caller(), **_references(use_cases)},
        required=["as"],
        oneOf=[{"required": [name]} for name in use_cases],
        description="Write one use case (`entente scenario steps` lists all).",
    )


def _caller() -> JsonSchema:
    return {
        "as": {"type": "string", "pattern": HANDLE, "description": f"Who does it. {A_PERSON}"},
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
    }


def _references(use_cases: list[str]) -> JsonSchema:
    return {name: {"$ref": f"#/$defs/{name}"} for name in use_cases}


def _expectation(rows: Catalogue) -> JsonSchema:
    seen = {service: _state(list(own.values())) for service, own in rows.documents.items() if own}
    messages = _messages(rows.documents[INBOX[0]][INBOX[1]]) if INBOX[0] in rows.documents else {}
    main = [*seen, "event", "applied", "refused", "accepted", *messages, "mail"]
    fields: JsonSchema = {
        "event": {"enum": sorted(rows.events), "description": "The type of an event that was published."},
        "of": _reference("What the event is about; by default what the step made or changed."),
        "times": _times(),
        "applied": _reference("Each consumer that reads its events has applied all of them."),
        "by": {
            "type": "array",
            "minItems": 1,
            "items": {"enum": [*rows.services, *rows.consumers]},
            "description": "Services or consumers that must be among them.",
        },
        "refused": {"enum": rows.problems, "description": "The step's call is refused with this problem."},
        "accepted": {
            "type": "integer",
            "minimum": 0,
            "description": "How many of the calls at the same time are accepted.",
        },
        "mail": _mail(),
        "as": {"type": "string", "pattern": HANDLE, "description": f"Who looks, if not the operator. {A_PERSON}"},
        "save": {
            "type": "string",
            "pattern": HANDLE,
            "description": f"For references to the document that was found. Write {A_NAME}.",
        },
        "within": {"type": "number", "exclusiveMinimum": 0, "maximum": 600, "description": "Seconds; 20 by default."},
    }
    return _object(
        seen | fields | messages,
        oneOf=[{"required": [name]} for name in main],
        dependentRequired={"of": ["event"], "times": ["event"], "by": ["applied"]},
        dependentSchemas={"save": {"anyOf": [{"required": [service]} for service in seen], "description": BESIDE}},
        description=f"Write one of {', '.join(main)}.",
    )


def _messages(inbox: Documents) -> JsonSchema:
    schema = adapter(inbox.row.kind).json_schema(mode="serialization")
    kind, language = (_expected(schema["properties"][name], schema["$defs"]) for name in ("kind", "language"))
    person = {"type": "string", "pattern": HANDLE}
    about = _reference("What the message is about; by default what the step made or changed.")
    message = {
        "to": person | {"description": "Who gets it. Write a name of `people`."},
        "kind": kind | {"description": "Which message."},
        "of": about,
        "language": language | {"description": "The language of the message."},
        "subject": {"type": "string", "minLength": 1, "description": "A part of its subject."},
        "text": {"type": "string", "minLength": 1, "description": "A part of its text."},
        "mail": {"type": "boolean", "description": "true: it also came by mail, once; false: it did not."},
        "times": _times(),
    }
    people = person | {"type": ["array", "string"], "minItems": 1, "items": person}
    none = {
        "to": people | {"description": "Who got none; everyone in the story by default. Write names of `people`."},
        "kind": kind | {"description": "Which message; by default any."},
        "of": about,
    }
    return {
        "message": _object(message, required=["to", "kind"], description="A message in somebody's inbox."),
        "no_message": _object(none, description="Nobody got a message."),
    }


def _mail() -> JsonSchema:
    said = {"type": "string", "minLength": 1}
    fields = {
        "to": {"type": "string", "pattern": HANDLE, "description": f"Which participant gets it. {A_PARTICIPANT}"},
        "subject": said | {"description": "A part of its subject."},
        "text": said | {"description": "A part of its text."},
        "times": _times(),
    }
    return _object(fields, required=["to", "subject"], description="A mail to a participant.")


def _times() -> JsonSchema:
    return {"type": "integer", "minimum": 0, "description": "How often since the story began; 1 by default."}


def _state(documents: list[Documents]) -> JsonSchema:
    names = [each.name for each in documents]
    return {
        "type": "object",
        "description": f"Write one of {', '.join(names)} with a reference, and the fields to expect.",
        "oneOf": [{"required": [name]} for name in names],
        "allOf": [{"if": {"required": [each.name]}, "then": _document(each)} for each in documents],
    }


def _document(documents: Documents) -> JsonSchema:
    schema = adapter(documents.shows).json_schema(mode="serialization")
    definitions = schema.get("$defs", {})
    fields = {name: _expected(field, definitions) for name, field in schema["properties"].items()}
    return _object({documents.name: _which(documents)} | fields)


def _which(documents: Documents) -> JsonSchema:
    """A reference; or, where the list has filters, values for them that only one document has."""
    if documents.beside or not documents.row.filters:
        return _reference("Of which one." if documents.beside else "Which one.")
    filters = ", ".join(documents.row.filters)
    about = f"Which one. Write {A_REFERENCE}, or values that no other has, of {filters}."
    values = _object({name: {"type": "string"} for name in documents.row.filters}, minProperties=1)
    return values | {"type": ["object", "string"], "pattern": f"^{REFERENCE}$", "description": about}


def _expected(field: JsonSchema, definitions: JsonSchema) -> JsonSchema:
    """What may be expected of a field: a value of its closed list if it has one, else anything."""
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
