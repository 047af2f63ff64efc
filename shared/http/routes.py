"""Makes routes from the rows of a service; a row is the whole contract of its route."""

import asyncio
import inspect
import re
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import date
from enum import StrEnum
from functools import partial
from typing import Annotated, Any, Literal, cast
from uuid import UUID

from fastapi import APIRouter, Depends, FastAPI, Header, HTTPException, Path, Query, Request, Response
from fastapi.responses import JSONResponse, StreamingResponse
from pydantic import Field, TypeAdapter

from shared.contracts.values import Day
from shared.domain.actor import Actor
from shared.domain.command import Command
from shared.domain.refused import Invalid
from shared.http.bodies import BodyLimit, ask_in_query, ask_of, file_of, require_plain
from shared.http.documents import MOST, Documents
from shared.http.exports import Export, asked_for, chunks
from shared.http.filters import PARTNER, WORDS, Filter
from shared.http.history import as_of, history
from shared.http.identity.caller import Identified, allow
from shared.http.import_progress import NDJSON, progress_of
from shared.http.imports import Format, UnreadableFile
from shared.http.openapi import OpenApi
from shared.http.schemas import JSON
from shared.messaging.outbox import Pool
from shared.service.commands import CommandRunner
from shared.service.files import File
from shared.service.rows import Change, Imports, Lists, Reads, Service
from shared.sheets.reading import CSV, TYPES, read_sheet
from shared.sheets.sheet import BYTES, Unreadable

MOST_VALUES = 50
ANY = "Only those that have this value; one of them, if it is given several times."
FOUND = (
    "Only those with all these words, English or Chinese, in any order. Each may be the beginning of a word; capitals"
    " and accents do not matter."
)
AS_OF: dict[str, Any] = {
    "day": (Annotated[Day | None, Query(alias="as_of", description="As it was at the end of this day, in UTC.")], None)
}
STEPS: dict[str, Any] = {
    "limit": (Annotated[int, Query(ge=1, le=MOST, description="How many at most.")], MOST),
    "cursor": (
        Annotated[str | None, Query(pattern=r"^[0-9]{1,18}$", description="The `next` of the page before.")],
        None,
    ),
}
ETAG = re.compile(r'"([0-9]{1,18})"')
IfMatch = Annotated[
    str | None,
    Header(alias="If-Match", description="The ETag of what you read: refused with 412 if it has changed since."),
]
IdempotencyKey = Annotated[
    str | None,
    Header(alias="Idempotency-Key", min_length=1, max_length=100, pattern=r"^[!-~]+$",
           description="A new word for each request. The same request with the same word is carried out once a day, and"
           " a repetition gets the same answer."),
]  # fmt: skip


def add_routes(
    app: FastAPI, service: Service, pool: Pool, runner: CommandRunner, identified: Identified, openapi: OpenApi
) -> None:
    """Adds the routes of all rows of `service`."""
    who = Annotated[Actor, Depends(identified)]
    router = APIRouter()
    for row in service.commands:
        _add_change(router, row, runner, who, openapi)
    for file in service.imports:
        _add_import(router, file, runner, identified, openapi)
    for query in service.queries:
        if isinstance(query, Lists):
            _add_lists(router, query, pool, who, openapi)
        else:
            _add_reads(router, query, pool, who, openapi)
    app.include_router(router)
    app.add_middleware(BodyLimit, files=[row.path for row in service.imports], largest_file=BYTES)


def _add_change(router: APIRouter, row: Change, runner: CommandRunner, who: Any, openapi: OpenApi) -> None:
    async def admit(request: Request, **given: Any) -> Response:
        require_plain(request)
        ask = await ask_of(request, row.ask, given)
        answer = await runner.command(row, ask, Actor.service(row.name))
        return Response(answer.body, answer.status, {"Cache-Control": "no-store"}, media_type=JSON)

    async def route(request: Request, actor: Actor, **given: Any) -> Response:
        actor = allow(actor, row.may)
        require_plain(request)
        version, key = _version(given.pop("if_match", None)), given.pop("idempotency_key", None)
        ask = await ask_of(request, row.ask, given)
        answer = await runner.command(row, ask, actor, version=version, key=key)
        return Response(answer.body, answer.status, answer.headers, media_type=JSON)

    parameters: dict[str, Any] = {name: _hint(row.ask, name, Path) for name in row.path_fields}
    if row.anybody:
        signed = _with_signature(admit, parameters | {"request": Request})
    else:
        parameters |= {"request": Request, "actor": who, "idempotency_key": (IdempotencyKey, None)}
        signed = _with_signature(route, parameters | ({} if row.creates else {"if_match": (IfMatch, None)}))
    router.add_api_route(row.path, signed, methods=["POST"], **openapi.command(row))


