"""Make sure that there is a redis-server for the tests: find one, or install one, or say what to do.

    python -m scripts.ensure_redis

Looked for where CONVOSCOPE_REDIS_SERVER says, else on the PATH. Where there is none, apt-get installs it as root on
Debian.
"""

from __future__ import annotations

import os
import shutil

from scripts import apt

VARIABLE = "CONVOSCOPE_REDIS_SERVER"
COMMANDS = ("redis-server", "valkey-server")
HELP = f"""No Redis for the tests. Any one of these will do:
  - install redis-server, so that it is on the PATH
  - set {VARIABLE} to the path of one"""


def find() -> str | None:
    """Return the path of a server that is there, or None."""
    if named := os.environ.get(VARIABLE):
        return shutil.which(named)
    return next(filter(None, map(shutil.which, COMMANDS)), None)


def required() -> str:
    """Return the path of a server; FileNotFoundError, with advice, where there is none."""
    path = find()
    if path is None:
        raise FileNotFoundError(HELP)
    return path


def main() -> None:
    """Find or install a server and prove that it starts; exit with advice if there is none."""
    if find() is None and apt.possible():
        for command in apt.commands("redis-server"):
            apt.run("Redis", command)
    apt.prove("Redis", find(), HELP)


if __name__ == "__main__":
    main()
