"""OpenAPI: describes the requests and answers of a service's rows for client engineers."""

import importlib
import inspect
from collections.abc import Callable, Collection, Iterable
from functools import cached_property, partial
from typing import Any

from fastapi import FastAPI, Request
from fastapi.openapi.utils import get_openapi
from starlette.responses import JSONResponse

from shared.domain.actor import Role
from shared.domain.refused import NotFound, Refused
from shared.http.bodies import NotAFile, TooLarge
from shared.http.exports import WRITERS
from shared.http.history import HistoryPage
from shared.http.identity.caller import SCHEME
from shared.http.import_progress import NDJSON, Progress
from shared.http.imports import UnreadableFile
from shared.http.problem_schemas import OF_CHANGE, OF_COMMAND, problem_responses
from shared.http.schemas import JSON, Schema, Schemas, about, is_document, plain
from shared.service.commands import IdempotencyKeyReused
from shared.service.files import File
from shared.service.importing import Imported
from shared.service.refusals import refusals_of
from shared.service.rows import Change, Imports, Lists, Reads, Service
from shared.service.work import RecordTooLarge
from shared.sheets.reading import TYPES

ADDRESS = "/openapi.json"
OPERATIONS = "operations"
NEVER: tuple[type[Refused], ...] = ()
ETAG: Schema = {
    "description": "The version of the aggregate; send it as If-Match with a change.",
    "required": True,
    "schema": {"type": "string", "examples": ['"3"']},
}
LOCATION: Schema = {
    "description": "Where the new aggregate is read.",
    "required": True,
    "schema": {"type": "string", "format": "uri-reference"},
}
FILE: Schema = {"type": "string", "format": "binary"}
NEXT: Schema = {
    "anyOf": [{"type": "string"}, {"type": "null"}],
    "description": "Send this as `cursor` to get the following page; null on the last page.",
}
GUIDE = """{about}

**Who calls.** Send a bearer token with every request but those of health. {token} If you hold offices in several
organisations, name the one you act for in the header `Entente-Acting-For`; `GET /me` lists them.

**Errors** are problem details (RFC 9457). `type` is stable and names the problem, `detail` tells people what to do, and
`facts` gives programs what the sentence speaks of. Each operation lists the problems that it can answer with.

**Repeating a request.** Send an `Idempotency-Key` with a POST. If no answer comes, send the same request with the same
key again: it is carried out once. On 503, wait for the seconds in `Retry-After` first.

**Changes at the same time.** An answer with one aggregate has an `ETag`. Send it as `If-Match` with a change: if
somebody else changed the aggregate in the meantime, yours is refused with 412.

**Lists** come in pages. Send the `next` of one page as `cursor` to get the following page, until `next` is null.

**Additions.** Answers may gain fields: ignore those that you do not know."""


