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
def packed(monkeypatch) -> list[str]:
    """Which of the fast ways were taken."""
    taken: list[str] = []

    def noted(name, pack):
        return lambda data: taken.append(name) or pack(data)

    monkeypatch.setattr(compression, "FAST", {name: noted(name, pack) for name, pack in compression.FAST.items()})
    return taken


@pytest.mark.parametrize(
    ("accepted", "way"), [("gzip, deflate, br, zstd", "br"), ("gzip", "gzip"), ("br;q=0, gzip", "gzip")]
)
def test_a_large_answer_takes_the_fast_way(client, packed, accepted, way):
    plain = client.post("/api/trace/conv2d", json=LARGE)
    response = client.post("/api/trace/conv2d", json=LARGE, headers={"Accept-Encoding": accepted})
    assert packed == [way]
    assert response.headers["Content-Encoding"] == way
    assert "Accept-Encoding" in response.headers["Vary"]
    assert UNPACK[way](response.get_data()) == plain.get_data()
    assert int(response.headers["Content-Length"]) == len(response.get_data()) < len(plain.get_data()) * 0.6


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
