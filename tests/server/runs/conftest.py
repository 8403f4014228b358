"""Both stores, each empty: SQLite in a folder of its own, and a real Redis."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask_openapi3.openapi import OpenAPI
from redis import Redis

from cnn_server import create_app
from cnn_server.runs.redis_store import RedisRunStore
from cnn_server.runs.slots import RunLimits
from cnn_server.runs.sqlite_store import SQLiteRunStore
from cnn_server.runs.store import RunStore
from cnn_server.runs.worker import Worker

from .support import RedisServer, redis_server


@pytest.fixture(scope="session")
def redis(tmp_path_factory) -> Iterator[RedisServer]:
    if sys.platform == "win32":
        pytest.skip("there is no redis-server for Windows")
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


@pytest.fixture
def make_app(tmp_path) -> Iterator[Callable[..., OpenAPI]]:
    """An application with a data folder of its own and no worker processes; a second one shares the folder."""
    made: list[OpenAPI] = []

    def make(**config: Any) -> OpenAPI:
        made.append(create_app({"DATA_DIR": str(tmp_path / "data"), "RUN_WORKERS": 0, **config}))
        return made[-1]

    yield make
    for app in made:
        app.extensions["runs"].stop()


@pytest.fixture
def app(make_app) -> OpenAPI:
    return make_app()


@pytest.fixture
def worker() -> Iterator[Callable[..., None]]:
    """Starts a worker for an application, in a thread."""
    stop, threads = threading.Event(), []

    def start(app: OpenAPI, name: str = "worker") -> None:
        worker = Worker(app.extensions["runs"].store(), RunLimits.of(app.config), name)
        threads.append(threading.Thread(target=worker.work, args=(stop,)))
        threads[-1].start()

    yield start
    stop.set()
    for thread in threads:
        thread.join()