class OpenApi:
    """Builds the OpenAPI document of one service, and describes its routes when the document is first requested.

    Describing them all takes about half as long as importing the service, and no other request needs it.
    """

    def __init__(self, service: Service, token: str) -> None:
        """`token` says, in a sentence or two, how to get a bearer token."""
        self._service, self._token = service, token
        self._schemas = Schemas()
        self._paths = {row.kind: row.path for row in service.lists}
        self._tags: dict[str, str] = {}
        self._describe: dict[str, Callable[[], Schema]] = {}

    def command(self, row: Change) -> dict[str, Any]:
        """What FastAPI needs of a command's route; and so for the other kinds of routes."""
        return self._route(row.name, partial(self._command, row), 201 if row.creates else 200)

    def file(self, row: Imports, columns: Iterable[str]) -> dict[str, Any]:
        """An import's route, with the `columns` that its lines may have."""
        return self._route(row.name, partial(self._file, row, columns))

    def page(self, row: Lists) -> dict[str, Any]:
        """A list's route."""
        name = f"list_{row.path.strip('/').replace('/', '_').replace('-', '_')}"
        return self._route(name, partial(self._page, row, name))

    def one(self, row: Lists) -> dict[str, Any]:
        """The route of one document."""
        return self._route(f"get_{row.kind.noun()}", partial(self._one, row))

    def history(self, row: Lists) -> dict[str, Any]:
        """The route of a document's history."""
        return self._route(f"get_{row.kind.noun()}_history", partial(self._history, row))

    def read(self, row: Reads) -> dict[str, Any]:
        """The route of any other query."""
        return self._route(row.name, partial(self._read, row))

    def operation(self, name: str, gives: Any, *others: int, known: bool = True) -> dict[str, Any]:
        """A route of every service. `others` have the same body; anyone may call it unless callers must be `known`."""
        return self._route(name, partial(self._of_every_service, name, gives, *others, known=known))

    def _command(self, row: Change) -> Schema:
        status = 201 if row.creates else 200
        refusals = [*refusals_of(self._service, row), *(OF_COMMAND if row.creates else OF_CHANGE)]
        answer = self._answer(row.gives, "The aggregate as it is now.", created=row.creates)
        described = self._operation(
            self._tag(self._paths.get(row.gives, row.path), row.gives), _words(row.name), _described(row),
            {status: answer}, refusals,
        )  # fmt: skip
        body = self._schemas.body(row)
        return described | ({"requestBody": body} if body else {})

    def _file(self, row: Imports, columns: Iterable[str]) -> Schema:
        refusals = (UnreadableFile, NotAFile, TooLarge, IdempotencyKeyReused, RecordTooLarge)
        text = (
            f"{_described(row)}\n\nThe first row of the file names the columns: {', '.join(columns)}. All lines are"
            " carried out, or none: the answer names each mistake. `dry_run=true` only looks for them. An organisation"
            " is named by its id or by one of its identifiers, such as `ror:03angcq70`. With"
            f" `Accept: {NDJSON}` the progress is reported while it runs."
        )
        described = self._operation(
            self._tag(self._paths.get(row.gives, row.path), row.gives), _words(row.name), text,
            {200: self._imported()}, refusals,
        )  # fmt: skip
        files = {media: {"schema": FILE} for media in TYPES}
        return described | {"requestBody": {"required": True, "content": files}}

    def _imported(self) -> Schema:
        answer = self._answer(Imported, "What became of the file.")
        of_a_line = {"anyOf": [self._schemas.answer(Progress), answer["content"][JSON]["schema"]]}
        progress: Schema = {
            "type": "string", "contentMediaType": JSON, "contentSchema": of_a_line,
            "description": "Each line is an object: how far it is, and last what became of it, or a problem detail.",
        }  # fmt: skip
        return answer | {"content": answer["content"] | {NDJSON: {"schema": progress}}}

    def _page(self, row: Lists, name: str) -> Schema:
        schema = {
            "type": "object",
            "description": "One page of a list.",
            "required": ["items", "next"],
            "properties": {"items": {"type": "array", "items": self._schemas.answer(row.kind)}, "next": NEXT},
        }
        if row.sorts:
            self._schemas.add(f"{row.kind.__name__}Sort", _orders(row.sorts))
        answer = _response("One page.", self._schemas.add(f"{row.kind.__name__}Page", schema))
        answer["description"] += " As a file (by `Accept`), the whole list; an import takes the same columns."
        answer["content"] |= {media: {"schema": FILE} for media in WRITERS}
        return self._operation(self._tag(row.path, row.kind), _words(name), _seen(row), {200: answer})

    def _one(self, row: Lists) -> Schema:
        noun, answer = row.kind.noun(), self._answer(row.kind, "The aggregate as it is now.")
        summary = _words(f"get_one_{noun}")
        return self._operation(self._tag(row.path, row.kind), summary, _seen(row), {200: answer}, [NotFound])

    def _history(self, row: Lists) -> Schema:
        noun, answer = row.kind.noun(), self._answer(HistoryPage, "What was done, oldest first.")
        text = (
            "Each change: who made it and for which organisation, when, by which operation, which revision it left, and"
            " which events it published."
        )
        summary = _words(f"get_the_history_of_one_{noun}")
        return self._operation(self._tag(row.path, row.kind), summary, text, {200: answer}, [NotFound])

    def _read(self, row: Reads) -> Schema:
        path = next((p for p in self._paths.values() if row.path.startswith(f"{p}/")), row.path)
        answer, refusals = self._answer(row.gives, "The answer."), refusals_of(self._service, row)
        return self._operation(self._tag(path, row.run), _words(row.name), about(row.run), {200: answer}, refusals)

    def _of_every_service(self, name: str, gives: Any, *others: int, known: bool) -> Schema:
        answers: dict[int, Schema] = {status: self._answer(gives, "The answer.") for status in (200, *others)}
        self._tags[OPERATIONS] = (
            "Who you are; and for operators and machines, how the service is and what it published."
        )
        return self._operation(OPERATIONS, _words(name), None, answers, NEVER if known else None)

    def serve(self, app: FastAPI) -> None:
        """Serves the document, with the address by which it was asked for."""
        app.openapi_url = ADDRESS
        setattr(app, "openapi", partial(self.whole, app))  # noqa: B010  FastAPI's way to replace it

        async def document(request: Request) -> JSONResponse:
            return JSONResponse({**self.whole(app), "servers": [{"url": str(request.base_url).rstrip("/")}]})

        app.add_route(ADDRESS, document, include_in_schema=False)

    @cached_property
    def _operations(self) -> dict[str, Schema]:
        return {name: describe() for name, describe in self._describe.items()}

    def whole(self, app: FastAPI) -> Schema:
        """The document. Raises TypeError if two classes that it shows have one name."""
        operations = self._operations
        about_service = inspect.getdoc(importlib.import_module(self._service.work.__module__.rpartition(".app.")[0]))
        found = get_openapi(
            title=app.title, version=app.version, routes=app.routes, tags=self._tag_list(),
            description=GUIDE.format(about=about_service, token=self._token),
            license_info={"name": "Apache-2.0", "identifier": "Apache-2.0"},
        )  # fmt: skip
        for operation in (one for path in found["paths"].values() for one in path.values()):
            operation |= operations[operation["operationId"]]
            for parameter in operation.get("parameters", ()):
                parameter["schema"] = _sent(parameter["schema"])
        components = found["components"]
        components["schemas"] = dict(
            sorted({**plain(components.get("schemas", {})), **self._schemas.components}.items())
        )
        components["securitySchemes"][SCHEME]["description"] = self._token
        return found

    def _route(self, name: str, describe: Callable[[], Schema], status: int = 200) -> dict[str, Any]:
        self._describe[name] = describe
        # Without a description of 422, FastAPI adds its own.
        responses = {422: {"description": "Described later."}}
        return {
            "name": name, "operation_id": name, "status_code": status, "response_model": None, "responses": responses,
        }  # fmt: skip

    def _operation(
        self, tag: str, summary: str, description: str | None, answers: dict[int, Schema],
        refusals: Iterable[type[Refused]] | None = (),
    ) -> Schema:  # fmt: skip
        problems = {} if refusals is None else problem_responses(self._schemas, refusals)
        responses = {str(status): answer for status, answer in (answers | problems).items()}
        found: Schema = {"tags": [tag], "summary": summary, "responses": dict(sorted(responses.items()))}
        return found | ({"description": description} if description else {})

    def _answer(self, gives: Any, description: str, *, created: bool = False) -> Schema:
        if isinstance(gives, type) and issubclass(gives, File):
            return {"description": about(gives), "content": {gives.media: {"schema": FILE}}}
        headers = {"ETag": ETAG} if is_document(gives) else {}
        headers |= {"Location": LOCATION} if created and gives in self._paths else {}
        return _response(description, self._schemas.answer(gives)) | ({"headers": headers} if headers else {})

    def _tag(self, path: str, of: Any) -> str:
        tag = path.strip("/").partition("/")[0]
        self._tags.setdefault(tag, about(of))
        return tag

    def _tag_list(self) -> list[dict[str, str]]:
        return [{"name": name, "description": self._tags[name]} for name in sorted(self._tags)]


