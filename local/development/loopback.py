"""Keeps development servers private to this machine: checks where they listen and which requests they answer."""

import ipaddress
from collections.abc import Collection

import typer
from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send


class NotLoopback(typer.BadParameter):
    """A development server must not listen where others can reach it."""


def is_loopback(host: str) -> bool:
    """Whether `host`, a name or an address without a port, is a loopback address."""
    if host == "localhost":
        return True
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return False
    mapped = address.ipv4_mapped if isinstance(address, ipaddress.IPv6Address) else None
    return (mapped or address).is_loopback


def check_address(host: str, *, trusted_network: bool) -> None:
    """Raise `NotLoopback` if others can reach the address, unless the network is trusted, as in compose."""
    if not trusted_network and not is_loopback(host):
        raise NotLoopback(f"others can reach {host}; a development server may listen only on 127.0.0.1")


class LoopbackOnly:
    """ASGI middleware that refuses a request unless it comes from this machine and its Host header names this machine.

    In a trusted network, requests may come from other machines; `names` are the host names it has there.
    """

    def __init__(self, app: ASGIApp, *, names: Collection[str] | None = None) -> None:
        self._app = app
        self._names = names

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on a request from this machine; answer any other with 403."""
        if scope["type"] == "http" and not self._is_answered(scope):
            refusal = PlainTextResponse("This is a development server. It answers only this machine.\n", 403)
            await refusal(scope, receive, send)
        else:
            await self._app(scope, receive, send)

    def _is_answered(self, scope: Scope) -> bool:
        # Check Host as well: after DNS rebinding, a foreign page's requests come from a loopback address.
        client: tuple[str, int] | None = scope.get("client")
        host = Headers(scope=scope).get("host", "")
        name = (host.rsplit(":", 1)[0] if not host.endswith("]") else host).strip("[]")
        from_here = client is not None and is_loopback(client[0])
        return (from_here or self._names is not None) and (is_loopback(name) or name in (self._names or ()))
