"""HTTP: a service's rows become routes; a row is the whole contract of its route."""

import inspect
from collections.abc import Awaitable, Callable
from enum import StrEnum
from functools import partial
from typing import Annotated, Any, get_type_hints
from uuid import UUID

from fastapi import APIRouter, Body, Depends, FastAPI, Header, Path, Query, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError, create_model

from shared.domain.actor import Actor
from shared.domain.aggregate import Aggregate
from shared.domain.command import Command
from shared.domain.refused import Invalid
from shared.messaging.outbox import Pool
from shared.messaging.work import adapter
from shared.platform.commands import Carrier
from shared.platform.documents import MOST, Documents
from shared.platform.identified import Identified, allow
from shared.platform.problems import responses
from shared.platform.service import Change, Lists, Reads, Service

PROBLEMS = responses(401, 403, 409, 422, 503)
JSON = "application/json"
IfMatch = Annotated[
    str | None, Header(alias="If-Match", description="the ETag that you read; refused with 412 when it is stale")
]
IdempotencyKey = Annotated[
    str | None,
    Header(alias="Idempotency-Key", min_length=1, max_length=100, pattern=r"^[!-~]+$",
           description="makes a repetition of this request answer the same and do nothing; kept a day"),
]  # fmt: skip


def add_routes(app: FastAPI, service: Service, pool: Pool, carrier: Carrier, identified: Identified) -> None:
    """Adds the routes of all rows of `service`."""
    who = Annotated[Actor, Depends(identified)]
    router = APIRouter()
    for row in service.commands:
        _add_change(router, row, carrier, who)
    for query in service.queries:
        if isinstance(query, Lists):
            _add_lists(router, query, pool, who)
        else:
            _add_reads(router, query, pool, who)
    app.include_router(router)


def _add_change(router: APIRouter, row: Change, carrier: Carrier, who: Any) -> None:
    body = _body_of(row)

    async def endpoint(
        actor: Actor, given: BaseModel | None, headers: tuple[str | None, str | None], **path: Any
    ) -> Response:
        allow(actor, row.may)
        version = _version(headers[0])
        answer = await carrier.command(row, _ask(row.ask, given, path), actor, version=version, key=headers[1])
        return Response(answer.body, answer.status, answer.headers, media_type=JSON)

    async def route(**given: Any) -> Response:
        headers = given.pop("if_match", None), given.pop("idempotency_key", None)
        return await endpoint(given.pop("actor"), given.pop("body", None), headers, **given)

    parameters = {name: Annotated[row.ask.model_fields[name].annotation, Path()] for name in row.path_fields}
    parameters |= {"actor": who, "idempotency_key": (IdempotencyKey, None)}
    parameters |= {} if row.creates else {"if_match": (IfMatch, None)}
    parameters |= {"body": Annotated[body, Body()]} if body else {}
    shown = {(201 if row.creates else 200): _shown(row.gives)}
    router.add_api_route(
        row.path, _with_signature(route, parameters), methods=["POST"], operation_id=row.name, name=row.name,
        summary=row.name.replace("_", " ").capitalize(), description=_described(row), status_code=next(iter(shown)),
        responses=PROBLEMS | responses(404, 412, 413) | shown,
    )  # fmt: skip


def _body_of(row: Change) -> type[BaseModel] | None:
    """The request's body: the command without what stands in the path."""
    fields: dict[str, Any] = {
        name: (field.annotation, field) for name, field in row.ask.model_fields.items() if name not in row.path_fields
    }
    config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)
    return create_model(f"{row.ask.__name__}Body", __config__=config, **fields) if fields else None


def _ask(kind: type[Command], given: BaseModel | None, path: dict[str, Any]) -> Command:
    values = {name: getattr(given, name) for name in given.model_fields_set} if given else {}
    return _checked(kind, values | path)


def _checked(kind: type[Command], values: dict[str, Any]) -> Command:
    """The command; what it checks across its fields is said as what each field is checked for: 422."""
    try:
        return kind.model_validate(values)
    except ValidationError as wrong:
        errors = [{**e, "loc": ("request", *e["loc"])} for e in wrong.errors(include_input=False, include_url=False)]
        raise RequestValidationError(errors) from None


def _version(if_match: str | None) -> int | None:
    if if_match is None or if_match == "*":
        return None
    value = if_match.strip().removeprefix("W/").strip('"')
    if not value.isascii() or not value.isdigit() or len(value) > 18:
        raise Invalid(reason="If-Match is not an ETag that this service gave")
    return int(value)


def _described(row: Change) -> str:
    events = ", ".join(f"`{event.type}`" for event in row.emits)
    needs = " or ".join(f"`{role}`" for role in sorted(row.may))
    return f"{inspect.getdoc(row.run) or ''}\n\nNeeds the role {needs}. Publishes {events or 'nothing'}."


def _shown(gives: Any) -> dict[str, Any]:
    if isinstance(gives, type) and issubclass(gives, Aggregate):
        schema = adapter(gives).json_schema(mode="serialization", ref_template="#/components/schemas/{model}")
        return {"description": "the aggregate as it is now", "content": {JSON: {"schema": _inline(schema)}}}
    return {"description": "the answer", "content": {JSON: {"schema": _inline(TypeAdapter(gives).json_schema())}}}


