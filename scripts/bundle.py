"""Bundle the scripts and style sheets of each page: `python -m scripts.bundle`, as `make serve` does.

It installs nothing: without Node, or without esbuild in node_modules (`npm ci` puts it there), pages stay plain
modules. The wheel's build does the same, and installs what package-lock.json names where npm is there.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

from cnn_server.bundle import contents_hash, read_files, write_manifest
from cnn_server.node import OLDEST, installed_node
from cnn_server.pages import LOADED, SHEETS

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "build" / "bundled"
ESBUILD = ROOT / "node_modules" / "esbuild" / "lib" / "main.js"
TOO_LONG = 120.0  # seconds for npm or Node, which take some of them where all is well


class CannotBundleError(Exception):
    """Pages stay plain modules, and why."""


def bundle(folder: Path, *, packed: bool = False) -> None:
    """Write the bundles of all pages into a folder of their own, or raise CannotBundleError and leave none there.

    With `packed` each file is there a second time as small as Brotli makes it, which takes seconds.
    """
    shutil.rmtree(folder, ignore_errors=True)
    node = installed_node()
    if node is None:
        raise CannotBundleError(f"Node {OLDEST} or later is not installed")
    if not ESBUILD.is_file():
        raise CannotBundleError("esbuild is not installed (`npm ci` does)")
    folder.mkdir(parents=True)
    pages = [
        {"name": page.name, "entry": page.entry, "later": page.later, "sheets": page.sheets} for page in LOADED.values()
    ]
    made_of = contents_hash(read_files(ROOT / "static"))
    requested = json.dumps({"pages": pages, "sheets": SHEETS, "packed": packed})
    try:
        printed = _printed(node, str(ROOT / "scripts" / "bundle.mjs"), str(folder), given=requested)
    except CannotBundleError:
        shutil.rmtree(folder)
        raise
    write_manifest(folder, made_of, json.loads(printed))


def install() -> None:
    """Install esbuild from package-lock.json where npm is there and it is missing, or raise CannotBundleError."""
    npm = shutil.which("npm")
    if npm is not None and not ESBUILD.is_file():
        _printed(npm, "ci", "--fetch-retries=0")


def _printed(*command: str, given: str = "") -> str:
    """Return what a command prints; CannotBundleError where it fails, cannot be run, or takes far too long."""
    name = Path(command[0]).name
    try:
        done = subprocess.run(
            command,
            input=given,
            cwd=ROOT,
            capture_output=True,
            encoding="utf-8",
            errors="replace",
            check=False,
            timeout=TOO_LONG,
        )
    except subprocess.TimeoutExpired:
        raise CannotBundleError(f"{name} took longer than {TOO_LONG:g} seconds") from None
    except (OSError, subprocess.SubprocessError) as error:
        raise CannotBundleError(f"{name} cannot be run: {error}") from error
    if done.returncode:
        raise CannotBundleError(f"{name} failed: {done.stderr.strip()}")
    return done.stdout


def main() -> None:
    """Bundle, or leave it; the server says which."""
    try:
        bundle(FOLDER)
    except CannotBundleError as error:
        print(f"Pages are not bundled: {error}.", file=sys.stderr)


if __name__ == "__main__":
    main()