def _add_import(
    router: APIRouter, row: Imports, runner: CommandRunner, identified: Identified, openapi: OpenApi
) -> None:
    lines, who = Format(row), Annotated[Actor, Depends(identified)]

    async def route(request: Request, actor: Actor, dry_run: bool, **given: Any) -> Response:
        allow(actor, row.may)
        require_plain(request, ["dry_run"])
        key = given.pop("idempotency_key", None)
        try:
            sheet = await read_sheet(await file_of(request, TYPES))
        except Unreadable as problem:
            raise UnreadableFile(reason=str(problem)) from None
        named = await asyncio.to_thread(lines.identifiers, sheet)
        async with identified.directory() as directory:
            known = await directory.identified(named)
        draft = await asyncio.to_thread(lines.draft, sheet, given, known)
        run = partial(runner.import_file, row, draft, actor, dry_run=dry_run, key=key)
        if asked_for(request.headers.get("accept", ""), [NDJSON]):
            progress = progress_of(lambda tell: run(tell=tell), len(sheet.lines))
            return StreamingResponse(progress, media_type=NDJSON)
        answer = await run()
        return Response(answer.body, answer.status, answer.headers, media_type=JSON)

    parameters: dict[str, Any] = {name: _hint(row.ask, name, Path) for name in row.path_fields}
    parameters |= {"request": Request, "actor": who, "idempotency_key": (IdempotencyKey, None)}
    parameters |= {"dry_run": (Annotated[bool, Query(description="Try all lines, and carry out none.")], False)}

    async def only_post() -> None:
        # Else a GET would ask the list for the document `imports`.
        raise HTTPException(405, "Method Not Allowed", {"Allow": "POST"})

    described = openapi.file(row, [column.name for column in lines.columns])
    router.add_api_route(row.path, _with_signature(route, parameters), methods=["POST"], **described)
    router.add_api_route(row.path, only_post, methods=["GET"], include_in_schema=False)


def _hint(kind: type[Command], name: str, place: Callable[..., Any]) -> Any:
    field = kind.model_fields[name]
    return Annotated[field.rebuild_annotation(), place(description=field.description)]


def _version(if_match: str | None) -> int | None:
    if if_match is None or if_match == "*":
        return None
    if not (tag := ETAG.fullmatch(if_match)):
        raise Invalid(reason="If-Match is not one ETag that this service gave")
    return int(tag[1])


def _with_signature(route: Callable[..., Awaitable[Any]], parameters: dict[str, Any]) -> Callable[..., Awaitable[Any]]:
    """`route` with named, typed parameters for FastAPI to read; a pair is a type and a default."""
    made = [
        inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, annotation=hint[0], default=hint[1])
        if isinstance(hint, tuple)
        else inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, annotation=hint)
        for name, hint in parameters.items()
    ]
    setattr(route, "__signature__", inspect.Signature(made))  # noqa: B010
    return route


def _add_lists(router: APIRouter, row: Lists, pool: Pool, who: Any, openapi: OpenApi) -> None:
    documents, one = Documents(row), f"{row.path}/{{id}}"

    async def page(request: Request, actor: Actor, limit: int, cursor: str | None, **given: Any) -> Any:
        allow(actor, row.may)
        require_plain(request, names, repeated)
        sort = given.pop("sort", None)
        asked = {name: _as_texts(value) for name, value in given.items() if value is not None}
        if media := asked_for(request.headers.get("accept", "")):
            if request.query_params.keys() & {"limit", "cursor"}:
                raise Invalid(reason="a file has the whole list; leave out `limit` and `cursor`")
            return await _file(row, media, documents.pages(pool, actor, asked, sort))
        async with pool.acquire() as db:
            found = await documents.page(db, actor, asked, sort, cursor, limit)
        return {"items": found.items, "next": found.next}

    async def read(request: Request, id: UUID, actor: Actor, day: date | None = None) -> Response:
        allow(actor, row.may)
        require_plain(request, ["as_of"] if row.kind.keeps_versions else [])
        async with pool.acquire() as db:
            found = await (as_of(db, documents, actor, id, day) if day else documents.one(db, actor, id))
        return JSONResponse(found, headers={"ETag": f'"{found["version"]}"'})

    async def steps(request: Request, id: UUID, actor: Actor, limit: int, cursor: str | None) -> dict[str, Any]:
        allow(actor, row.may)
        require_plain(request, ["limit", "cursor"])
        async with pool.acquire() as db:
            return await history(db, documents, actor, id, cursor, limit)

    parameters = _page_parameters(row, documents)
    names, repeated = parameters.keys(), {*row.filters, PARTNER}
    of_one: dict[str, Any] = {"request": Request, "id": UUID, "actor": who}
    add = partial(router.add_api_route, methods=["GET"])
    add(row.path, _with_signature(page, {"request": Request, "actor": who} | parameters), **openapi.page(row))
    add(one, _with_signature(read, of_one | (AS_OF if row.kind.keeps_versions else {})), **openapi.one(row))
    add(f"{one}/history", _with_signature(steps, of_one | STEPS), **openapi.history(row))


