"""Whose runs are whose: a cookie with a random number, and nothing else about anybody."""

from __future__ import annotations

import hashlib
import ipaddress
import re
import secrets

from flask import Flask, Response, g, request

COOKIE = "convoscope"
YEAR = 365 * 86_400
IPV6_NETWORK = 64  # bits
TOKEN = re.compile(r"[A-Za-z0-9_-]{43}")
PAGES = ("/training", "/classroom")  # pages whose visitors will want an owner: several calls at once must share it


def owner() -> str:
    """Return the client's name in the store, from its cookie; a client without one gets it with this answer."""
    token = _brought()
    if token is None:
        token = g.new_owner = g.get("new_owner") or secrets.token_urlsafe(32)
    return _digest(token)


def visitor() -> str | None:
    """Return the client's name in the store, if it brought a cookie."""
    token = _brought()
    return None if token is None else _digest(token)


def address() -> str:
    """Return a digest of where the client is. All machines of an IPv6 network count as one: each has many addresses."""
    given = request.remote_addr or ""
    try:
        known = ipaddress.ip_address(given)
    except ValueError:
        return _digest(given)
    if isinstance(known, ipaddress.IPv6Address):
        mapped = known.ipv4_mapped
        given = str(mapped or ipaddress.ip_network((known, IPV6_NETWORK), strict=False))
    return _digest(given)


def person() -> str:
    """Return whom a run that is started now counts for: the client, or its address where it brings no cookie."""
    return visitor() or f"address {address()}"


def _brought() -> str | None:
    token = request.cookies.get(COOKIE, "")
    return token if TOKEN.fullmatch(token) else None


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def _give_cookie(response: Response) -> Response:
    if request.path in PAGES:
        owner()
    if token := g.get("new_owner"):
        response.set_cookie(COOKIE, token, max_age=YEAR, httponly=True, samesite="Lax", secure=request.is_secure)
    return response


def register(app: Flask) -> None:
    """Give the cookie."""
    app.after_request(_give_cookie)
