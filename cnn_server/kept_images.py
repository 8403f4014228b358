"""Photos that somebody chose to keep: files in the data folder, each until a date."""

from __future__ import annotations

import re
import secrets
import threading
import time
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path

import orjson

from cnn_engine.data.images import Picture
from cnn_server.images import as_bytes, of_bytes
from cnn_server.runs.store import StoreError

ID = re.compile(r"[A-Za-z0-9_-]{1,100}")
ENDING = ".photo"


@dataclass(frozen=True)
class About:
    """Who chose to keep a photo, when, and until when it is kept: seconds since 1970."""

    owner: str
    made: float
    until: float


class KeptImages:
    """Photos in a folder, made with the first of them. `ttl` is in seconds; `max_bytes` bounds all together."""

    def __init__(self, folder: str | Path, *, ttl: float, max_bytes: int) -> None:
        self._folder, self._ttl, self._max_bytes = Path(str(folder)) / "photos", ttl, max_bytes
        self._lock = threading.Lock()

    @property
    def until(self) -> float:
        """Until when a photo would be kept that is kept now."""
        return time.time() + self._ttl

    def keep(self, image_id: str, picture: Picture, owner: str) -> About:
        """Write a photo down under the id that it has; one that is kept already stays as it is.

        Raises:
            StoreError: it cannot be written, or there is no room for it.
        """
        with self._lock:
            if (known := self.about(image_id)) is not None:
                return known
            about = About(owner, time.time(), self.until)
            data = orjson.dumps(asdict(about)) + b"\n" + as_bytes(picture)
            try:
                self._write(self._path(image_id), data)
            except OSError as error:
                raise StoreError(f"The photo cannot be kept in {self._folder}: {error.strerror}.") from error
            return about

    def _write(self, path: Path, data: bytes) -> None:
        self._folder.mkdir(parents=True, exist_ok=True)
        self._drop_expired()
        if sum(each.stat().st_size for each in self._files()) + len(data) > self._max_bytes:
            raise StoreError("There is no room for more photos that are kept; delete one first.", full=True)
        beside = path.with_suffix(f".{secrets.token_hex(4)}.part")
        try:
            beside.write_bytes(data)
            beside.replace(path)
        finally:
            beside.unlink(missing_ok=True)

    def get(self, image_id: str) -> Picture | None:
        """A photo that is kept."""
        found = self._read(image_id)
        return None if found is None else found[1]

    def about(self, image_id: str) -> About | None:
        """Whose a photo is that is kept, and until when."""
        found = self._read(image_id)
        return None if found is None else found[0]

    def _read(self, image_id: str) -> tuple[About, Picture] | None:
        """What a file has; one that is damaged or whose time is over counts as none."""
        if not ID.fullmatch(image_id):
            return None
        try:
            head, _, pixels = self._path(image_id).read_bytes().partition(b"\n")
            about, picture = About(**orjson.loads(head)), of_bytes(pixels)
        except (OSError, ValueError, TypeError, KeyError):
            return None
        return (about, picture) if about.until > time.time() else None

    def made_since(self, moment: float) -> list[str]:
        """Ids of the photos that were kept after a time and still are."""
        known = {path.name.removesuffix(ENDING): self.about(path.name.removesuffix(ENDING)) for path in self._files()}
        return [image_id for image_id, about in known.items() if about is not None and about.made >= moment]

    def drop(self, image_id: str) -> None:
        """Forget a photo, if it is there."""
        if ID.fullmatch(image_id):
            with suppress(OSError):
                self._path(image_id).unlink()

    def _drop_expired(self) -> None:
        for path in self._files():
            image_id = path.name.removesuffix(ENDING)
            if self.about(image_id) is None:
                self.drop(image_id)

    def _files(self) -> list[Path]:
        return list(self._folder.glob(f"*{ENDING}"))

    def _path(self, image_id: str) -> Path:
        return self._folder / f"{image_id}{ENDING}"
