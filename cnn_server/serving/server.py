"""The process: it listens until it is told to end, and ends with all that it started."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import socket
import sys
import threading
import time
from collections.abc import Generator, Iterator
from typing import Any, NoReturn

import uvicorn
from flask_openapi3.openapi import OpenAPI
from threadpoolctl import threadpool_limits

from cnn_server import languages
from cnn_server.runs import service
from cnn_server.serving import descriptors
from cnn_server.serving.bodies import Bodies
from cnn_server.serving.bridge import Bridge
from cnn_server.serving.connection import Connection, ConnectionLimits
from cnn_server.serving.sockets import BACKLOG, listen, port_of

KEEP_ALIVE = 15  # seconds that a connection waits for its next request
GRACE = 2  # seconds for answers that are under way when the server ends
CHECK = 10  # of uvicorn's ticks of a tenth of a second, between two looks at who reads


class Server(uvicorn.Server):
    """uvicorn's server, which ends event streams by itself, and trains no longer than it serves."""

    def __init__(self, app: OpenAPI) -> None:
        self._runs: service.Service = app.extensions[service.EXTENSION]
        self.bridge = _bridge(app)
        logging.getLogger("uvicorn.error").setLevel(logging.ERROR)  # what clients do wrong is answered, and not logged
        super().__init__(
            uvicorn.Config(
                self.bridge,
                http=_connections(app.config),
                loop="asyncio",
                ws="none",
                lifespan="off",
                interface="asgi3",
                log_config=None,
                access_log=False,
                server_header=False,
                proxy_headers=False,
                backlog=BACKLOG,
                timeout_keep_alive=KEEP_ALIVE,
                timeout_graceful_shutdown=GRACE,
            )
        )

    async def on_tick(self, counter: int) -> bool:
        """Look now and then how far each connection gets; this is called ten times a second."""
        if counter % CHECK == 0:
            now = time.monotonic()
            for connection in list(self.server_state.connections):
                if isinstance(connection, Connection):
                    connection.check_progress(now)
        return await super().on_tick(counter)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """End the streams; meanwhile the workers put down where their runs are."""
        self._runs.hub.close()
        workers = asyncio.get_running_loop().run_in_executor(None, self._runs.stop_workers)
        await super().shutdown(sockets)
        await workers
        self.bridge.close()

    @contextlib.contextmanager
    def capture_signals(self) -> Generator[None, None, None]:
        """Let SIGTERM and SIGINT end the server, which is no failure: uvicorn would let the signal end the process."""
        with super().capture_signals():
            yield
            self._captured_signals.clear()


def _bridge(app: OpenAPI) -> Bridge:
    config = app.config
    bodies = Bodies(
        most=config["MAX_CONTENT_LENGTH"],
        seconds=config["BODY_SECONDS"],
        rate=config["BODY_RATE"],
        room=config["BODIES_BYTES"],
    )
    return Bridge(app, bodies, languages.offered(config))


def _connections(config: Any) -> type[Connection]:
    """Return connections with the limits of this server."""
    limits = ConnectionLimits(config["HEAD_SECONDS"], config["STALLED_SECONDS"], descriptors.connections())
    return type("LimitedConnection", (Connection,), {"limits": limits})


@contextlib.contextmanager
def serving_in_a_thread(app: OpenAPI) -> Iterator[int]:
    """Serve on a free port of loopback, in a thread of this process, while the block lasts. The port."""
    listeners = listen("127.0.0.1", 0)
    server = Server(app)
    thread = threading.Thread(target=server.run, args=(listeners,), name="server", daemon=True)
    thread.start()
    try:
        yield port_of(listeners)
    finally:
        server.should_exit = True
        thread.join()


def run(app: OpenAPI, listeners: list[socket.socket]) -> NoReturn:
    """Serve on these sockets until SIGTERM or SIGINT; then the process ends."""
    with threadpool_limits(1, "blas"):  # many small products at once, on cores that also train
        Server(app).run(listeners)
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(0)  # a call that still computes would hold up the end
