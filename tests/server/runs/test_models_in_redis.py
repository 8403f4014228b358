"""Models in Redis: one person keeps so many, and one that is asked counts as used."""

from __future__ import annotations

import pytest
from redis import Redis

from cnn_server.kept_files import Rules
from cnn_server.models import Models
from cnn_server.redis_shelf import RedisShelf
from cnn_server.runs.store import StoreError
from tests.engine.models.cases import PAPER


@pytest.fixture
def connection(redis):
    with Redis.from_url(redis.url) as opened:
        opened.flushall()
        yield opened


def test_one_person_keeps_no_more_than_their_share(redis, connection):
    models = Models(RedisShelf(redis.url, "model", Rules(3600, 10**9, 2)), 1)
    for name in ("a", "b"):
        models.add(name, PAPER, "ada")
    with pytest.raises(StoreError, match="You keep 2 models already"):
        models.add("c", PAPER, "ada")
    models.add("d", PAPER, "bob")
    models.drop("a")
    models.add("e", PAPER, "ada")
    assert {model["id"] for model in models.listed_for("ada")} == {"b", "e"}


def test_one_that_is_shared_is_in_the_list_of_everybody(redis, connection):
    models = Models(RedisShelf(redis.url, "model", Rules(3600, 10**9, 9)), 1)
    for name in ("a", "b"):
        models.add(name, PAPER, "ada")
    models.share("a", True)
    models.share("gone", True)
    assert [(model["id"], model["mine"], model["shared"]) for model in models.listed_for("bob")] == [("a", False, True)]
    assert [model["id"] for model in models.listed_for("ada")] == ["b", "a"]
    models.share("a", False)
    assert list(models.listed_for("bob")) == []
    assert models.owner_of("a") == "ada"


def test_one_that_is_asked_from_memory_counts_as_used(redis, connection):
    models = Models(RedisShelf(redis.url, "model", Rules(3600, 10**9, 9)), 1)
    for name in ("a", "b"):
        models.add(name, PAPER, "ada")
    assert models.find("a") is not None
    assert connection.zrange("convoscope:models", 0, -1) == [b"b", b"a"]


def test_one_that_is_deleted_while_it_is_being_shared_leaves_nothing(redis, connection, monkeypatch):
    shelf = RedisShelf(redis.url, "model", Rules(3600, 10**9, 9))
    shelf.keep("a", b"numbers", "ada")
    read = RedisShelf._entries

    def read_before_it_is_deleted(own):
        entries = read(own)
        own.drop("a")
        return entries

    with monkeypatch.context() as patched:
        patched.setattr(RedisShelf, "_entries", read_before_it_is_deleted)
        shelf.share("a", True)
    assert connection.keys("*") == []