async def _file(row: Lists, media: str, pages: AsyncIterator[list[dict[str, Any]]]) -> Response:
    export = Export(row.kind)
    await export.take(pages)
    file = await asyncio.to_thread(export.written, media)
    name = f"{row.path.strip('/').replace('/', '-')}.{'csv' if media == CSV else 'xlsx'}"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return StreamingResponse(chunks(file), headers=headers, media_type=media)


def _page_parameters(row: Lists, documents: Documents) -> dict[str, Any]:
    parameters: dict[str, Any] = {name: (_parameter(documents, name), None) for name in documents.parameters}
    if row.sorts:
        parameters["sort"] = (
            Annotated[_orders(row) | None, Query(description="The field to sort by; with `-` before it, descending.")],
            None,
        )
    cursor = Query(
        min_length=1, max_length=2000, description="The `next` of the page before; keep filters and sort as they were."
    )
    return parameters | {
        "limit": (Annotated[int, Query(ge=1, le=MOST, description="How many at most.")], 50),
        "cursor": (Annotated[str | None, cursor], None),
    }


def _parameter(documents: Documents, name: str) -> Any:
    if by := documents.filters.get(name):
        return Annotated[list[_value(by)] | None, Query(max_length=MOST_VALUES, description=ANY)]
    if name == PARTNER:
        said = "Only those with this organisation as a side; one of them, if it is given several times."
        return Annotated[list[UUID] | None, Query(max_length=MOST_VALUES, description=said)]
    if name == WORDS:
        return Annotated[str | None, Query(min_length=1, max_length=200, pattern=r"^[^\x00]*$", description=FOUND)]
    field, _, end = name.rpartition("_")
    said = f"Only those whose `{field}` is {'not before' if end == 'from' else 'not after'} this day."
    return Annotated[Day | None, Query(description=said)]


def _value(by: Filter) -> Any:
    """The values of a filter: those its field can hold, so that a misspelt one is refused, not answered empty."""
    if "enum" in by.schema:
        return StrEnum(by.component or by.field, {one: one for one in by.schema["enum"]})
    if by.schema.get("format") == "uuid":
        return UUID
    if by.schema.get("type") == "boolean":
        return Literal["true", "false"]
    return Annotated[str, Field(min_length=1, max_length=300, pattern=r"^[^\x00]*$")]


def _as_texts(given: object) -> list[str]:
    values = cast("list[object]", given) if isinstance(given, list) else [given]
    return [value.value if isinstance(value, StrEnum) else str(value) for value in values]


def _orders(row: Lists) -> Any:
    sort = f"{row.kind.__name__}Sort"
    return StrEnum(sort, [name for field in row.sorts for name in ((field, field), (f"{field}_down", f"-{field}"))])


def _add_reads(router: APIRouter, row: Reads, pool: Pool, who: Any, openapi: OpenApi) -> None:
    fields = row.ask.model_fields
    in_path = {name for name in fields if f"{{{name}}}" in row.path}

    async def read(request: Request, actor: Actor, **given: Any) -> Response:
        allow(actor, row.may)
        require_plain(request, fields.keys() - in_path)
        ask = ask_in_query(row.ask, given)
        async with pool.acquire() as db:
            found = await row.run(ask, actor, db)
        if isinstance(found, File):
            headers = {"Content-Disposition": f'attachment; filename="{found.name}"'}
            return Response(found.content, headers=headers, media_type=found.media)
        return Response(TypeAdapter(row.gives).dump_json(found), media_type=JSON)

    parameters: dict[str, Any] = {"request": Request, "actor": who}
    for name, field in fields.items():
        hint = _hint(row.ask, name, Path if name in in_path else Query)
        parameters[name] = hint if field.is_required() else (hint, field.default)
    router.add_api_route(row.path, _with_signature(read, parameters), methods=["GET"], **openapi.read(row))
