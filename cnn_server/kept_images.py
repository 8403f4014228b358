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
HEAD_BYTES = 1_000  # that the first line of a file may have
MOST_OF_ONE = 60  # photos that one person keeps


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
        self._every()  # what is past its date goes at the start as well

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
                self._write(self._path(image_id), data, owner)
            except OSError as error:
                raise StoreError("photo_not_written", folder=str(self._folder), reason=error.strerror) from error
            return about

    def _write(self, path: Path, data: bytes, owner: str) -> None:
        self._folder.mkdir(parents=True, exist_ok=True)
        every = self._every()
        if sum(path.stat().st_size for path, _ in every) + len(data) > self._max_bytes:
            raise StoreError("no_room_for_photos", full=True)
        if sum(known.owner == owner for _, known in every) >= MOST_OF_ONE:
            raise StoreError("too_many_photos", full=True, count=MOST_OF_ONE)
        beside = path.with_suffix(f".{secrets.token_hex(4)}.part")
        try:
            beside.write_bytes(data)
            beside.replace(path)
        finally:
            beside.unlink(missing_ok=True)

    def get(self, image_id: str) -> Picture | None:
        """Return a photo that is kept."""
        if self.about(image_id) is None:
            return None
        try:
            return of_bytes(self._path(image_id).read_bytes().partition(b"\n")[2])
        except (OSError, ValueError, TypeError, KeyError):
            return None

    def about(self, image_id: str) -> About | None:
        """Return whose a photo is that is kept, and until when."""
        return self._about(self._path(image_id)) if ID.fullmatch(image_id) else None

    def _about(self, path: Path) -> About | None:
        """What the first line of a file says. One that is damaged counts as none; one whose time is over is deleted."""
        try:
            with path.open("rb") as file:
                about = About(**orjson.loads(file.readline(HEAD_BYTES)))
        except (OSError, ValueError, TypeError):
            return None
        if about.until > time.time():
            return about
        with suppress(OSError):
            path.unlink()
        return None

    def made_since(self, moment: float) -> list[str]:
        """Return ids of the photos that were kept after a time and still are."""
        return [path.name.removesuffix(ENDING) for path, about in self._every() if about.made >= moment]

    def drop(self, image_id: str) -> None:
        """Forget a photo, if it is there."""
        if ID.fullmatch(image_id):
            with suppress(OSError):
                self._path(image_id).unlink()

    def _every(self) -> list[tuple[Path, About]]:
        """Return every photo that is kept; what is past its date is deleted."""
        return [(path, about) for path in self._folder.glob(f"*{ENDING}") if (about := self._about(path)) is not None]

    def _path(self, image_id: str) -> Path:
        return self._folder / f"{image_id}{ENDING}"
