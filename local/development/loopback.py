"""Development servers speak to this machine only: where they may listen and whom they answer."""

import ipaddress
from collections.abc import Collection

import typer
from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send


class NotLoopback(typer.BadParameter):
    """A development server was told to listen where others could reach it."""


def is_loopback(host: str) -> bool:
    """Whether `host`, a name or an address without port, is this machine's own."""
    if host == "localhost":
        return True
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return False
    mapped = address.ipv4_mapped if isinstance(address, ipaddress.IPv6Address) else None
    return (mapped or address).is_loopback


def check_address(host: str, *, trusted_network: bool) -> None:
    """Raises `NotLoopback` for an address others can reach, unless the network is a trusted one, as in compose."""
    if not trusted_network and not is_loopback(host):
        raise NotLoopback(f"{host} can be reached by others; a development server listens on 127.0.0.1 only")


class LoopbackOnly:
    """ASGI middleware that refuses every request which does not come from this machine and name it.

    In a trusted network, where `names` says what it is called there, requests may come from elsewhere.
    """

    def __init__(self, app: ASGIApp, *, names: Collection[str] | None = None) -> None:
        self._app = app
        self._names = names

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Passes a request of this machine on, answers any other with 403."""
        if scope["type"] == "http" and not self._is_answered(scope):
            refusal = PlainTextResponse("This is a development server: it answers this machine only.\n", 403)
            await refusal(scope, receive, send)
        else:
            await self._app(scope, receive, send)

    def _is_answered(self, scope: Scope) -> bool:
        # The Host header too: a foreign page whose name was rebound to 127.0.0.1 comes from a loopback address.
        client: tuple[str, int] | None = scope.get("client")
        host = Headers(scope=scope).get("host", "")
        name = (host.rsplit(":", 1)[0] if not host.endswith("]") else host).strip("[]")
        from_here = client is not None and is_loopback(client[0])
        return (from_here or self._names is not None) and (is_loopback(name) or name in (self._names or ()))
