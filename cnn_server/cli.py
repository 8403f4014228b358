"""The console command: `convoscope [--host HOST] [--port PORT]`, and `convoscope worker`.

Serves on http://127.0.0.1:5000, or on the next free port if that one is taken, and says which. It waits for
nothing and opens no browser. `convoscope worker` serves nothing: it trains the runs that wait in Redis.
"""

from __future__ import annotations

import argparse
import errno
import os
import signal
import socket
import sys
import threading
from collections.abc import Sequence
from typing import Any

from flask import Flask
from flask_openapi3.openapi import OpenAPI
from werkzeug.serving import BaseWSGIServer, WSGIRequestHandler, make_server

from cnn_server import create_app, start_workers
from cnn_server.config import settings
from cnn_server.runs.launcher import Launcher, worker_count

HOST = "127.0.0.1"
PORT = 5000
TRIES = 100  # ports tried after the one asked for
HIGHEST_PORT = 65_535
MOST_PROCESSES = 256
# Windows also denies access to a port that another program holds for itself.
TAKEN = (errno.EADDRINUSE,) if os.name == "posix" else (errno.EADDRINUSE, errno.EACCES)
EVERY_ADDRESS = ("0.0.0.0", "::")


class QuietHandler(WSGIRequestHandler):
    """Requests are not logged one by one; failures are, by the application. The versions in use stay private."""

    server_version, sys_version = "convoscope", ""

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Say nothing."""


def main(arguments: Sequence[str] | None = None, app: OpenAPI | None = None) -> None:
    """Serve until interrupted."""
    options = _parser().parse_args(arguments)
    if options.command == "worker":
        _work(options.processes)
        return
    try:
        listener = _listen(options.host, options.port)
    except OSError as error:
        sys.exit(f"convoscope: cannot serve on {options.host}: {error.strerror or error}")
    app = app or create_app()
    start_workers(app)
    server = _server(listener, options.host, app)
    port = listener.getsockname()[1]
    if options.port not in (0, port):
        print(f"Port {options.port} is taken.", flush=True)
    print(f"Convoscope is on {_address(options.host, port)}  (Ctrl+C to stop)", flush=True)
    signal.signal(signal.SIGTERM, _interrupt)
    with listener:
        server.serve_forever()  # until interrupted


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="convoscope", description="Step through a CNN in the browser.")
    parser.add_argument("--host", default=HOST, help=f"the address to serve on (default {HOST})")
    parser.add_argument("--port", type=port_number, default=PORT, help=f"the first port to try (default {PORT})")
    commands = parser.add_subparsers(dest="command", metavar="worker")
    worker = commands.add_parser("worker", help="train the runs that wait in Redis, and serve nothing")
    worker.add_argument("--processes", type=_count, help="how many (default: as many as there are cores)")
    return parser


def _work(processes: int | None) -> None:
    """Train until interrupted."""
    config = settings({} if processes is None else {"RUN_WORKERS": processes})
    if not config["REDIS_URL"]:
        sys.exit("convoscope worker: CONVOSCOPE_REDIS_URL is not set; without Redis the server has workers of its own")
    launcher = Launcher(config, lead_alone=True)
    signal.signal(signal.SIGTERM, _interrupt)
    count = worker_count(config)
    print(f"Convoscope trains in {count} process{'es' if count > 1 else ''}  (Ctrl+C to stop)", flush=True)
    launcher.start()
    try:
        threading.Event().wait()
    finally:
        launcher.stop()


def _count(text: str) -> int:
    if not text.isdecimal() or not 0 < int(text) <= MOST_PROCESSES:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number of processes: 1 to {MOST_PROCESSES}")
    return int(text)


def port_number(text: str) -> int:
    """A port that was typed."""
    if not text.isdecimal() or int(text) > HIGHEST_PORT:
        raise argparse.ArgumentTypeError(f"{text!r} is not a port: 0 to {HIGHEST_PORT}")
    return int(text)


def _family(host: str) -> socket.AddressFamily:
    return socket.AF_INET6 if ":" in host else socket.AF_INET


def free_port(host: str, port: int) -> int:
    """The first free port from `port` on; any free one for 0. Whoever uses it binds it soon."""
    with _listen(host, port) as listener:
        found: int = listener.getsockname()[1]
        return found


def _listen(host: str, port: int) -> socket.socket:
    """A listening socket on the first free port from `port` on; any free one for 0."""
    last = min(port + TRIES, HIGHEST_PORT) if port else 0
    for candidate in range(port, last + 1):
        try:
            return _bind(host, candidate)
        except OSError as error:
            if error.errno not in TAKEN or candidate == last:
                raise
    raise AssertionError("the last port either binds or raises")


def _bind(host: str, port: int) -> socket.socket:
    if port and _answers(host, port):
        raise OSError(errno.EADDRINUSE, os.strerror(errno.EADDRINUSE))
    listener = socket.socket(_family(host), socket.SOCK_STREAM)
    try:
        if os.name == "posix":  # elsewhere this would let two servers share the port
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host, port))
        listener.listen(128)
    except OSError:
        listener.close()
        raise
    return listener


def _answers(host: str, port: int) -> bool:
    """Whether somebody listens: some systems let one bind beside a server that has every address."""
    reachable = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)
    with socket.socket(_family(host), socket.SOCK_STREAM) as probe:
        probe.settimeout(0.5)
        return probe.connect_ex((reachable, port)) == 0


def _address(host: str, port: int) -> str:
    shown = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(host, f"[{host}]" if ":" in host else host)
    others = " and on every other address of this machine" if host in EVERY_ADDRESS else ""
    return f"http://{shown}:{port}{others}"


def _server(listener: socket.socket, host: str, app: Flask) -> BaseWSGIServer:
    port = listener.getsockname()[1]
    return make_server(host, port, app, threaded=True, request_handler=QuietHandler, fd=listener.fileno())


def _interrupt(signum: int, frame: Any) -> None:
    raise KeyboardInterrupt
