"""Make sure that there is a redis-server for the tests: find one, or install one, or say what to do.

    python scripts/ensure_redis.py

Looked for where CONVOSCOPE_REDIS_SERVER says, else on the PATH. Where there is none, apt-get installs it as root on
Debian.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys

VARIABLE = "CONVOSCOPE_REDIS_SERVER"
COMMANDS = ("redis-server", "valkey-server")
HELP = f"""No Redis for the tests. Any one of these will do:
  - install redis-server, so that it is on the PATH
  - set {VARIABLE} to the path of one"""


def find() -> str | None:
    """The path of a server that is there, or None."""
    if named := os.environ.get(VARIABLE):
        return shutil.which(named)
    return next(filter(None, map(shutil.which, COMMANDS)), None)


def required() -> str:
    """The path of a server; FileNotFoundError, with advice, where there is none."""
    path = find()
    if path is None:
        raise FileNotFoundError(HELP)
    return path


def _install() -> None:
    """Install one; what fails says so itself."""
    if not (hasattr(os, "geteuid") and os.geteuid() == 0 and shutil.which("apt-get")):
        return
    for command in (
        ["apt-get", "update"],
        ["apt-get", "install", "-y", "--no-install-recommends", "redis-server"],
    ):
        print("No Redis for the tests yet:", " ".join(command), flush=True)
        subprocess.run(command, check=False, env={**os.environ, "DEBIAN_FRONTEND": "noninteractive"})


def main() -> None:
    """Find or install a server and prove that it starts; exit with advice if there is none."""
    if find() is None:
        _install()
    path = find()
    if path is None:
        sys.exit(HELP)
    told = subprocess.run([path, "--version"], capture_output=True, text=True, check=False)
    if told.returncode:
        sys.exit(f"{path} does not start: {told.stderr.strip()}\n{HELP}")
    print(f"Redis: {told.stdout.strip()} ({path})")


if __name__ == "__main__":
    main()
