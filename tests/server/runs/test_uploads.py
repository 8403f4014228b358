"""Uploads in Redis: several web machines have one place for them, which is bounded and forgets."""

from __future__ import annotations

import time
from io import BytesIO

import numpy as np
import pytest
from PIL import Image
from redis import Redis

from cnn_engine.data.images import Picture
from cnn_server.images import MemoryImageStore, RedisImageStore, cost

from .support import redis_server

USED, ABOUT = "convoscope:images", "convoscope:images:about"
PICTURE = Picture(np.arange(6 * 5 * 3, dtype=np.uint8).reshape(6, 5, 3), (60, 50))
MB = 1024 * 1024


@pytest.fixture
def connection(redis):
    with Redis.from_url(redis.url) as opened:
        opened.flushall()
        yield opened


@pytest.fixture(params=["memory", "redis"])
def images(request):
    """A place for pictures of either kind, by how many of them it holds."""
    if request.param == "memory":
        return lambda most: MemoryImageStore(ttl=3600, max_bytes=most * cost(PICTURE))
    request.getfixturevalue("connection")
    url = request.getfixturevalue("redis").url
    return lambda most: RedisImageStore(url, ttl=3600, max_bytes=most * cost(PICTURE))


def upload(client, value=7):
    stream = BytesIO()
    Image.fromarray(np.full((40, 30, 3), value, np.uint8)).save(stream, "PNG")
    stream.seek(0)
    return client.post("/api/images", data={"file": (stream, "photo.png")})


def test_a_picture_comes_back_as_it_was(images):
    store = images(10)
    put = store.put(PICTURE)
    got = store.get(put.id)
    assert np.array_equal(got.picture.pixels, PICTURE.pixels)
    assert got.picture.pixels.dtype == np.uint8
    assert got.picture.original_size == (60, 50)
    assert 3590 <= got.expires_in <= put.expires_in == 3600
    assert store.get(put.id[:-1]) is None
    assert store.get("*") is None


def test_what_was_not_used_for_longest_makes_room(images):
    store = images(3)
    first, second, third = (store.put(PICTURE).id for _ in range(3))
    store.get(first)
    fourth = store.put(PICTURE).id
    assert [store.get(image_id) is not None for image_id in (first, second, third, fourth)] == [True, False, True, True]


def test_what_came_since_a_time_can_be_listed_and_dropped(images):
    store = images(10)
    early = store.put(PICTURE).id
    time.sleep(0.002)  # the clock moves on
    between = time.time()
    late = store.put(PICTURE).id
    assert store.made_since(between) == [late]
    assert set(store.made_since(0.0)) == {early, late}
    store.drop(late)
    store.drop("nothing")
    assert store.get(late) is None
    assert store.made_since(0.0) == [early]


def test_an_upload_to_one_machine_is_found_by_another(make_app, redis, connection):
    one, two = (make_app(REDIS_URL=redis.url).test_client() for _ in range(2))
    answer = upload(one)
    assert answer.status_code == 201
    image_id = answer.json["id"]
    found = two.get(f"/api/images/{image_id}").json
    assert found == {**answer.json, "expires_in": found["expires_in"]}
    maps = two.post("/api/feature-maps", json={"image": image_id, "kernels": [{"values": [[1, -1]]}]})
    assert maps.status_code == 200, maps.json


def test_redis_drops_each_upload_in_time_and_keeps_no_list_of_them(make_app, redis, connection):
    client = make_app(REDIS_URL=redis.url, IMAGE_TTL=90).test_client()
    image_id = upload(client).json["id"]
    for key in (f"convoscope:image:{image_id}", USED, ABOUT):
        assert 60_000 < connection.pttl(key) <= 90_000
    connection.delete(f"convoscope:image:{image_id}")  # as Redis does
    assert client.get(f"/api/images/{image_id}").status_code == 404
    about = connection.hget(ABOUT, image_id)
    connection.hset(ABOUT, image_id, about.replace(b'"until":', b'"until":0,"was":'))
    other = upload(client).json["id"]
    assert connection.hkeys(ABOUT) == [other.encode()] == connection.zrange(USED, 0, -1)


def test_a_redis_that_is_gone_or_full_is_told(make_app, tmp_path):
    with redis_server(tmp_path) as server:
        client = make_app(REDIS_URL=server.url).test_client()
        image_id = upload(client).json["id"]
        with Redis.from_url(server.url) as connection:
            connection.config_set("maxmemory", 1)
            full = upload(client)
            assert (full.status_code, full.content_type) == (507, "application/problem+json")
            assert "is full" in full.json["detail"]
            connection.config_set("maxmemory", 0)
        assert client.get(f"/api/images/{image_id}").status_code == 200
        server.stop()
        for answer in (upload(client), client.get(f"/api/images/{image_id}")):
            assert answer.status_code == 503
            assert answer.headers["Retry-After"]
            assert "Redis cannot be reached" in answer.json["detail"]
            assert str(server.port) not in answer.text
