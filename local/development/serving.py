"""Serves a development application, at the given port or within a block."""

import asyncio
import socket
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

import uvicorn
from starlette.types import ASGIApp


def server_of(app: ASGIApp, host: str = "127.0.0.1", port: int = 0) -> uvicorn.Server:
    """A server whose log lines are ours."""
    # No proxy headers: with them a client could name itself the address that LoopbackOnly asks for.
    return uvicorn.Server(
        uvicorn.Config(
            app, host=host, port=port, log_config=None, access_log=False, proxy_headers=False, server_header=False
        )
    )


@asynccontextmanager
async def serving(app: ASGIApp, port: int = 0) -> AsyncGenerator[str]:
    """Serves on 127.0.0.1 during the block, which gets the address; port 0 is any free one."""
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
