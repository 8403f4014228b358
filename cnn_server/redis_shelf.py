"""What people keep in Redis, for the web processes of many machines.

convoscope:KIND:ID        bytes, which Redis drops in time
convoscope:KINDs          a sorted set of ids by the time at which each was used last
convoscope:KINDs:about    a hash of what each takes, whose it is, when it came, and until when it is kept
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import orjson

from cnn_server.kept_files import About, Rules, Shelf
from cnn_server.runs.store import StoreError

ShelfEntry = dict[str, Any]

# What is known of one thing is another only if it is as it was read, and the thing still there.
REPLACE = """
if redis.call("exists", KEYS[2]) == 1 and redis.call("hget", KEYS[1], ARGV[1]) == ARGV[2] then
    redis.call("hset", KEYS[1], ARGV[1], ARGV[3])
end
"""


class RedisShelf(Shelf):
    """A `Shelf`: the least recently used make room for new ones."""

    def __init__(self, url: str, kind: str, rules: Rules) -> None:
        self._url, self._kind, self.rules = url, kind, rules
        self._used, self._abouts = f"convoscope:{kind}s", f"convoscope:{kind}s:about"
        self._redis: Any = None  # connected by whoever needs it first, like the store of runs

    def _key(self, name: str) -> str:
        return f"convoscope:{self._kind}:{name}"

    def keep(self, name: str, data: bytes, owner: str, cost: int | None = None) -> About:
        """Keep bytes, and drop what was not used for longest where that takes too much room.

        `cost` is what they count as, where that is not their length.

        Raises:
            StoreError: the owner keeps as many as one person may, or Redis does not answer.
        """
        if self.rules.most_of_one is not None:
            self.rules.check_count(len(self.owned_by(owner)), self._kind)
        now, lifetime = time.time(), max(1, int(self.rules.ttl * 1000))
        about = About(owner, now, now + self.rules.ttl)
        entry = {"bytes": len(data) if cost is None else cost, "made": now, "until": about.until, "owner": owner}
        with self._pipeline() as pipe:
            pipe.set(self._key(name), data, px=lifetime)
            pipe.zadd(self._used, {name: now})
            pipe.hset(self._abouts, name, orjson.dumps(entry))
            for index in (self._used, self._abouts):
                pipe.pexpire(index, lifetime)
            pipe.zrange(self._used, 0, -1)
            pipe.hgetall(self._abouts)
            *_, order, known = pipe.execute()
        self._drop(_too_many(order, known, self.rules.max_bytes, now))
        return about

    def get(self, name: str) -> bytes | None:
        """Return what is kept, which now counts as used; reading it does not make it live longer."""
        found = self.get_timed(name)
        return None if found is None else found[0]

    def get_timed(self, name: str) -> tuple[bytes, int] | None:
        """Return what is kept, and the seconds that it has left."""
        with self._pipeline() as pipe:
            pipe.get(self._key(name))
            pipe.pttl(self._key(name))
            pipe.zadd(self._used, {name: time.time()}, xx=True)
            data, left, _ = pipe.execute()
        return None if data is None else (data, max(left, 0) // 1000)

    def about(self, name: str, *, used: bool = False) -> About | None:
        """Return whose a kept thing is, and until when; with `used` it counts as used now."""
        with self._pipeline() as pipe:
            pipe.hget(self._abouts, name)
            pipe.exists(self._key(name))
            if used:
                pipe.zadd(self._used, {name: time.time()}, xx=True)
            text, there, *_ = pipe.execute()
        return _about(orjson.loads(text)) if text and there else None

    def share(self, name: str, shared: bool) -> None:
        """Let everybody be told of something that is kept, or nobody any more."""
        if (entry := self._entries().get(name)) is None:
            return
        before, after = orjson.dumps(entry), orjson.dumps(entry | {"shared": shared})
        with self._pipeline() as pipe:
            pipe.eval(REPLACE, 2, self._abouts, self._key(name), name, before, after)
            pipe.execute()

    def every(self) -> dict[str, About]:
        """Return everything that is kept, by its id."""
        return {name: _about(entry) for name, entry in self._entries().items()}

    def _entries(self) -> dict[str, ShelfEntry]:
        """Return what is known of everything that is still there."""
        with self._pipeline() as pipe:
            pipe.hgetall(self._abouts)
            known = {name.decode(): orjson.loads(text) for name, text in pipe.execute()[0].items()}
            for name in known:
                pipe.exists(self._key(name))
            return {name: entry for (name, entry), there in zip(known.items(), pipe.execute(), strict=True) if there}

    def drop(self, name: str) -> None:
        """Forget something, if it is there."""
        self._drop([name])

    def _drop(self, names: list[str]) -> None:
        if not names:
            return
        with self._pipeline() as pipe:
            pipe.delete(*map(self._key, names))
            pipe.zrem(self._used, *names)
            pipe.hdel(self._abouts, *names)
            pipe.execute()

    @contextmanager
    def _pipeline(self) -> Iterator[Any]:
        """Yield a pipeline that Redis carries out in one piece, and raise its errors in words."""
        try:
            from cnn_server.runs.redis_store import connect, in_words  # noqa: PLC0415  (an optional extra)
        except ImportError as error:
            raise StoreError("redis_not_installed", reason=str(error)) from error
        if self._redis is None:
            self._redis = connect(self._url)
        with in_words(), self._redis.pipeline() as pipe:
            yield pipe


def _about(entry: ShelfEntry) -> About:
    return About(entry.get("owner", ""), entry["made"], entry["until"], entry.get("shared", False))


def _too_many(order: list[bytes], known: dict[bytes, bytes], most: int, now: float) -> list[str]:
    """Return ids of what has expired, and of what was unused for longest until the rest has room; the newest stays."""
    about: dict[bytes, ShelfEntry] = {name: orjson.loads(text) for name, text in known.items()}
    gone = [name for name, entry in about.items() if entry["until"] <= now]
    total = sum(entry["bytes"] for name, entry in about.items() if name not in gone)
    for name in order[:-1]:
        if total <= most:
            break
        if name in about and name not in gone:
            gone.append(name)
            total -= about[name]["bytes"]
    return [name.decode() for name in gone]