def _inline(schema: dict[str, Any]) -> dict[str, Any]:
    """The schema without `$defs`, for a place where references have nowhere to point to."""
    definitions = schema.pop("$defs", {})

    def resolve(node: Any) -> Any:
        if isinstance(node, dict):
            if "$ref" in node:
                return resolve(definitions[node["$ref"].rsplit("/", 1)[-1]])
            return {key: resolve(value) for key, value in node.items()}
        return [resolve(one) for one in node] if isinstance(node, list) else node

    resolved = resolve(schema)
    if "properties" in resolved:
        resolved["properties"]["version"] = {"type": "integer", "description": "rises with every change; the ETag"}
    return resolved


def _with_signature(route: Callable[..., Awaitable[Any]], parameters: dict[str, Any]) -> Callable[..., Awaitable[Any]]:
    """`route` with named, typed parameters, which is what FastAPI reads; a pair is a type and a default."""
    made = [
        inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, annotation=hint[0], default=hint[1])
        if isinstance(hint, tuple)
        else inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, annotation=hint)
        for name, hint in parameters.items()
    ]
    setattr(route, "__signature__", inspect.Signature(made))  # noqa: B010
    return route


def _add_lists(router: APIRouter, row: Lists, pool: Pool, who: Any) -> None:
    documents, what = Documents(row), row.kind.kind().replace("_", " ")
    one = f"{row.path}/{{id}}"

    async def page(**given: Any) -> dict[str, Any]:
        actor, limit, cursor = given.pop("actor"), given.pop("limit"), given.pop("cursor")
        sort = given.pop("sort", None)
        allow(actor, row.may)
        filters = {name: value for name, value in given.items() if value is not None}
        async with pool.acquire() as db:
            found = await documents.page(db, actor, filters, sort, cursor, limit)
        return {"items": found.items, "next": found.next}

    async def read(id: UUID, actor: Actor) -> Response:
        allow(actor, row.may)
        async with pool.acquire() as db:
            found = await documents.one(db, actor, id)
        return JSONResponse(found, headers={"ETag": f'"{found["version"]}"'})

    async def history(id: UUID, actor: Actor) -> list[dict[str, Any]]:
        allow(actor, row.may)
        async with pool.acquire() as db:
            return await documents.history(db, actor, id)

    text = Query(max_length=300, pattern=r"^[^\x00]*$")
    parameters: dict[str, Any] = {name: (Annotated[str | None, text], None) for name in row.filters}
    if row.sorts:
        parameters["sort"] = (Annotated[_orders(row) | None, Query(description="`-` before it: descending")], None)
    parameters |= {
        "actor": who,
        "limit": (Annotated[int, Query(ge=1, le=MOST)], 50),
        "cursor": (Annotated[str | None, Query(max_length=2000)], None),
    }
    plural = row.path.strip("/").replace("/", "_")
    found = PROBLEMS | responses(404)
    add: Any = partial(router.add_api_route, methods=["GET"], response_model=None)
    of_one: dict[str, Any] = {"id": UUID, "actor": who}
    name = row.kind.kind()
    add(
        row.path,
        _with_signature(page, parameters),
        operation_id=f"list_{plural}",
        summary=f"A page of {plural}",
        responses=PROBLEMS,
    )
    shown = found | {200: _shown(row.kind)}
    add(one, _with_signature(read, of_one), operation_id=f"read_{name}", summary=f"One {what}", responses=shown)
    done = f"What was done to one {what}"
    past = _with_signature(history, of_one)
    add(f"{one}/history", past, operation_id=f"history_of_{name}", summary=done, responses=found)


def _orders(row: Lists) -> Any:
    return StrEnum("Sort", [name for field in row.sorts for name in ((field, field), (f"{field}_down", f"-{field}"))])


def _add_reads(router: APIRouter, row: Reads, pool: Pool, who: Any) -> None:
    async def read(**given: Any) -> Response:
        actor = given.pop("actor")
        allow(actor, row.may)
        ask = _checked(row.ask, {name: value for name, value in given.items() if value is not None})
        async with pool.acquire() as db:
            found = await row.run(ask, actor, db)
        return Response(TypeAdapter(row.gives).dump_json(found), media_type=JSON)

    hints = get_type_hints(row.ask, include_extras=True)
    parameters: dict[str, Any] = {"actor": who}
    for name, field in row.ask.model_fields.items():
        place = Path() if f"{{{name}}}" in row.path else Query()
        hint = Annotated[hints[name], place]
        parameters[name] = hint if field.is_required() else (hint, field.default)
    router.add_api_route(
        row.path, _with_signature(read, parameters), methods=["GET"], operation_id=row.name, name=row.name,
        summary=row.name.replace("_", " ").capitalize(), description=inspect.getdoc(row.run), response_model=None,
        responses=PROBLEMS | responses(404) | {200: _shown(row.gives)},
    )  # fmt: skip
