"""Answers are compressed; large ones by the fastest way, so that a network would take longer to carry them."""

from __future__ import annotations

import zlib

import brotli
import numpy as np
import pytest

from cnn_server import compression

# 1 + 2 · 150 · 150 numbers and sentences a step: some megabytes
LARGE = {"input": np.arange(40_000).reshape(200, 200).tolist(), "weight": [[0.5] * 20] * 20, "tensors": []}
UNPACK = {"br": brotli.decompress, "gzip": lambda data: zlib.decompress(data, 16 + zlib.MAX_WBITS)}


@pytest.fixture
def packed(monkeypatch) -> list[tuple[str, int]]:
    """Which of the fast ways were taken, and how hard each tried."""
    taken: list[tuple[str, int]] = []

    def noted(name, pack):
        return lambda data, level: taken.append((name, level)) or pack(data, level)

    monkeypatch.setattr(compression, "WAYS", {name: noted(name, pack) for name, pack in compression.WAYS.items()})
    return taken


@pytest.mark.parametrize(
    ("accepted", "way"), [("gzip, deflate, br, zstd", "br"), ("gzip", "gzip"), ("br;q=0, gzip", "gzip")]
)
def test_a_large_answer_takes_the_fast_way(client, packed, accepted, way):
    plain = client.post("/api/trace/conv2d", json=LARGE)
    response = client.post("/api/trace/conv2d", json=LARGE, headers={"Accept-Encoding": accepted})
    assert packed == [(way, {"br": 0, "gzip": 1}[way])]
    assert response.headers["Content-Encoding"] == way
    assert "Accept-Encoding" in response.headers["Vary"]
    assert UNPACK[way](response.get_data()) == plain.get_data()
    assert int(response.headers["Content-Length"]) == len(response.get_data()) < len(plain.get_data()) * 0.6


@pytest.mark.parametrize("way", ["br", "gzip"])
def test_an_answer_to_a_drawing_is_packed_without_trying_hard(client, packed, way):
    """It takes a third of the time that the smallest takes, and a fifth more bytes."""
    drawing = np.zeros((1, 64, 64), int)
    drawing[0, np.arange(8, 56), np.arange(8, 56) // 2 + 9] = 1
    body, path = {"input": drawing.tolist(), "prepare": {}, "precision": "packed"}, "/api/models/digits/answer"
    plain = client.post(path, json=body)
    response = client.post(path, json=body, headers={"Accept-Encoding": way})
    assert packed == [(way, {"br": 1, "gzip": 3}[way])]
    assert UNPACK[way](response.get_data()) == plain.get_data()
    smallest = {"br": lambda data: brotli.compress(data, quality=5), "gzip": zlib.compress}[way](plain.get_data())
    assert len(response.get_data()) < 1.25 * len(smallest)


def test_who_takes_nothing_packed_gets_it_as_it_is(client, packed):
    response = client.post("/api/trace/conv2d", json=LARGE, headers={"Accept-Encoding": "identity"})
    assert "Content-Encoding" not in response.headers
    assert packed == []


def test_a_small_answer_is_made_as_small_as_it_goes(client, packed):
    response = client.get("/api/presets", headers={"Accept-Encoding": "br"})
    assert response.headers["Content-Encoding"] == "br"
    assert packed == []


@pytest.mark.parametrize("path", ["/operations/convolution", "/api/presets"])
@pytest.mark.parametrize("way", ["br", "gzip", "zstd"])
def test_what_the_client_has_is_not_packed_to_find_that_out(client, monkeypatch, path, way):
    headers = {"Accept-Encoding": way}
    first = client.get(path, headers=headers)
    assert first.headers["Content-Encoding"] == way
    monkeypatch.setattr("flask_compress.flask_compress._compress_data", None)
    second = client.get(path, headers={**headers, "If-None-Match": first.headers["ETag"]})
    assert second.status_code == 304
    assert second.headers["ETag"] == first.headers["ETag"]
    other = client.get(path, headers={"If-None-Match": '"0:br"', "Accept-Encoding": "identity"})
    assert other.status_code == 200
