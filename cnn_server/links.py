"""Short links to long places on this server, kept in memory for a lesson."""

from __future__ import annotations

import secrets
import threading
import time
from collections import OrderedDict

OVERHEAD = 300  # bytes that a link costs beside its place
ID_BYTES = 12  # of chance: nobody guesses one


class Links:
    """Places by short ids that nobody can guess. The oldest make room for new ones: `max_bytes` bounds all together."""

    def __init__(self, max_bytes: int) -> None:
        self._max_bytes = max_bytes
        self._lock = threading.Lock()
        self._paths: OrderedDict[str, str] = OrderedDict()
        self._made: dict[str, float] = {}
        self._ids: dict[str, str] = {}
        self._bytes = 0

    def put(self, path: str) -> str:
        """Return the id of a place; the one that it has, if it has one."""
        with self._lock:
            if (known := self._ids.get(path)) is not None:
                self._paths.move_to_end(known)
                return known
            link_id = secrets.token_urlsafe(ID_BYTES)
            self._paths[link_id], self._ids[path] = path, link_id
            self._made[link_id] = time.time()
            self._bytes += len(path) + OVERHEAD
            while self._bytes > self._max_bytes and len(self._paths) > 1:
                self._forget(next(iter(self._paths)))
            return link_id

    def get(self, link_id: str) -> str | None:
        """Return the place of an id, unless it is unknown or forgotten."""
        with self._lock:
            if link_id in self._paths:
                self._paths.move_to_end(link_id)  # the oldest that nobody follows make room
            return self._paths.get(link_id)

    def made_since(self, time: float) -> list[str]:
        """Return ids of the links that were made after a time (in seconds since 1970) and are still there."""
        with self._lock:
            return [link_id for link_id, made in self._made.items() if made >= time]

    def drop(self, link_id: str) -> None:
        """Forget a link, if it is there."""
        with self._lock:
            if link_id in self._paths:
                self._forget(link_id)

    def _forget(self, link_id: str) -> None:
        path = self._paths.pop(link_id)
        del self._ids[path], self._made[link_id]
        self._bytes -= len(path) + OVERHEAD
