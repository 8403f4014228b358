"""Where a server is: the sockets that it listens on, and the addresses of this machine on its networks."""

from __future__ import annotations

import errno
import ipaddress
import os
import socket
from contextlib import suppress

TRIES = 100  # ports tried after the one asked for
HIGHEST_PORT = 65_535
BACKLOG = 1024
LOOPBACK = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # where each every-address socket is reached from this machine
# Windows also denies access to a port that another program holds for itself.
TAKEN = (errno.EADDRINUSE,) if os.name == "posix" else (errno.EADDRINUSE, errno.EACCES)
PROBE_SECONDS = 0.5


class CannotListenError(OSError):
    """There is no socket to be had; the message says why."""


def is_every_address(host: str) -> bool:
    """Return whether a host stands for all addresses of this machine."""
    return host in LOOPBACK


def listen(host: str, port: int) -> list[socket.socket]:
    """Return listening sockets on the first free port from `port` on; any free one for 0.

    A host that stands for every address means those of IPv4 and, where the system has them, of IPv6.

    Raises:
        CannotListenError: the host is not of this machine, or no port is free.
    """
    last = min(port + TRIES, HIGHEST_PORT) if port else TRIES
    for candidate in range(port, last + 1):
        try:
            return _listen_on(host, candidate if port else 0)
        except OSError as error:
            if error.errno not in TAKEN or candidate == last:
                raise CannotListenError(f"cannot serve on {host}: {error.strerror or error}") from error
    raise AssertionError("the last port either binds or raises")


def _listen_on(host: str, port: int) -> list[socket.socket]:
    if not is_every_address(host):
        return [_bind(host, port)]
    listeners = [_bind("0.0.0.0", port)]
    try:
        if _has_ipv6():
            listeners.append(_bind("::", port_of(listeners)))
    except OSError:
        listeners[0].close()
        raise
    return listeners


def port_of(listeners: list[socket.socket]) -> int:
    """Return the port that all of them have."""
    port: int = listeners[0].getsockname()[1]
    return port


def _family(host: str) -> socket.AddressFamily:
    return socket.AF_INET6 if ":" in host else socket.AF_INET


def _has_ipv6() -> bool:
    """Return whether this machine has IPv6: a kernel can know it and have it switched off."""
    with suppress(OSError), socket.socket(socket.AF_INET6, socket.SOCK_STREAM) as probe:
        probe.bind(("::1", 0))
        return True
    return False


def _bind(host: str, port: int) -> socket.socket:
    if port and answers(LOOPBACK.get(host, host), port):
        raise OSError(errno.EADDRINUSE, os.strerror(errno.EADDRINUSE))
    listener = socket.socket(_family(host), socket.SOCK_STREAM)
    try:
        if os.name == "posix":  # elsewhere this would let two servers share the port
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if host == "::":  # IPv4 has a socket of its own
            listener.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
        listener.bind((host, port))
        listener.listen(BACKLOG)
    except OSError:
        listener.close()
        raise
    return listener


def answers(host: str, port: int) -> bool:
    """Return whether somebody listens: some systems let one bind beside a server that has every address."""
    with suppress(OSError), socket.socket(_family(host), socket.SOCK_STREAM) as probe:
        probe.settimeout(PROBE_SECONDS)
        return probe.connect_ex((host, port)) == 0
    return False


# ---- where it can be reached


# Nothing is sent: a datagram socket is only asked which address it would send from. Both are kept for documentation.
ELSEWHERE = ((socket.AF_INET, "192.0.2.1"), (socket.AF_INET6, "2001:db8::1"))
DISCARD = 9


def own_addresses() -> list[str]:
    """Return this machine's addresses that others on its network can reach, the one most used first."""
    found: list[str] = []
    for family, elsewhere in ELSEWHERE:
        with suppress(OSError), socket.socket(family, socket.SOCK_DGRAM) as probe:
            probe.connect((elsewhere, DISCARD))
            found.append(probe.getsockname()[0])
    with suppress(OSError):
        found += [str(info[4][0]) for info in socket.getaddrinfo(socket.gethostname(), None, type=socket.SOCK_STREAM)]
    return [address for address in dict.fromkeys(found) if is_for_others(address)]


def is_for_others(address: str) -> bool:
    """Return whether another machine can use this address: neither loopback, nor one that needs the name of a link."""
    try:
        known = ipaddress.ip_address(address)
    except ValueError:
        return False
    return not (known.is_loopback or known.is_link_local or known.is_unspecified or known.is_multicast)


def url(address: str, port: int) -> str:
    """Return http://address:port, with IPv6 addresses in brackets."""
    return f"http://[{address}]:{port}" if ":" in address else f"http://{address}:{port}"
