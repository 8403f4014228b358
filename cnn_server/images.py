"""Where uploaded pictures live: in memory or in Redis, for an hour, until there is no room.

Memory serves one process; Redis those of many machines. Photos that somebody chose to keep are files in the data
folder, each until a date.
"""

from __future__ import annotations

import secrets
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import orjson

from cnn_engine.data.images import Picture
from cnn_engine.words import Message
from cnn_engine.words.kept import kept, read
from cnn_server.kept_files import KeptFiles, Rules
from cnn_server.redis_shelf import RedisShelf

OVERHEAD = 1024  # bytes that a kept picture costs beside its pixels


@dataclass(frozen=True)
class StoredImage:
    """A picture with the id it is asked for by and the seconds it has left."""

    id: str
    picture: Picture
    expires_in: int


class MemoryImageStore:
    """Uploads in this process, under ids that nobody can guess: the least recently used make room for new ones.

    `ttl` is in seconds of `clock`, counted from the upload; `max_bytes` bounds the memory of all
    together.
    """

    where = "memory"

    def __init__(self, *, ttl: float, max_bytes: int, clock: Callable[[], float] = time.monotonic) -> None:
        self.ttl = ttl
        self._max_bytes = max_bytes
        self._clock = clock
        self._lock = threading.Lock()
        self._kept: OrderedDict[str, tuple[Picture, float, float]] = OrderedDict()  # with its end and its beginning
        self._bytes = 0

    def put(self, picture: Picture) -> StoredImage:
        """Keep a picture, dropping what is too old and then what was not used for longest."""
        image_id = secrets.token_urlsafe(16)
        with self._lock:
            now = self._clock()
            self._drop_expired(now)
            self._kept[image_id] = (picture, now + self.ttl, time.time())
            self._bytes += cost(picture)
            while self._bytes > self._max_bytes and len(self._kept) > 1:
                self._drop(next(iter(self._kept)))
        return StoredImage(image_id, picture, int(self.ttl))

    def get(self, image_id: str) -> StoredImage | None:
        """Return the picture, which now counts as used; reading it does not make it live longer."""
        with self._lock:
            now = self._clock()
            self._drop_expired(now)
            if image_id not in self._kept:
                return None
            self._kept.move_to_end(image_id)
            picture, deadline, _ = self._kept[image_id]
        return StoredImage(image_id, picture, int(deadline - now))

    def made_since(self, time: float) -> list[str]:
        """Return ids of the pictures that came after a time (in seconds since 1970) and are still there."""
        with self._lock:
            self._drop_expired(self._clock())
            return [image_id for image_id, (*_, made) in self._kept.items() if made >= time]

    def drop(self, image_id: str) -> None:
        """Forget a picture, if it is there."""
        with self._lock:
            if image_id in self._kept:
                self._drop(image_id)

    def _drop_expired(self, now: float) -> None:
        for image_id in [key for key, (_, deadline, _) in self._kept.items() if deadline <= now]:
            self._drop(image_id)

    def _drop(self, image_id: str) -> None:
        self._bytes -= cost(self._kept.pop(image_id)[0])


NOBODY = ""  # whose uploads are: whoever has the id may ask for one


class RedisImageStore:
    """The same in Redis, which may write to disk. Every method may raise a StoreError."""

    where = "redis"

    def __init__(self, url: str, *, ttl: float, max_bytes: int) -> None:
        self.ttl = ttl
        self._shelf = RedisShelf(url, "image", Rules(ttl, max_bytes, None))
        self.made_since, self.drop = self._shelf.made_since, self._shelf.drop

    def put(self, picture: Picture) -> StoredImage:
        """Keep a picture, and drop what was not used for longest where that takes too much room."""
        image_id = secrets.token_urlsafe(16)
        self._shelf.keep(image_id, as_bytes(picture), NOBODY, cost(picture))
        return StoredImage(image_id, picture, int(self.ttl))

    def get(self, image_id: str) -> StoredImage | None:
        """Return the picture, which now counts as used; reading it does not make it live longer."""
        found = self._shelf.get_timed(image_id)
        return None if found is None else StoredImage(image_id, of_bytes(found[0]), found[1])


def cost(picture: Picture) -> int:
    """Return bytes that a picture takes."""
    return picture.pixels.nbytes + OVERHEAD


def as_bytes(picture: Picture) -> bytes:
    """Return pixels and whatever else is known of a picture."""
    about = {"original_size": picture.original_size, "notes": kept(picture.notes)}
    head = orjson.dumps({"shape": picture.pixels.shape, "about": about})
    return head + b"\n" + np.ascontiguousarray(picture.pixels).tobytes()


def of_bytes(data: bytes) -> Picture:
    """Return what `as_bytes` wrote."""
    head, _, pixels = data.partition(b"\n")
    header = orjson.loads(head)
    about = header["about"]
    text = about.get("note")  # of a picture that was kept before notes were messages
    notes = (Message("parts.as_kept", {"text": text}),) if text else read(about.get("notes", ()))
    size = tuple(about["original_size"])
    return Picture(np.frombuffer(pixels, np.uint8).reshape(header["shape"]), size, notes)


ImageStore = MemoryImageStore | RedisImageStore


class KeptImages(KeptFiles):
    """Photos in a folder, made with the first of them."""

    def __init__(self, folder: str | Path, rules: Rules) -> None:
        super().__init__(folder, "photo", rules)

    def keep_picture(self, image_id: str, picture: Picture, owner: str) -> None:
        """Write a photo down under the id that it has; one that is kept already stays as it is."""
        self.keep(image_id, as_bytes(picture), owner)

    def picture(self, image_id: str) -> Picture | None:
        """Return a photo that is kept; none where its file is damaged."""
        data = self.get(image_id)
        try:
            return None if data is None else of_bytes(data)
        except (ValueError, TypeError, KeyError):
            return None


def open_images(config: Mapping[str, Any]) -> ImageStore:
    """Return the place that the configuration asks for."""
    if url := config["REDIS_URL"]:
        return RedisImageStore(str(url), ttl=config["IMAGE_TTL"], max_bytes=config["IMAGE_STORE_BYTES"])
    return MemoryImageStore(ttl=config["IMAGE_TTL"], max_bytes=config["IMAGE_STORE_BYTES"], clock=config["CLOCK"])
