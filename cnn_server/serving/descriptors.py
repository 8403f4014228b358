"""How many sockets and files this process may have open at once.

Some systems allow 256 unless asked for more, and each viewer takes one.
"""

from __future__ import annotations

import logging
import sys
from collections.abc import MutableMapping
from typing import Any

ENOUGH = 16_384  # more is not asked for: systems that say "unlimited" refuse what is too large
FILES = 128  # for files, databases and pipes to workers
FEWEST = 16  # connections, however low the limit
WATCHING = 2 / 3  # of the connections: the pages of those who watch need some too

logger = logging.getLogger("convoscope")

if sys.platform == "win32":

    def raise_limit() -> int:
        """Return how many there may be: sockets are not counted there."""
        return ENOUGH

else:
    import resource

    def raise_limit() -> int:
        """Raise the soft limit as far as the hard one lets it. How many there may be now."""
        soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        if soft == resource.RLIM_INFINITY or soft >= ENOUGH:
            return ENOUGH
        wanted = ENOUGH if hard == resource.RLIM_INFINITY else min(ENOUGH, hard)
        try:
            resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
        except (OSError, ValueError):
            return soft
        return wanted


def connections() -> int:
    """Raise the limit. How many connections there can be."""
    return max(FEWEST, raise_limit() - FILES)


def fit_viewers(config: MutableMapping[str, Any]) -> None:
    """Raise the limit; where it stays too low for MAX_VIEWERS, let that follow it and say so in the log."""
    most = int(connections() * WATCHING)
    if most < config["MAX_VIEWERS"]:
        logger.warning(
            "at most %d people can watch runs at once, not %d: this system lets a program open %d files and sockets; "
            "`ulimit -n` raises that",
            most,
            config["MAX_VIEWERS"],
            raise_limit(),
        )
        config["MAX_VIEWERS"] = most
