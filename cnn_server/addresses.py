"""Where a server can be reached: the addresses of this machine on its networks."""

from __future__ import annotations

import ipaddress
import socket
from contextlib import suppress

# Nothing is sent: a datagram socket is only asked which address it would send from. Both are kept for documentation.
ELSEWHERE = ((socket.AF_INET, "192.0.2.1"), (socket.AF_INET6, "2001:db8::1"))
DISCARD = 9


def own_addresses() -> list[str]:
    """This machine's addresses that others on its network can reach, the one most used first."""
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
    """http://address:port, IPv6 addresses in brackets."""
    return f"http://[{address}]:{port}" if ":" in address else f"http://{address}:{port}"
