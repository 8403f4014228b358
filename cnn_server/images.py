"""Where uploaded pictures live: in memory, for an hour, until there is no room.

`ImageStore` is the whole of what the server asks of such a place, so that one shared by several processes can
take over.
"""

from __future__ import annotations

import secrets
import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from cnn_engine.data.images import Picture

OVERHEAD = 1024  # bytes that a kept picture costs beside its pixels


@dataclass(frozen=True)
class StoredImage:
    """A picture with the id it is asked for by and the seconds it has left."""

    id: str
    picture: Picture
    expires_in: int


class ImageStore(Protocol):
    """A place for uploads."""

    def put(self, picture: Picture) -> StoredImage:
        """Keep a picture under a new id that nobody can guess."""

    def get(self, image_id: str) -> StoredImage | None:
        """The picture of an id, or None once it has been dropped."""


class MemoryImageStore:
    """Uploads in this process: the least recently used make room for new ones.

    `ttl` is in seconds of `clock`, counted from the upload; `max_bytes` bounds the memory of all
    together.
    """

    def __init__(self, *, ttl: float, max_bytes: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._ttl = ttl
        self._max_bytes = max_bytes
        self._clock = clock
        self._lock = threading.Lock()
        self._kept: OrderedDict[str, tuple[Picture, float]] = OrderedDict()
        self._bytes = 0

    def put(self, picture: Picture) -> StoredImage:
        """Keep a picture, dropping what is too old and then what was not used for longest."""
        image_id = secrets.token_urlsafe(16)
        with self._lock:
            now = self._clock()
            self._drop_expired(now)
            self._kept[image_id] = (picture, now + self._ttl)
            self._bytes += _cost(picture)
            while self._bytes > self._max_bytes and len(self._kept) > 1:
                self._drop(next(iter(self._kept)))
        return StoredImage(image_id, picture, int(self._ttl))

    def get(self, image_id: str) -> StoredImage | None:
        """The picture, which now counts as used; reading it does not make it live longer."""
        with self._lock:
            now = self._clock()
            self._drop_expired(now)
            if image_id not in self._kept:
                return None
            self._kept.move_to_end(image_id)
            picture, deadline = self._kept[image_id]
        return StoredImage(image_id, picture, int(deadline - now))

    def _drop_expired(self, now: float) -> None:
        for image_id in [key for key, (_, deadline) in self._kept.items() if deadline <= now]:
            self._drop(image_id)

    def _drop(self, image_id: str) -> None:
        picture, _ = self._kept.pop(image_id)
        self._bytes -= _cost(picture)


def _cost(picture: Picture) -> int:
    return picture.pixels.nbytes + OVERHEAD
