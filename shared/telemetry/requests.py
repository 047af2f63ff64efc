"""Times each HTTP request by the template of its route, and logs it in one line."""

import asyncio
import time

import structlog
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from shared.telemetry.metrics import Metrics

log: structlog.stdlib.BoundLogger = structlog.get_logger(__name__)

METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})

UNMATCHED = "unmatched"
"""The route of a request that none matched; never its path, of which callers can make any number."""

QUIET = ("/health/", "/metrics")
"""Routes that machines call every few seconds: measured but not logged."""

CLIENT_GONE = 499
"""The status of a request that the client broke off before it had one."""


class TimeRequests:
    """ASGI middleware around the whole application that reports method, route, status and seconds to `metrics`."""

    def __init__(self, app: ASGIApp, metrics: Metrics) -> None:
        self._app = app
        self._metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Times HTTP requests; passes anything else on."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        began, status = time.perf_counter(), 500

        async def watch(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self._app(scope, receive, watch)
        except asyncio.CancelledError:
            status = CLIENT_GONE
            raise
        finally:
            self._tell(scope, status, time.perf_counter() - began)

    def _tell(self, scope: Scope, status: int, seconds: float) -> None:
        method, route = _method(scope), route_of(scope)
        self._metrics.request(method, route, status, seconds)
        if not route.startswith(QUIET):
            log.info("request", method=method, route=route, status=status, ms=round(seconds * 1000, 1))


def _method(scope: Scope) -> str:
    return scope["method"] if scope["method"] in METHODS else "OTHER"


def route_of(scope: Scope) -> str:
    """The template of the route that matched, such as `/agreements/{agreement_id}`."""
    # The route of a router included under a prefix does not know the prefix; FastAPI's context does.
    included = scope.get("fastapi", {}).get("effective_route_context")
    return getattr(included, "path_format", None) or getattr(scope.get("route"), "path", None) or UNMATCHED
