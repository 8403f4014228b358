"""Uploads in Redis, for the web processes of many machines.

convoscope:image:ID       a picture, which Redis drops in time
convoscope:images         a sorted set of ids by the time at which each was used last
convoscope:images:about   a hash of what each takes, when it came, and until when it is kept
"""

from __future__ import annotations

import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import orjson

from cnn_engine.data.images import Picture
from cnn_server.images import StoredImage, as_bytes, cost, of_bytes
from cnn_server.runs.store import StoreError

USED, ABOUT = "convoscope:images", "convoscope:images:about"
Entry = dict[str, float]


def _key(image_id: str) -> str:
    return f"convoscope:image:{image_id}"


class RedisImageStore:
    """An `ImageStore`: the least recently used make room for new ones."""

    where = "redis"

    def __init__(self, url: str, *, ttl: float, max_bytes: int) -> None:
        self.ttl = ttl
        self._url, self._max_bytes = url, max_bytes
        self._redis: Any = None  # connected by whoever needs it first, like the store of runs

    def put(self, picture: Picture) -> StoredImage:
        """Keep a picture, and drop what was not used for longest where that takes too much room."""
        image_id, now = secrets.token_urlsafe(16), time.time()
        lifetime = max(1, int(self.ttl * 1000))
        about: Entry = {"bytes": cost(picture), "made": now, "until": now + self.ttl}
        with self._pipeline() as pipe:
            pipe.set(_key(image_id), as_bytes(picture), px=lifetime)
            pipe.zadd(USED, {image_id: now})
            pipe.hset(ABOUT, image_id, orjson.dumps(about))
            for index in (USED, ABOUT):
                pipe.pexpire(index, lifetime)
            pipe.zrange(USED, 0, -1)
            pipe.hgetall(ABOUT)
            *_, order, known = pipe.execute()
        self._drop(_too_many(order, known, self._max_bytes, now))
        return StoredImage(image_id, picture, int(self.ttl))

    def get(self, image_id: str) -> StoredImage | None:
        """Return the picture, which now counts as used; reading it does not make it live longer."""
        with self._pipeline() as pipe:
            pipe.get(_key(image_id))
            pipe.pttl(_key(image_id))
            pipe.zadd(USED, {image_id: time.time()}, xx=True)
            data, left, _ = pipe.execute()
        return None if data is None else StoredImage(image_id, of_bytes(data), max(left, 0) // 1000)

    def made_since(self, time: float) -> list[str]:
        """Return ids of the pictures that came after a time and are still there."""
        with self._pipeline() as pipe:
            pipe.hgetall(ABOUT)
            known: dict[bytes, bytes] = pipe.execute()[0]
            found = [image_id.decode() for image_id, about in known.items() if orjson.loads(about)["made"] >= time]
            for image_id in found:
                pipe.exists(_key(image_id))
            return [image_id for image_id, there in zip(found, pipe.execute(), strict=True) if there]

    def drop(self, image_id: str) -> None:
        """Forget a picture, if it is there."""
        self._drop([image_id])

    def _drop(self, image_ids: list[str]) -> None:
        if not image_ids:
            return
        with self._pipeline() as pipe:
            pipe.delete(*map(_key, image_ids))
            pipe.zrem(USED, *image_ids)
            pipe.hdel(ABOUT, *image_ids)
            pipe.execute()

    @contextmanager
    def _pipeline(self) -> Iterator[Any]:
        """Commands that Redis carries out in one piece, and its errors in words."""
        try:
            from cnn_server.runs.redis_store import connect, in_words  # noqa: PLC0415  (an optional extra)
        except ImportError as error:
            raise StoreError("redis_not_installed", reason=str(error)) from error
        if self._redis is None:
            self._redis = connect(self._url)
        with in_words(), self._redis.pipeline() as pipe:
            yield pipe


def _too_many(order: list[bytes], known: dict[bytes, bytes], most: int, now: float) -> list[str]:
    """Ids of what has expired, and of what was not used for longest, until the rest has room; the newest stays."""
    about: dict[bytes, Entry] = {image_id: orjson.loads(text) for image_id, text in known.items()}
    gone = [image_id for image_id, entry in about.items() if entry["until"] <= now]
    total = sum(entry["bytes"] for image_id, entry in about.items() if image_id not in gone)
    for image_id in order[:-1]:
        if total <= most:
            break
        if image_id in about and image_id not in gone:
            gone.append(image_id)
            total -= about[image_id]["bytes"]
    return [image_id.decode() for image_id in gone]
