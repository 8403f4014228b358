"""A body is counted before it is parsed: nonsense of megabytes is refused for what it holds, in no time."""

from __future__ import annotations

import time

import pytest

from benchmarks.hostile.nonsense import NONSENSE_BODIES, keys
from cnn_server.schemas import reading

LESSON = b'"input": [[0, 1, 2], [3, 4, 5], [6, 7, 8]], "weight": [[0, 1], [2, 3]]'


def post(client, data: bytes, path: str = "/api/trace/conv2d"):
    return client.post(path, data=data, content_type="application/json")


def message(response) -> str:
    (fault,) = response.json["errors"]
    assert fault["field"] == "body"
    return fault["message"]


@pytest.mark.parametrize(
    ("name", "status", "words"),
    [
        ("empty lists", 413, "3,495,244 lists; one request may hold 262,144"),
        ("empty objects", 413, "values; one request may hold 1,000,000"),
        ("unknown keys", 422, "700,000 keys and texts"),
        ("unknown keys in an object", 422, "keys"),
        ("numbers", 413, "4,194,303 values"),
        ("depth", 413, "4,194,304 lists"),
        ("depth, again and again", 413, "lists"),
        ("brackets that are never closed", 413, "lists"),
        ("commas", 413, "values"),
        ("texts", 422, "texts"),
    ],
)
def test_a_crowd_is_refused_before_it_is_parsed(client, monkeypatch, name, status, words):
    monkeypatch.setattr(reading.orjson, "loads", lambda data: pytest.fail("it was parsed"))
    response = post(client, NONSENSE_BODIES[name]())
    assert response.status_code == status
    assert words in message(response)


@pytest.mark.parametrize("name", NONSENSE_BODIES)
def test_nonsense_is_answered_soon_and_in_few_words(client, name):
    data = NONSENSE_BODIES[name]()
    began = time.process_time()
    response = post(client, data)
    assert 400 <= response.status_code < 500
    assert len(response.json["errors"]) <= 20
    assert len(response.data) < 20_000
    assert time.process_time() - began < 5  # some hundredths of a second; a tenth on a busy machine


def test_objects_that_are_never_closed_are_counted_as_lists_are(client):
    response = post(client, b"{" * 300_000)
    assert response.status_code == 413
    assert "300,000 objects; one request may hold 262,144" in message(response)


def test_what_stands_in_texts_does_not_count(client):
    for text in (b"[{" * 300_000, b",:" * 600_000, b'\\"[' * 300_000, b"\\\\", b"]" * 2000):
        response = post(client, b'{"tensors": ["' + text + b'"], ' + LESSON + b"}")
        assert response.status_code == 422
        assert response.json["errors"][0]["field"] == "tensors"  # there is no tensor of this name


def test_a_text_does_not_hide_how_deep_a_body_is(client):
    nested = b'["]]]]", ' * 1200 + b"1" + b"]" * 1200
    assert "1,201 levels deep" in message(post(client, b'{"input": ' + nested + b"}"))


def test_the_counts_are_settings(make_client):
    assert post(make_client(), b"{" + LESSON + b"}").status_code == 200
    for limit in ("MAX_JSON_LISTS", "MAX_JSON_KEYS", "MAX_JSON_TEXTS", "MAX_JSON_ELEMENTS", "MAX_JSON_DEPTH"):
        assert post(make_client(**{limit: 1}), b"{" + LESSON + b"}").status_code >= 400


@pytest.mark.parametrize("path", ["/api/runs", "/api/architectures/check", "/api/architectures/snapshot"])
@pytest.mark.parametrize(
    ("change", "field"),
    [
        (b'"architecture": [{"layer": "conv2d", "kernel_size": [%s]}]' % b",".join([b"[]"] * 200_000), "architecture"),
        (b'"architecture": "%s"' % (b"x" * 1_000_000), "architecture"),
        (b'"architecture": [{"layer": "%s"}]' % (b"x" * 1_000_000), "architecture"),
        (b'"dataset_options": ' + keys(9_000), "dataset_options"),
        (b'"dataset_options": {"seed": ' + b"[" * 900 + b"]" * 900 + b"}", "dataset_options"),
        (b'"initialisation": "%s"' % (b"x" * 1_000_000), "initialisation"),
    ],
)
def test_an_option_holds_no_more_than_options_do(client, path, change, field):
    if b"initialisation" in change and path.endswith("check"):
        return
    rest = {b"architecture": b'"linear"', b"dataset": b'"digits"'} | (
        {b"optimizer": b'"sgd"'} if "runs" in path else {}
    )
    others = [b'"%s": %s' % pair for pair in rest.items() if not change.startswith(b'"%s"' % pair[0])]
    response = post(client, b"{" + b", ".join([*others, change]) + b"}", path)
    assert response.status_code == 422
    assert response.json["errors"][0]["field"] == field
    assert len(response.data) < 2_000
