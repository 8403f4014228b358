"""A server for a classroom: `python -m cnn_server.serve [--host HOST] [--port PORT]`.

The same server as `convoscope`, on every address of this machine. The addresses to project are printed, and shown by
the page /classroom.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from typing import TYPE_CHECKING

from cnn_server import cli
from cnn_server.cli import PORT, about_pages, about_port, loaded, open_listeners, port_number
from cnn_server.serving.sockets import LOOPBACK, answers, is_every_address, own_addresses, port_of, url

if TYPE_CHECKING:
    from flask_openapi3.openapi import OpenAPI

HOST = "0.0.0.0"  # everybody on the network is the point


def main(arguments: Sequence[str] | None = None) -> None:
    """Serve until interrupted."""
    options = _parser().parse_args(arguments)
    listeners = open_listeners(options.host, options.port)
    port = port_of(listeners)
    urls = classroom_urls(options.host, port)
    app = served(urls)
    here = url(LOOPBACK.get(options.host, options.host), port)
    key_link = f"{here}/key/{app.extensions['room'].new_key()}"
    for line in [*about_port(options.port, port), *announcement(urls, here), *about_pages(app), about_key(key_link)]:
        print(line, flush=True)
    cli.serve(app, options.host, listeners)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m cnn_server.serve", description="Serve Convoscope to a classroom.")
    parser.add_argument("--host", default=HOST, help=f"the address to serve on (default {HOST}, every one)")
    parser.add_argument("--port", type=port_number, default=PORT, help=f"the first port to try (default {PORT})")
    return parser


def classroom_urls(host: str, port: int) -> list[str]:
    """Return where others reach this server: of this machine's addresses those on which it answers."""
    known = [address for address in own_addresses() if answers(address, port)] if is_every_address(host) else [host]
    return [url(address, port) for address in known]


def served(urls: Sequence[str] = ()) -> OpenAPI:
    """Return the application, its workers started."""
    app = loaded({"CLASSROOM_URLS": " ".join(urls)})
    app.debug = False  # whatever FLASK_DEBUG says: others reach this server
    return app


def announcement(urls: list[str], here: str) -> list[str]:
    """Return the lines that whoever starts the server reads in the terminal; this machine reaches it at `here`."""
    if not urls:
        return [f"Convoscope is on {here}, and this machine is on no network.  (Ctrl+C to stop)"]
    return [f"Convoscope is on {' and '.join(urls)}  (Ctrl+C to stop)", f"To project the address: {here}/classroom"]


def about_key(link: str) -> str:
    """Return the line that is for whoever starts the server, and nobody else."""
    return f"To look after the room, for you alone: {link}"


if __name__ == "__main__":
    main()
