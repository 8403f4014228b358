"""Static files: kept for good under the hash of all of them, asked for again without it."""

from __future__ import annotations

import base64
import gzip
import html
import json
import os
import re
import shutil
import zlib
from pathlib import Path

import brotli
import pytest

from cnn_engine.words.pseudo import CODE as PSEUDO
from cnn_server import application, create_app
from cnn_server.pages import LOADED, PAGES, modules

STATIC = Path(__file__).resolve().parents[2] / "static"
READY = [page.path for page in PAGES]
ADDRESS = re.compile(r'(?:href|src)="(/static/[^"]+)"')
UNPACK = {"br": brotli.decompress, "gzip": gzip.decompress}


@pytest.fixture(scope="module")
def bundled_client(bundled):
    """A client of an application whose pages are bundled, in every language."""
    return create_app({"BUNDLE_DIR": bundled, "PSEUDO_LANGUAGE": True}).test_client()


@pytest.fixture(scope="module")
def client():
    """A client of the checkout, one for all: nothing here changes it."""
    return create_app().test_client()


def version(client) -> str:
    return ADDRESS.findall(client.get("/").text)[0].split("/")[2]


@pytest.fixture
def checkout(tmp_path, monkeypatch):
    """A client of a copy of the checkout whose files a test may change."""
    shutil.copytree(STATIC, tmp_path / "static")
    shutil.copytree(STATIC.parent / "templates", tmp_path / "templates")
    monkeypatch.setattr(application, "HERE", tmp_path / "cnn_server")
    return create_app().test_client()


@pytest.mark.parametrize("path", READY)
@pytest.mark.parametrize("kind", ["plain", "bundled"])
def test_whatever_a_page_loads_is_kept_for_good(client, request, path, kind):
    if kind == "bundled":
        client = request.getfixturevalue("bundled_client")
    addresses = ADDRESS.findall(client.get(path).text)
    assert len(addresses) > 4
    for address in addresses:
        answer = client.get(address)
        assert answer.status_code == 200, address
        assert answer.headers["Cache-Control"] == "max-age=31536000, immutable"


@pytest.mark.parametrize("path", ["favicon.svg", "js/api.js", "css/layout.css"])
def test_the_same_file_without_a_hash_is_asked_for_again(client, path):
    with_hash, without = client.get(f"/static/{version(client)}/{path}"), client.get(f"/static/{path}")
    assert without.headers["Cache-Control"] == "no-cache"
    assert without.data == with_hash.data == (STATIC / path).read_bytes()
    assert without.mimetype == with_hash.mimetype


def test_a_page_from_before_an_update_finds_its_parts_and_nobody_keeps_them(client):
    answer = client.get("/static/0123456789ab/js/mending.js")
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "no-cache"
    assert client.get("/static/0123456789ab/js/nothing.js").status_code == 404
    assert client.get(f"/static/{version(client)}/js/nothing.js").status_code == 404


def test_a_file_that_changes_changes_every_address(checkout, tmp_path):
    before = version(checkout)
    assert version(checkout) == before
    file = tmp_path / "static" / "js" / "api.js"
    file.write_text(file.read_text() + "// changed\n")
    after = version(checkout)
    assert after != before
    assert checkout.get(f"/static/{after}/js/api.js").data == file.read_bytes()
    assert checkout.get(f"/static/{before}/js/api.js").headers["Cache-Control"] == "no-cache"


def test_a_file_that_is_only_touched_changes_no_address(checkout, tmp_path):
    before = version(checkout)
    os.utime(tmp_path / "static" / "js" / "api.js", (1, 1))
    assert version(checkout) == before


@pytest.mark.parametrize(("accepted", "way"), [("gzip, deflate, br, zstd", "br"), ("gzip, deflate", "gzip")])
def test_texts_are_packed_once(client, accepted, way):
    headers = {"Accept-Encoding": accepted}
    first, second = (client.get("/static/js/stage.js", headers=headers) for _ in range(2))
    assert first.headers["Content-Encoding"] == way
    assert UNPACK[way](first.data) == (STATIC / "js" / "stage.js").read_bytes()
    assert second.data == first.data
    assert "Accept-Encoding" in first.headers["Vary"]


def test_a_bundled_page_loads_few_files(bundled_client):
    for path in READY:
        addresses = {name for name in ADDRESS.findall(bundled_client.get(path).text) if not name.endswith("theme.js")}
        assert {Path(name).suffix for name in addresses} == {".css", ".js", ".svg"}
        assert len(addresses) <= 5, path  # an icon, a style sheet, and scripts: for now, shared, later


def test_a_bundle_of_other_files_is_not_used(bundled, checkout, tmp_path):
    file = tmp_path / "static" / "css" / "layout.css"
    file.write_text(file.read_text() + "/* changed */")
    page = create_app({"BUNDLE_DIR": bundled}).test_client().get("/operations/convolution").text
    assert "/bundled/" not in page
    assert "/js/operation.js" in page


DATA = re.compile(
    r'<script type="application/json" data-request="([^"]*)"(?: data-headers="([^"]*)")?>(.*?)</script>', re.DOTALL
)


@pytest.mark.parametrize("path", READY)
@pytest.mark.parametrize("tongue", ["en", PSEUDO])
def test_an_answer_that_comes_with_a_page_is_the_one_of_the_api(bundled_client, path, tongue):
    headers = {"Accept-Language": tongue}
    for request, given, answer in DATA.findall(bundled_client.get(path, headers=headers).text):
        method, address, accept, body = html.unescape(request).split(" ", 3)
        requested = {"data": body, "content_type": "application/json", "headers": headers | {"Accept": accept}}
        own = bundled_client.open(address, method=method, **requested)
        if given:
            assert zlib.decompress(base64.b64decode(answer)) == own.data
            assert json.loads(html.unescape(given)).items() <= dict(own.headers).items()
        else:
            assert json.loads(answer) == own.json
        assert "<" not in answer


def test_the_picture_that_a_wall_opens_with_is_the_first_of_all_and_comes_with_the_page(bundled_client):
    page = bundled_client.get("/feature-maps").text
    (request,) = (html.unescape(request) for request, given, _ in DATA.findall(page) if given)
    first = bundled_client.get("/api/presets").json["images"][0]
    assert json.loads(request.split(" ", 3)[3])["image"] == first["name"]
    assert f'<link rel="preload" as="image" href="{first["url"]}">' in page


def test_every_page_comes_with_what_it_opens_with(bundled_client):
    found = {page.name: len(DATA.findall(bundled_client.get(page.path).text)) for page in PAGES}
    more = {"stride": 2, "padding": 2, "explorer": 2, "feature-maps": 2, "training": 4}
    assert found == {page.name: more.get(page.name, 1) for page in PAGES}


def test_the_scripts_of_every_page_are_there():
    for page in LOADED.values():
        for name in (*page.entry, *page.later):
            assert modules(STATIC / "js", name), name
        assert all((STATIC / "css" / f"{sheet}.css").is_file() for sheet in page.sheets)
