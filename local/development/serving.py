"""Runs a development application with uvicorn: until stopped, or within a block."""

import asyncio
import socket
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

import uvicorn
from starlette.types import ASGIApp


def server_of(app: ASGIApp, host: str = "127.0.0.1", port: int = 0) -> uvicorn.Server:
    """Return a uvicorn server that leaves logging to us."""
    # No proxy headers: with them, a client could claim the loopback address that LoopbackOnly requires.
    return uvicorn.Server(
        uvicorn.Config(
            app, host=host, port=port, log_config=None, access_log=False, proxy_headers=False, server_header=False
        )
    )


@asynccontextmanager
async def serving(app: ASGIApp, port: int = 0) -> AsyncGenerator[str]:
    """Serve on 127.0.0.1 during the block and yield the base URL; port 0 means any free port."""
    with socket.create_server(("127.0.0.1", port)) as listening:
        server = server_of(app)
        task = asyncio.create_task(server.serve(sockets=[listening]))
        while not server.started:
            if task.done():
                task.result()
            await asyncio.sleep(0.01)
        try:
            yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        finally:
            server.should_exit = True
            await task
