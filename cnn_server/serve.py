"""A server for a classroom: `python -m cnn_server.serve [--host HOST] [--port PORT]`.

gunicorn with threads on every address of this machine, for as many viewers as the settings allow; each stream of
events takes a thread. The address to project is printed, and shown by the page /classroom.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence

from flask_openapi3.openapi import OpenAPI

from cnn_server import create_app, start_workers
from cnn_server.addresses import own_addresses, url
from cnn_server.cli import EVERY_ADDRESS, PORT, free_port, port_number
from cnn_server.config import settings

HOST = "0.0.0.0"  # everybody on the network is the point
SPARE_THREADS = 24  # for calls, beside a thread for every viewer
KEEP_ALIVE, GRACE = 15, 3  # seconds


def main(arguments: Sequence[str] | None = None) -> None:
    """Serve until interrupted."""
    options = _parser().parse_args(arguments)
    if sys.platform == "win32":
        sys.exit("convoscope: gunicorn does not run on Windows; use `convoscope --host 0.0.0.0` there")
    try:
        port = free_port(options.host, options.port)
    except OSError as error:
        sys.exit(f"convoscope: cannot serve on {options.host}: {error.strerror or error}")
    urls = classroom_urls(options.host, port)
    for line in _told(urls, port):
        print(line, flush=True)
    os.environ["CONVOSCOPE_CLASSROOM_URLS"] = " ".join(urls)
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # many small products at once, and cores that also train
    os.execv(sys.executable, [sys.executable, "-m", "gunicorn", *command(options.host, port)])


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m cnn_server.serve", description="Serve Convoscope to a classroom.")
    parser.add_argument("--host", default=HOST, help=f"the address to serve on (default {HOST}, every one)")
    parser.add_argument("--port", type=port_number, default=PORT, help=f"the first port to try (default {PORT})")
    return parser


def classroom_urls(host: str, port: int) -> list[str]:
    """Where others reach this server."""
    return [url(address, port) for address in (own_addresses() if host in EVERY_ADDRESS else [host])]


def _told(urls: list[str], port: int) -> list[str]:
    here = f"http://127.0.0.1:{port}/classroom"
    if not urls:
        return [f"Convoscope is on http://127.0.0.1:{port}, and this machine is on no network.  (Ctrl+C to stop)"]
    return [f"Convoscope is on {' and '.join(urls)}  (Ctrl+C to stop)", f"To project the address: {here}"]


def command(host: str, port: int) -> list[str]:
    """What gunicorn is told: one process, since it keeps uploads in its memory, and a thread for every viewer."""
    viewers: int = settings()["MAX_VIEWERS"]
    options = {
        "bind": f"[{host}]:{port}" if ":" in host else f"{host}:{port}",
        "worker-class": "gthread",
        "workers": 1,
        "threads": viewers + SPARE_THREADS,
        "worker-connections": 2 * viewers,
        "keep-alive": KEEP_ALIVE,
        "graceful-timeout": GRACE,
        "log-level": "warning",
    }
    return [*(f"--{name}={value}" for name, value in options.items()), "cnn_server.serve:served()"]


def served() -> OpenAPI:
    """The application, its workers started."""
    app = create_app()
    app.debug = False  # whatever FLASK_DEBUG says: others reach this server
    start_workers(app)
    return app


if __name__ == "__main__":
    main()
