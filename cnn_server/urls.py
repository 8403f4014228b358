"""The one place that reads what may be a URL: headers and addresses that others write. Nothing here raises."""

from __future__ import annotations

import ipaddress
import re
from urllib.parse import SplitResult, urlsplit

from werkzeug.urls import iri_to_uri

LABEL = r"[\w-]{1,63}"  # of a name: letters, digits, and the underscore that some networks of containers use
NETLOC = re.compile(rf"(?:\[(?P<ipv6>[0-9A-Fa-f:.]+)\]|(?P<name>{LABEL}(?:\.{LABEL})*)\.?)(?::[0-9]{{1,5}})?", re.ASCII)
USUAL_PORTS = {"http": 80, "https": 443}


def split(text: str) -> SplitResult | None:
    """Return the parts of a URL, its port among them readable; None where it is none."""
    try:
        parts = urlsplit(text)
        _ = parts.port
    except ValueError:  # half a bracket, a port that is no number, letters that only resemble others
        return None
    return parts


def host_name(netloc: str) -> str:
    """Return the name or address in `host:port`, without its port, in lower case; "" where there is none.

    An IPv6 address is in brackets and written in its shortest way.
    """
    parts = NETLOC.fullmatch(netloc)
    if parts is None:
        return ""
    try:
        if parts["ipv6"] is None:
            parts["name"].encode().decode("idna")  # Werkzeug decodes it too, and would fail
            return parts["name"].lower()
        return f"[{ipaddress.IPv6Address(parts['ipv6']).compressed}]"
    except ValueError:
        return ""


def host_and_port(url: str) -> tuple[str, int | None]:
    """Return which server an origin (`https://host:port`) names; ("", None) where it names none."""
    parts = split(url)
    if parts is None:
        return "", None
    return host_name(parts.netloc), parts.port or USUAL_PORTS.get(parts.scheme)


def is_loopback(name: str) -> bool:
    """Return whether a name from `host_name` always means the machine that asks."""
    if name == "localhost" or name.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(name.strip("[]")).is_loopback
    except ValueError:
        return False


def own_path(text: str) -> str | None:
    """Return a place on this server (path, query and fragment) as an address has it; None for anything else."""
    parts = split(text)
    if parts is None or parts.scheme or parts.netloc or not text.isprintable():
        return None
    if not text.startswith("/") or text.startswith(("//", "/\\")):
        return None
    try:
        return iri_to_uri(text)
    except ValueError:
        return None
