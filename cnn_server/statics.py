"""The static files, in memory, under a prefix that is the hash of all of them.

`/static/<hash>/js/api.js` never changes: a browser keeps it, and asks for it no more. `/static/js/api.js` is the
present file, to be asked for each time. So is a file under any other hash, as a page has it that was opened before an
update: the part that it fetches late is there, and no browser keeps it for the page that is loaded next.
"""

from __future__ import annotations

import contextlib
import hashlib
import mimetypes
import os
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from flask import Flask, Response, abort, request

from cnn_server.bundle import contents_hash, read_files, read_manifest
from cnn_server.compression import WAYS
from cnn_server.page_texts import used
from cnn_server.pages import LOADED, SHEETS, modules, reachable

EXTENSION = "statics"
BUNDLED = "bundled"
VERSIONED = re.compile(r"([0-9a-f]{12})/(.+)", re.DOTALL)
FOR_GOOD = "max-age=31536000, immutable"
TYPES = {".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml", ".json": "application/json"}
SMALL = 500  # bytes that no packing makes fewer
HARD = 9  # how hard files are packed: each once
PACKED = ".br"  # the end of a bundled file's name for what Brotli makes of it at its best


class StaticFile:
    """A file and its packed forms, each made once."""

    def __init__(self, name: str, data: bytes, packed: bytes | None = None) -> None:
        suffix = PurePosixPath(name).suffix
        self.mimetype = TYPES.get(suffix) or mimetypes.guess_type(name)[0] or "application/octet-stream"
        self._data = data
        self._packed = {"br": packed} if packed else {}
        self._hash = hashlib.sha256(data).hexdigest()[:16]
        self._packs = suffix in TYPES and len(data) > SMALL

    def response(self) -> Response:
        """Return it in the best form that the client takes."""
        encoding = request.accept_encodings.best_match(list(WAYS)) if self._packs else None
        if encoding is None:
            response = Response(self._data, mimetype=self.mimetype)
            response.set_etag(self._hash)
            return response
        if encoding not in self._packed:
            self._packed[encoding] = WAYS[encoding](self._data, HARD)
        response = Response(self._packed[encoding], mimetype=self.mimetype)
        response.headers["Content-Encoding"] = encoding
        response.set_etag(f"{self._hash}:{encoding}")
        return response


@dataclass(frozen=True)
class PageFiles:
    """What a page loads together: addresses, and the modules that they bring."""

    urls: tuple[str, ...]
    modules: tuple[str, ...]


@dataclass(frozen=True)
class Request:
    """What a page asks the server for."""

    method: str
    path: str
    accept: str
    body: str


@dataclass(frozen=True)
class Assets:
    """What a page loads, as addresses; `own` is the address of any other file."""

    own: Callable[[str], str]
    sheets: tuple[str, ...]
    first: PageFiles
    later: PageFiles
    texts: tuple[str, ...]  # the ids of the texts that its scripts may say
    requests: tuple[Request, ...] = ()  # what it asks the server for when its address says nothing, as far as is known


class StaticFiles:
    """All static files as they were when they were read, and what pages load of them."""

    def __init__(self, folder: Path, bundle: Path | None = None) -> None:
        files = read_files(folder)
        self._folder = folder
        self._bundled = read_manifest(bundle, contents_hash(files)) if bundle else None
        if bundle and self._bundled:
            files |= {f"{BUNDLED}/{name}": data for name, data in read_files(bundle).items()}
        self.version = contents_hash(files)
        self._files = {
            name: StaticFile(name, data, files.get(name + PACKED))
            for name, data in files.items()
            if not name.endswith(PACKED)
        }
        self._assets: dict[str, Assets] = {}

    @property
    def is_bundled(self) -> bool:
        """Whether pages load bundles and not plain modules."""
        return self._bundled is not None

    def file(self, name: str) -> StaticFile | None:
        """Return the file with this name, if there is one."""
        return self._files.get(name)

    def url(self, name: str) -> str:
        """Return the address of a file, which a browser may keep for good."""
        return f"/static/{self.version}/{name}"

    def assets(self, page: str) -> Assets:
        """Return what the page with this name loads."""
        if page not in self._assets:
            self._assets[page] = self._bundle_of(page) if self._bundled else self._modules_of(page)
        return self._assets[page]

    def _bundle_of(self, page: str) -> Assets:
        made: dict[str, Any] = (self._bundled or {})[page]
        first, later = (
            PageFiles(self._urls(f"{BUNDLED}/{name}" for name in made[part]["files"]), tuple(made[part]["modules"]))
            for part in ("first", "later")
        )
        sheets = self._urls(f"{BUNDLED}/{name}" for name in made["sheets"])
        requests = tuple(Request(**one) for one in made["requests"])
        return Assets(self.url, sheets, first, later, self._texts_of(page), requests)

    def _modules_of(self, page: str) -> Assets:
        row, scripts = LOADED[page], self._folder / "js"
        now = modules(scripts, *row.entry)
        then = [name for name in modules(scripts, *row.later) if name not in now]
        first, later = (PageFiles(self._urls(f"js/{name}" for name in names), tuple(names)) for names in (now, then))
        sheets = self._urls(f"css/{name}.css" for name in (*SHEETS, *row.sheets))
        return Assets(self.url, sheets, first, later, self._texts_of(page))

    def _texts_of(self, page: str) -> tuple[str, ...]:
        scripts = self._folder / "js"
        ids = (used((scripts / name).read_text("utf-8")) for name in reachable(scripts, LOADED[page]))
        return tuple(sorted(set().union(*ids)))

    def _urls(self, names: Iterator[str]) -> tuple[str, ...]:
        return tuple(map(self.url, names))


class Statics:
    """The present shelf: a bundled one stays, one of plain modules is read again when a file has changed."""

    def __init__(self, folder: Path, bundle: Path | None = None) -> None:
        self.folder = folder
        self._seen = tuple(_listing(folder))
        self.shelf = StaticFiles(folder, bundle)

    def present(self) -> StaticFiles:
        """Return the shelf with the files as they are now."""
        if not self.shelf.is_bundled:
            with contextlib.suppress(FileNotFoundError):  # of an editor that is just saving: next time
                self._read_again()
        return self.shelf

    def _read_again(self) -> None:
        seen = tuple(_listing(self.folder))
        if seen != self._seen:
            self.shelf = StaticFiles(self.folder)
            self._seen = seen

    def send(self, path: str) -> Response:
        """Answer with a file."""
        versioned = VERSIONED.fullmatch(path)
        shelf = self.shelf
        for_good = versioned is not None and versioned[1] == shelf.version
        if not for_good:
            shelf = self.present()
        file = shelf.file(versioned[2] if versioned else path)
        if file is None:
            abort(404)
        response = file.response()
        response.headers["Cache-Control"] = FOR_GOOD if for_good else "no-cache"
        response.make_conditional(request)
        return response


def _listing(folder: Path) -> Iterator[tuple[str, int, int]]:
    """Yield what tells whether any file has changed, for a fraction of a millisecond."""
    with os.scandir(folder) as entries:
        for entry in entries:
            if entry.is_dir():
                yield from _listing(Path(entry.path))
            else:
                stat = entry.stat()
                yield entry.path, stat.st_mtime_ns, stat.st_size


def register(app: Flask, folder: Path, bundle: Path | None) -> None:
    """Serve the files of a folder, by bundles where there are some of the same files."""
    statics = app.extensions[EXTENSION] = Statics(folder, bundle)
    app.add_url_rule("/static/<path:path>", endpoint="static", view_func=statics.send)
    app.context_processor(lambda: {"assets_of": lambda page: statics.present().assets(page)})
