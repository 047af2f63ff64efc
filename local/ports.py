"""Finds a free port: the wanted one or the next above it, below the ephemeral range."""

import socket

# From here up, the kernel gives ports to clients. A client that reconnects there can connect to itself.
EPHEMERAL = 32768


class NoPortFree(Exception):
    """No port between the wanted one and the ephemeral range is free."""

    def __init__(self, wanted: int) -> None:
        super().__init__(f"No port from {wanted} to {EPHEMERAL - 1} is free on 127.0.0.1. Choose a lower one.")


def is_free(port: int) -> bool:
    """Whether a server could listen on `port` of 127.0.0.1 now."""
    with socket.socket() as client:
        client.settimeout(0.2)
        if client.connect_ex(("127.0.0.1", port)) == 0:
            return False
    with socket.socket() as server:
        server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            server.bind(("127.0.0.1", port))
            server.listen()
        except OSError:
            return False
    return True


def free_port(wanted: int) -> int:
    """Return `wanted` or the next free port above it.

    Raises:
        NoPortFree: nothing is free below the ephemeral range.
    """
    for port in range(wanted, EPHEMERAL):
        if is_free(port):
            return port
    raise NoPortFree(wanted)
