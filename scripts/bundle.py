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
from cnn_server.pages import LOADED, SHEETS

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "build" / "bundled"
ESBUILD = ROOT / "node_modules" / "esbuild" / "lib" / "main.js"


class CannotBundleError(Exception):
    """Pages stay plain modules, and why."""


def bundle(folder: Path, *, packed: bool = False) -> None:
    """Write the bundles of all pages into a folder of their own, or raise CannotBundleError and leave none there.

    With `packed` each file is there a second time as small as Brotli makes it, which takes seconds.
    """
    shutil.rmtree(folder, ignore_errors=True)
    node = shutil.which("node")
    if node is None:
        raise CannotBundleError("Node is not installed")
    if not ESBUILD.is_file():
        raise CannotBundleError("esbuild is not installed (`npm ci` does)")
    folder.mkdir(parents=True)
    pages = [
        {"name": page.name, "entry": page.entry, "later": page.later, "sheets": page.sheets} for page in LOADED.values()
    ]
    made_of = contents_hash(read_files(ROOT / "static"))
    done = subprocess.run(
        [node, str(ROOT / "scripts" / "bundle.mjs"), str(folder)],
        input=json.dumps({"pages": pages, "sheets": SHEETS, "packed": packed}),
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    if done.returncode:
        shutil.rmtree(folder)
        raise CannotBundleError(done.stderr.strip())
    write_manifest(folder, made_of, json.loads(done.stdout))


def install() -> None:
    """Install esbuild from package-lock.json where npm is there and it is missing."""
    npm = shutil.which("npm")
    if npm is not None and not ESBUILD.is_file():
        subprocess.run([npm, "ci", "--fetch-retries=0"], cwd=ROOT, capture_output=True, check=False)


def main() -> None:
    """Bundle, or leave it; the server says which."""
    try:
        bundle(FOLDER)
    except CannotBundleError as error:
        print(f"Pages are not bundled: {error}.", file=sys.stderr)


if __name__ == "__main__":
    main()
