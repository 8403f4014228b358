"""Install what the tests need from outside Python, and prove that it runs."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys


def possible() -> bool:
    """Return whether this is Debian, or a relative, and we are root."""
    return hasattr(os, "geteuid") and os.geteuid() == 0 and shutil.which("apt-get") is not None


def commands(package: str) -> list[list[str]]:
    """Return what installs a package."""
    return [["apt-get", "update"], ["apt-get", "install", "-y", "--no-install-recommends", package]]


def run(what: str, command: list[str]) -> None:
    """Run one; what fails says so itself."""
    print(f"No {what} for the tests yet:", " ".join(command), flush=True)
    subprocess.run(command, check=False, env={**os.environ, "DEBIAN_FRONTEND": "noninteractive"})


def prove(name: str, path: str | None, advice: str) -> None:
    """Start it and print its version; exit with advice where it is not there or does not start."""
    if path is None:
        sys.exit(advice)
    version = subprocess.run([path, "--version"], capture_output=True, text=True, check=False)
    if version.returncode:
        sys.exit(f"{path} does not start: {version.stderr.strip()}\n{advice}")
    print(f"{name}: {version.stdout.strip()} ({path})")
