"""Uploads in Redis, for the web processes of many machines."""

from __future__ import annotations

import secrets

from cnn_engine.data.images import Picture
from cnn_server.images import StoredImage, as_bytes, cost, of_bytes
from cnn_server.kept_files import Rules
from cnn_server.redis_shelf import RedisShelf

NOBODY = ""  # whose uploads are: whoever has the id may ask for one


class RedisImageStore:
    """An `ImageStore`: the least recently used make room for new ones."""

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
        """The picture, which now counts as used; reading it does not make it live longer."""
        found = self._shelf.get_timed(image_id)
        return None if found is None else StoredImage(image_id, of_bytes(found[0]), found[1])
