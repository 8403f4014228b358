"""Both stores, each empty: SQLite in a folder of its own, and a real Redis."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from redis import Redis

from cnn_server.runs.redis_store import RedisRunStore
from cnn_server.runs.sqlite_store import SQLiteRunStore
from cnn_server.runs.store import RunStore

from .support import RedisServer, redis_server


@pytest.fixture(scope="session")
def redis(tmp_path_factory) -> Iterator[RedisServer]:
    with redis_server(tmp_path_factory.mktemp("redis")) as server:
        yield server


@pytest.fixture(params=["sqlite", "redis"])
def store(request, tmp_path) -> Iterator[RunStore]:
    if request.param == "sqlite":
        opened: RunStore = SQLiteRunStore(tmp_path)
    else:
        server = request.getfixturevalue("redis")
        with Redis.from_url(server.url) as connection:
            connection.flushall()
        opened = RedisRunStore(server.url)
    yield opened
    opened.close()


@pytest.fixture
def sqlite(tmp_path) -> Iterator[SQLiteRunStore]:
    opened = SQLiteRunStore(tmp_path / "data")
    yield opened
    opened.close()
