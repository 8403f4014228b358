"""Bundles: a few files for each page in the place of its many modules. It needs the standard library alone.

`scripts/bundle.py` makes them, for the wheel and for `make serve`. A bundle is used only for the files that it was made
of, so none is ever older than what it stands for.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

MANIFEST = "manifest.json"


def read_files(folder: Path) -> dict[str, bytes]:
    """Return every file in a folder by its path inside it."""
    found = sorted(path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in found}


def contents_hash(files: Mapping[str, bytes]) -> str:
    """Return twelve hexadecimal digits that are others when any file is."""
    digest = hashlib.sha256()
    for name, data in files.items():
        digest.update(f"{name}\0{len(data)}\0".encode())
        digest.update(data)
    return digest.hexdigest()[:12]


def read_manifest(folder: Path, made_of: str) -> dict[str, Any] | None:
    """Return what the bundle in a folder has for each page; none where it is not there or of other files."""
    try:
        manifest = json.loads((folder / MANIFEST).read_bytes())
    except (OSError, ValueError):
        return None
    return manifest["pages"] if manifest["made_of"] == made_of else None


def write_manifest(folder: Path, made_of: str, pages: Mapping[str, Any]) -> None:
    """Write what the bundle has for each page, last of all."""
    (folder / MANIFEST).write_text(json.dumps({"made_of": made_of, "pages": pages}), "utf-8")
