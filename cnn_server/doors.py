"""Who may ask, and by which name: the hosts that this server answers to, and the pages whose requests it takes."""

from __future__ import annotations

import socket
from functools import lru_cache
from typing import Any

from flask import Flask, current_app, request

from cnn_server.problems import ProblemError
from cnn_server.serving.sockets import is_every_address, own_addresses, url
from cnn_server.urls import USUAL_PORTS, host_and_port, host_name, is_loopback, split

LOOPBACK = ("localhost", "127.0.0.1", "[::1]")
SAFE = ("GET", "HEAD", "OPTIONS")
OWN_SITE = ("same-origin", "none")  # what a browser says of a page of this server, and of a person who typed an address


# ---- hosts


def served_hosts(bound: str) -> list[str]:
    """Return the names by which a server that listens on the address `bound` is known.

    A server for this machine is known by loopback alone, and one for a network by its addresses and the machine's name
    as well.
    """
    if is_loopback(host_name(_in_brackets(bound))):
        return list(LOOPBACK)
    addresses = own_addresses() if is_every_address(bound) else [bound]
    machine = socket.gethostname().lower()
    short = machine.partition(".")[0]
    return list(dict.fromkeys([*LOOPBACK, *map(_in_brackets, addresses), machine, short, f"{short}.local"]))


def _in_brackets(address: str) -> str:
    return url(address, 0).removeprefix("http://").removesuffix(":0")


def listed(setting: Any) -> list[str]:
    """Return TRUSTED_HOSTS as it may be given: a list, or one text with spaces or commas between."""
    return setting.replace(",", " ").split() if isinstance(setting, str) else list(map(str, setting or ()))


def trust(app: Flask, bound: str) -> None:
    """Let an application that is served on `bound` answer to its own names, and to those of TRUSTED_HOSTS."""
    app.config["TRUSTED_HOSTS"] = [*listed(app.config["TRUSTED_HOSTS"]), *served_hosts(bound)]


def _refuse_other_hosts() -> None:
    """Refuse other hosts: a page elsewhere can make its own name lead here, and pass this server off as a part of it.

    A request without the header Host comes from no browser. What is no host at all is nobody's.
    """
    trusted, given = current_app.config["TRUSTED_HOSTS"], request.headers.get("Host")
    if given is None or (trusted is None and (not given or host_name(given))):
        return
    if not _is_one_of(host_name(given), tuple(listed(trusted)), current_app.config["CLASSROOM_URLS"]):
        raise ProblemError(400, "not_a_host", as_page=False, name=given[:80])


@lru_cache(256)
def _is_one_of(name: str, trusted: tuple[str, ...], room: str) -> bool:
    urls = [parts for address in room.split() if (parts := split(address)) is not None]
    known = {host_name(host.lstrip(".")): host for host in (*trusted, *(parts.netloc for parts in urls))}
    known.pop("", None)
    return name in known or any(name.endswith(f".{ending}") for ending, host in known.items() if host.startswith("."))


# ---- pages


def _refuse_strangers() -> None:
    """Refuse what changes or costs something where it does not come from a page of this server.

    Browsers say where a request comes from: all of them in Origin, new ones also in Sec-Fetch-Site, which knows the
    address that the person sees, and so is right behind a proxy that hands on another Host.
    """
    if request.method in SAFE and not request.path.startswith("/api/"):
        return
    site, origin = request.headers.get("Sec-Fetch-Site"), request.headers.get("Origin")
    if site in OWN_SITE or _is_opened():
        return
    if site is not None:
        raise ProblemError(403, "from_another_site")
    if origin is not None and not _is_ours(origin):
        raise ProblemError(403, "from_another_origin", origin=origin[:80])


def _is_opened() -> bool:
    """Return whether a person follows a link to what can be read."""
    return request.method in SAFE and request.headers.get("Sec-Fetch-Dest") == "document"


def _is_ours(origin: str) -> bool:
    """Return whether an origin is the host that was asked; the scheme is left out, as a proxy may have changed it."""
    name, port = host_and_port(origin)
    scheme = origin.partition(":")[0].lower()
    own_name, own_port = host_and_port(f"{scheme}://{request.headers.get('Host', request.host)}")
    return scheme in USUAL_PORTS and bool(name) and (name, port) == (own_name, own_port)


def register(app: Flask) -> None:
    """Ask at the door."""
    app.before_request(_refuse_other_hosts)
    app.before_request(_refuse_strangers)
