"""The console command: `convoscope [--host HOST] [--port PORT]`, `convoscope worker` and `convoscope export`.

Serves on http://127.0.0.1:5000, or on the next free port if that one is taken, and says which. It waits for
nothing and opens no browser. `convoscope worker` serves nothing: it trains the runs that wait in Redis. `convoscope
export` writes the picture of a step.
"""

from __future__ import annotations

import argparse
import signal
import socket
import sys
import threading
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, NoReturn

from cnn_server.config import settings
from cnn_server.runs.launcher import Launcher, worker_count
from cnn_server.serving.sockets import HIGHEST_PORT, LOOPBACK, CannotListenError, is_every_address, listen, port_of, url

if TYPE_CHECKING:
    from flask_openapi3.openapi import OpenAPI

HOST = "127.0.0.1"
PORT = 5000
MOST_PROCESSES = 256


def main(arguments: Sequence[str] | None = None, app: OpenAPI | None = None) -> None:
    """Serve until interrupted."""
    given = sys.argv[1:] if arguments is None else list(arguments)
    if given[:1] == ["export"]:
        from cnn_server import export  # noqa: PLC0415 (the catalogue would keep a server that starts waiting)

        export.main(given[1:])
        return
    options = _parser().parse_args(given)
    if options.command == "worker":
        _work(options.processes)
        return
    listeners = open_listeners(options.host, options.port)
    port = port_of(listeners)
    app = app or loaded()
    address = f"Convoscope is on {_address(options.host, port)}  (Ctrl+C to stop)"
    for line in [*about_port(options.port, port), address, *about_pages(app)]:
        print(line, flush=True)
    serve(app, options.host, listeners)


def loaded(config: Mapping[str, Any] | None = None) -> OpenAPI:
    """Return the application, its workers started. They load while it does, so that runs go on soon after a restart."""
    launcher = Launcher(settings(config))
    launcher.start()
    from cnn_server import create_app, start_workers  # noqa: PLC0415

    app = create_app(config)
    start_workers(app, launcher)
    return app


def serve(app: OpenAPI, host: str, listeners: list[socket.socket]) -> NoReturn:
    """Serve on sockets of this host until told to end."""
    from cnn_server import doors, start_workers  # noqa: PLC0415
    from cnn_server.serving.server import run  # noqa: PLC0415

    doors.trust(app, host)
    start_workers(app)
    run(app, listeners)


def open_listeners(host: str, port: int) -> list[socket.socket]:
    """Return listening sockets, or end the program with the reason."""
    try:
        return listen(host, port)
    except CannotListenError as error:
        sys.exit(f"convoscope: {error}")


def about_port(requested: int, port: int) -> list[str]:
    """Return what is said of a port that is not the one asked for."""
    return [] if requested in (0, port) else [f"Port {requested} is taken."]


def about_pages(app: OpenAPI) -> list[str]:
    """Return what is said of pages that are not bundled."""
    plain = "Its pages are plain modules, each a request of its own: fine on this machine, slow over a slow network."
    return [] if app.extensions["statics"].shelf.is_bundled else [plain]


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="convoscope", description="Step through a CNN in the browser.")
    parser.add_argument("--host", default=HOST, help=f"the address to serve on (default {HOST})")
    parser.add_argument("--port", type=port_number, default=PORT, help=f"the first port to try (default {PORT})")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND")
    worker = commands.add_parser("worker", help="train the runs that wait in Redis, and serve nothing")
    worker.add_argument("--processes", type=_count, help="how many (default: as many as there are cores)")
    commands.add_parser("export", help="write the picture of a step as SVG or PNG: see `convoscope export --help`")
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
    """Return a port that was typed."""
    if not text.isdecimal() or int(text) > HIGHEST_PORT:
        raise argparse.ArgumentTypeError(f"{text!r} is not a port: 0 to {HIGHEST_PORT}")
    return int(text)


def _address(host: str, port: int) -> str:
    others = " and on every other address of this machine" if is_every_address(host) else ""
    return url(LOOPBACK.get(host, host), port) + others


def _interrupt(signum: int, frame: Any) -> None:
    raise KeyboardInterrupt
