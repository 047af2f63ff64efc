"""Problem details (RFC 9457): every error over HTTP, with a stable type and a sentence that says what to do."""

import json

import asyncpg
import structlog
from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect

from shared.domain.refused import Refused
from shared.http.identity.tokens import InvalidToken, IssuerUnavailable
from shared.http.problem_pages import TYPE, add_problem_pages
from shared.messaging.envelope import traceparent
from shared.telemetry.requests import CLIENT_GONE

MEDIA_TYPE = "application/problem+json"

UNAVAILABLE = (
    asyncpg.PostgresConnectionError,
    asyncpg.InterfaceError,
    asyncpg.InsufficientResourcesError,
    asyncpg.OperatorInterventionError,
    OSError,
    TimeoutError,
)
"""Exceptions that mean the database is down; any other that it raises is a fault of the service."""

OF_HTTP = {401: "no-token", 404: "no-such-route", 405: "method-not-allowed"}
"""The slugs of the framework's own refusals, by status; for any other status, `refused-by-http`."""
NAMED = 50
"""The maximum number of errors named in one answer, which stays short even for a body full of unknown names."""

log = structlog.get_logger()


def problem(status: int, slug: str, detail: str, headers: dict[str, str] | None = None, **more: object) -> Response:
    """A problem detail as a response; `more` are extension members."""
    body = {"type": TYPE + slug, "title": slug.replace("-", " ").capitalize(), "status": status, "detail": detail}
    content = json.dumps(body | more, ensure_ascii=False, default=str)
    return Response(content, status, headers, media_type=MEDIA_TYPE)


def add_problems(app: FastAPI) -> None:
    """Answers every error of `app` with a problem detail, and serves the page that each problem's type leads to."""
    # A trailing slash too many is an error too, and not a redirect.
    app.router.redirect_slashes = False
    add_problem_pages(app)
    app.add_exception_handler(Refused, _refused)
    app.add_exception_handler(InvalidToken, _invalid_token)
    app.add_exception_handler(IssuerUnavailable, _issuer_unavailable)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(ClientDisconnect, _gone)
    for kind in UNAVAILABLE:
        app.add_exception_handler(kind, _unavailable)
    app.add_exception_handler(Exception, _unexpected)


async def _refused(_: Request, error: Exception) -> Response:
    if not isinstance(error, Refused):
        raise error
    return refusal(error)


def refusal(error: Refused) -> Response:
    """A refusal as a problem detail."""
    retry = error.facts.get("retry_after")
    headers = {"Retry-After": str(retry)} if retry else None
    return problem(error.status, error.slug(), str(error), headers, **({"facts": error.facts} if error.facts else {}))


async def problem_of(error: Exception) -> Response:
    """What an error of a use case is answered with, where it does not reach the application's handlers."""
    if isinstance(error, Refused):
        return refusal(error)
    handler = _unavailable if isinstance(error, UNAVAILABLE) and not isinstance(error, ValueError) else _unexpected
    return await handler(None, error)


async def _invalid_token(_: Request, error: Exception) -> Response:
    if not isinstance(error, InvalidToken):
        raise error
    headers = {"WWW-Authenticate": f'Bearer error="invalid_token", error_description="{error.reason}"'}
    detail = f"The bearer token is not accepted ({error.reason}). {error.advice}"
    return problem(401, "invalid-token", detail, headers)


async def _issuer_unavailable(_: Request, __: Exception) -> Response:
    detail = "The identity provider's keys could not be fetched yet; try again in 2 s."
    return problem(503, "issuer-unavailable", detail, {"Retry-After": "2"})


async def _invalid(_: Request, error: Exception) -> Response:
    # Name the place and the error, never the value: it may be personal data.
    found = error.errors() if isinstance(error, RequestValidationError) else []
    errors = [{"field": _short(".".join(map(str, e["loc"]))), "reason": e["msg"]} for e in found[:NAMED]]
    said = "; ".join(f"{e['field']}: {e['reason']}" for e in errors)
    more = f" in {len(found)} places; the first {NAMED} are" if len(found) > NAMED else ""
    return problem(422, "invalid", _short(f"The request is not valid{more}: {said}.", 2000), errors=errors)


def _short(text: str, most: int = 200) -> str:
    return text if len(text) <= most else text[: most - 1] + "…"


async def _http(_: Request, error: Exception) -> Response:
    if not isinstance(error, HTTPException):
        raise error
    slug = OF_HTTP.get(error.status_code, "refused-by-http")
    return problem(error.status_code, slug, f"{error.detail}.", dict(error.headers or {}))


async def _gone(_: Request, __: Exception) -> Response:
    return Response(status_code=CLIENT_GONE)  # the client is gone; only the metrics see it


async def _unavailable(_: Request | None, error: Exception) -> Response:
    if isinstance(error, ValueError):
        raise error  # asyncpg raises InterfaceError for an argument that it cannot send too: a bug here, not an outage
    log.warning("the database is not available", problem=type(error).__name__)
    detail = "The service cannot reach its database; try again in 2 s."
    return problem(503, "unavailable", detail, {"Retry-After": "2"})


async def _unexpected(_: Request | None, error: Exception) -> Response:
    # Reveal nothing internal; the trace leads an operator to the log line.
    log.error("unexpected error", exc_info=error)
    trace = (traceparent() or "").split("-")
    detail = "Something went wrong on our side; the error is in the service's log under this trace."
    return problem(500, "internal", detail, trace=trace[1] if len(trace) > 1 else None)
