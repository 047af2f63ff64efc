"""Reads request bodies and queries strictly, once; refuses anything ambiguous."""

import json
from collections.abc import Callable, Collection, Iterable, Mapping
from typing import Any, TypeVar, cast

from fastapi import Request
from fastapi.exceptions import RequestValidationError
from pydantic import ValidationError
from starlette.routing import compile_path
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from shared.contracts.values import ASKED
from shared.domain.command import Command
from shared.domain.refused import Invalid, Refused
from shared.http.problems import refusal

LARGEST = 1024 * 1024
"""The most bytes that a body may have."""
ONCE = ("idempotency-key", "if-match", "entente-acting-for")

C = TypeVar("C", bound=Command)


class TooLarge(Refused):
    """The body is over {limit} bytes; send less at once."""

    limit: int
    status = 413


class NotJson(Refused):
    """The body is not one JSON object in UTF-8, with each name once and no NaN; correct it and send it again.

    Everything that could be read in two ways is refused: a name given twice, `NaN` and `Infinity`, half of a surrogate
    pair, another encoding, extreme nesting.
    """

    status = 400


class UnsupportedMediaType(Refused):
    """The body is not labelled as JSON; send it with `Content-Type: application/json`."""

    status = 415


class NotAFile(Refused):
    """The body is not labelled as a file that can be read here; send it with one of the Content-Types {allowed}."""

    status = 415


class BodyLimit:
    """ASGI middleware that refuses a body over `LARGEST`, or a file's over its limit; a declared length, unread."""

    def __init__(self, app: ASGIApp, files: Collection[str], largest_file: int) -> None:
        """`files`: the paths of routes that take a file."""
        self._app, self._largest_file = app, largest_file
        self._files = [compile_path(path)[0] for path in files]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Refuses a declared length that is too large; counts the bytes of a body that declares none."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        limit = self._largest_file if any(path.match(scope["path"]) for path in self._files) else LARGEST
        if _declared(scope) > limit:
            await refusal(TooLarge(limit=limit))(scope, receive, send)
        else:
            await self._app(scope, _counted(receive, limit), send)


def _declared(scope: Scope) -> int:
    length = dict(scope["headers"]).get(b"content-length", b"0")
    return int(length[:20]) if length[:20].isdigit() else 0


def _counted(receive: Receive, limit: int) -> Receive:
    taken = 0

    async def counted() -> Message:
        nonlocal taken
        message = await receive()
        taken += len(message.get("body", b""))
        if taken > limit:
            raise TooLarge(limit=limit)
        return message

    return counted


async def ask_of(request: Request, kind: type[C], path: Mapping[str, Any]) -> C:
    """Reads the command of a request from its JSON body and the path.

    Raises NotJson, UnsupportedMediaType, TooLarge, RequestValidationError. Types are strict (`"1"` is no number, `0` no
    day) and unknown names are refused at every depth, also in the classes of events, whose readers are tolerant.
    """
    body = await request.body()
    if body and not _said_json(request):
        raise UnsupportedMediaType
    given = read_object(body) if body else {}
    if named := sorted(given.keys() & path.keys()):
        raise RequestValidationError([{"loc": ("body", name), "msg": "belongs in the path"} for name in named])
    try:
        whole = json.dumps({**given, **path}, default=str)
        return kind.model_validate_json(whole, strict=True, extra="forbid", context=ASKED)
    except ValidationError as error:
        raise _wrong(error, lambda name: "path" if name in path else "body") from None


async def file_of(request: Request, allowed: Collection[str]) -> bytes:
    """The file in a request's body; raises NotAFile, TooLarge."""
    if _said(request) not in allowed:
        raise NotAFile(allowed=", ".join(allowed))
    return await request.body()


def ask_in_query(kind: type[C], given: Mapping[str, Any]) -> C:
    """Reads the command of a query from path and query parameters; raises RequestValidationError."""
    try:
        return kind.model_validate({name: value for name, value in given.items() if value is not None}, context=ASKED)
    except ValidationError as error:
        raise _wrong(error, lambda _: "query") from None


def read_json(text: bytes) -> Any:
    """Parses JSON; raises NotJson, even for a repeated name, NaN, or text that is not Unicode."""
    try:
        found = json.loads(text.decode(), object_pairs_hook=_each_once, parse_constant=_no_constant)
        # Refuses what JSON can escape and UTF-8 cannot encode, such as half a surrogate pair, and numbers out of range.
        json.dumps(found, ensure_ascii=False, allow_nan=False).encode()
    except (ValueError, RecursionError):
        raise NotJson from None
    return found


def read_object(text: bytes) -> dict[str, Any]:
    """Parses a JSON object; raises NotJson."""
    found = read_json(text)
    if not isinstance(found, dict):
        raise NotJson
    return cast("dict[str, Any]", found)


def require_plain(request: Request, query: Iterable[str] = (), repeated: Collection[str] = ()) -> None:
    """Raises Invalid for a query parameter that is not in `query`, and for a parameter or header given twice.

    Parameters in `repeated` may be given several times.
    """
    given = [name for name, _ in request.query_params.multi_items()]
    allowed = set(query)
    if any(name not in allowed for name in given):
        known = ", ".join(sorted(allowed)) or "none"
        raise Invalid(reason=f"there is a query parameter that is not known here; known are: {known}")
    once = [name for name in given if name not in repeated]
    if len(set(once)) < len(once):
        raise Invalid(reason="a query parameter is given twice; give each once")
    if any(len(request.headers.getlist(name)) > 1 for name in ONCE):
        raise Invalid(reason=f"a header is given twice; give each of {', '.join(ONCE)} once")


def _wrong(error: ValidationError, place: Callable[[object], str]) -> RequestValidationError:
    # Name the place and the error, never the value, which may be personal data.
    found = error.errors(include_url=False, include_context=False, include_input=False)
    return RequestValidationError(
        [{"loc": (place(e["loc"][0] if e["loc"] else None), *e["loc"]), "msg": e["msg"]} for e in found]
    )


def _said(request: Request) -> str:
    return request.headers.get("content-type", "").partition(";")[0].strip().lower()


def _said_json(request: Request) -> bool:
    said = _said(request)
    return said == "application/json" or (said.startswith("application/") and said.endswith("+json"))


def _each_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("a name is given twice")
    return found


def _no_constant(name: str) -> Any:
    raise ValueError(f"{name} is no JSON number")