def _orders(fields: Iterable[str]) -> Schema:
    """The orders of a list; without names generators would call the descending ones by numbers."""
    names = [name for field in fields for name in (field.upper(), f"{field.upper()}_DESCENDING")]
    orders = [order for field in fields for order in (field, f"-{field}")]
    return {"type": "string", "description": "The order of a list.", "enum": orders, "x-enum-varnames": names}


def _response(description: str, schema: Schema) -> Schema:
    return {"description": description, "content": {JSON: {"schema": schema}}}


def _words(name: str) -> str:
    return name.replace("_", " ").capitalize()


def _described(row: Change) -> str:
    """What a command does, who may use it, and what it publishes."""
    events = " or ".join(f"`{event.type}`" for event in row.emits)
    published = f"Publishes {events}." if events else "Publishes nothing."
    needs = "Needs no token." if row.anybody else _needs(row.may)
    return f"{about(row.run)}\n\n{needs} {published}"


def _needs(may: Collection[Role]) -> str:
    if Role.READER in may:
        return "Open to everyone in the directory."
    return f"Needs the role {' or '.join(f'`{role}`' for role in sorted(may))}."


def _seen(row: Lists) -> str:
    if row.own:
        return f"{_needs(row.may)} You see your own."
    if hasattr(row.kind, "sides"):
        return f"{_needs(row.may)} You see those in which your organisation has a part, or one that it lies within."
    return _needs(row.may)


def _sent(schema: Schema) -> Schema:
    """The schema of a parameter that may be left out: null cannot be sent there."""
    schema = {name: one for name, one in plain(schema).items() if name != "description"}  # the parameter has it
    options = [one for one in schema.get("anyOf", ()) if one.get("type") != "null"]
    if len(options) != 1:
        return schema
    return {**{name: one for name, one in schema.items() if name != "anyOf"}, **options[0]}
