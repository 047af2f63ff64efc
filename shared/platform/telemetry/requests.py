"""Times every HTTP request by its route's template."""

import asyncio
import time

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from shared.platform.telemetry.metrics import Metrics

METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})

UNMATCHED = "unmatched"
"""The route of a request that no route took: never its path, of which a caller can make any number."""

CLIENT_GONE = 499
"""Stands for the status of a request that was broken off before it had one."""


class TimeRequests:
    """ASGI middleware round the whole application: method, route template, status and seconds go to `metrics`."""

    def __init__(self, app: ASGIApp, metrics: Metrics) -> None:
        self._app = app
        self._metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Times a request; passes anything else on."""
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
            self._metrics.request(_method(scope), route_of(scope), status, time.perf_counter() - began)


def _method(scope: Scope) -> str:
    return scope["method"] if scope["method"] in METHODS else "OTHER"


def route_of(scope: Scope) -> str:
    """The template of the route that took a request, such as `/agreements/{agreement_id}`."""
    # A router included under a prefix: its route alone does not know the prefix, FastAPI's context of it does.
    included = scope.get("fastapi", {}).get("effective_route_context")
    return getattr(included, "path_format", None) or getattr(scope.get("route"), "path", None) or UNMATCHED
