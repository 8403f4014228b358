"""Uploads live for an hour by the clock and as long as there is room."""

from __future__ import annotations

import numpy as np

from cnn_engine.data.images import Picture
from cnn_server.images import OVERHEAD, MemoryImageStore

PIXELS = 30 * 100 * 3
ONE = PIXELS + OVERHEAD


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def picture(value: int = 0) -> Picture:
    return Picture(np.full((30, 100, 3), value, np.uint8), (300, 1000))


def store(clock: Clock | None = None, pictures: int = 100) -> MemoryImageStore:
    return MemoryImageStore(ttl=3600, max_bytes=pictures * ONE, clock=clock or Clock())


def test_what_is_put_is_got():
    kept = store()
    put = kept.put(picture(7))
    got = kept.get(put.id)
    assert got is not None
    assert got.picture.pixels[0, 0, 0] == 7
    assert got.picture.original_size == (300, 1000)


def test_ids_cannot_be_guessed():
    kept = store()
    ids = {kept.put(picture()).id for _ in range(50)}
    assert len(ids) == 50
    assert min(map(len, ids)) >= 22  # 128 bits


def test_unknown_ids_have_nothing():
    assert store().get("nothing") is None


def test_a_picture_is_gone_after_an_hour_and_reading_does_not_prolong_it():
    clock = Clock()
    kept = store(clock)
    put = kept.put(picture())
    assert put.expires_in == 3600
    clock.now += 3599.0
    got = kept.get(put.id)
    assert got is not None
    assert got.expires_in == 1
    clock.now += 1.0
    assert kept.get(put.id) is None


def test_the_least_recently_used_makes_room():
    kept = store(pictures=2)
    first, second = kept.put(picture(1)), kept.put(picture(2))
    assert kept.get(first.id) is not None  # now the second is the one not used for longest
    third = kept.put(picture(3))
    assert kept.get(second.id) is None
    assert kept.get(first.id) is not None
    assert kept.get(third.id) is not None


def test_what_is_dropped_gives_its_room_back():
    clock = Clock()
    kept = store(clock, pictures=2)
    old = [kept.put(picture()), kept.put(picture())]
    clock.now += 3600.0
    new = [kept.put(picture()), kept.put(picture())]
    assert [kept.get(stored.id) for stored in old] == [None, None]
    assert all(kept.get(stored.id) for stored in new)


def test_a_picture_larger_than_the_room_is_kept_alone():
    kept = MemoryImageStore(ttl=3600, max_bytes=10)
    first = kept.put(picture())
    assert kept.get(first.id) is not None
    second = kept.put(picture())
    assert kept.get(first.id) is None
    assert kept.get(second.id) is not None
