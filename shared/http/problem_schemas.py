"""Problems in an OpenAPI document: which ones a route can answer with, and the facts of each."""

import re
from collections import defaultdict
from collections.abc import Iterable
from http import HTTPStatus
from typing import ClassVar, get_origin, get_type_hints

from pydantic import TypeAdapter

from shared.directory.actors import NotInDirectory, WhichOrganisation
from shared.domain.refused import Changed, Invalid, NotAllowed, Refused, Unavailable
from shared.http.bodies import NotJson, TooLarge, UnsupportedMediaType
from shared.http.problem_pages import TYPE
from shared.http.problems import MEDIA_TYPE
from shared.http.schemas import Schema, Schemas
from shared.service.commands import IdempotencyKeyReused
from shared.service.work import RecordTooLarge

FACT = re.compile(r"\{(\w+)\}")
MEMBERS: Schema = {
    "type": {"type": "string", "description": "Which problem this is; stable."},
    "title": {"type": "string", "description": "The name of the problem, in words."},
    "status": {"type": "integer", "description": "The HTTP status."},
    "detail": {
        "type": "string",
        "description": "What is wrong and what to do, for people. Do not parse it: see facts.",
    },
}
ERROR: Schema = {
    "description": "One thing that is wrong with a request.",
    "type": "object",
    "required": ["field", "reason"],
    "properties": {
        "field": {"type": "string", "description": "Where: body, path, query or header, then the names of fields."},
        "reason": {"type": "string"},
    },
}
HEADERS: dict[int, Schema] = {
    401: {"WWW-Authenticate": {"required": True, "schema": {"type": "string"}}},
    503: {"Retry-After": {"description": "In seconds.", "required": True, "schema": {"type": "string"}}},
}


TRACE: Schema = {
    "anyOf": [{"type": "string"}, {"type": "null"}],
    "description": "Find it by this in the service's log.",
}
OF_EDGE = (
    (401, "no-token", "The request has no bearer token.", {}),
    (401, "invalid-token", "The bearer token is not accepted.", {}),
    (500, "internal", "Something went wrong in the service.", {"trace": TRACE}),
    (503, "issuer-unavailable", "The identity provider's keys could not be fetched yet.", {}),
)
"""The problems of every route that needs a token, besides refusals: status, slug, sentence and further members."""
OF_CALLER = (NotInDirectory, NotAllowed, Invalid, WhichOrganisation, Unavailable)
OF_COMMAND = (NotJson, TooLarge, UnsupportedMediaType, IdempotencyKeyReused, RecordTooLarge)
OF_CHANGE = (*OF_COMMAND, Changed)
WITHOUT_FACTS = (Invalid, Unavailable)
"""Refusals whose problem the edge may also answer with itself, without facts."""


def problem_responses(schemas: Schemas, refusals: Iterable[type[Refused]]) -> dict[int, Schema]:
    """The problem responses of a route, by status; adds their components."""
    schemas.add("Problem", _component("What every problem has (RFC 9457).", MEMBERS, MEMBERS))
    found: defaultdict[int, dict[str, Schema]] = defaultdict(dict)
    for status, slug, sentence, more in OF_EDGE:
        found[status][slug] = _problem(schemas, status, slug, sentence, more, more)
    for kind in {*OF_CALLER, *refusals}:
        found[kind.status][kind.slug()] = _refusal(schemas, kind)
    return {status: _response(status, found[status]) for status in sorted(found)}


def facts_of(kind: type[Refused]) -> Schema:
    """The facts of a refusal, by name: those of its sentence; the class annotates those that are not text."""
    hints = {name: hint for name, hint in get_type_hints(kind).items() if get_origin(hint) is not ClassVar}
    return {name: TypeAdapter(hints.get(name, str)).json_schema() for name in FACT.findall(kind.sentence())}


def _refusal(schemas: Schemas, kind: type[Refused]) -> Schema:
    more: Schema = {}
    if facts := facts_of(kind):
        schema = _component("The facts of this problem.", facts, facts)
        more["facts"] = schemas.add(f"{kind.__name__}Facts", schema)
    required = [] if kind in WITHOUT_FACTS else list(more)
    if kind is Invalid:
        more["errors"] = {"type": "array", "items": schemas.add("FieldError", ERROR)}
    return _problem(schemas, kind.status, kind.slug(), kind.sentence(), more, required)


def _problem(schemas: Schemas, status: int, slug: str, sentence: str, more: Schema, required: Iterable[str]) -> Schema:
    which: Schema = {"type": {"type": "string", "const": TYPE + slug}, "status": {"type": "integer", "const": status}}
    name = slug.title().replace("-", "") + "Problem"
    return schemas.add(name, _component(sentence, MEMBERS | which | more, [*MEMBERS, *required]))


def _component(description: str, properties: Schema, required: Iterable[str]) -> Schema:
    return {"type": "object", "description": description, "required": list(required), "properties": properties}


def _response(status: int, problems: dict[str, Schema]) -> Schema:
    several = [problems[slug] for slug in sorted(problems)]
    schema = several[0] if len(several) == 1 else {"oneOf": several}
    response: Schema = {
        "description": f"{HTTPStatus(status).phrase}: {', '.join(sorted(problems))}.",
        "content": {MEDIA_TYPE: {"schema": schema}},
    }
    return response | ({"headers": HEADERS[status]} if status in HEADERS else {})
