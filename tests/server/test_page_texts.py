"""What the scripts of pages say: every language has every text, every text is used, and a page carries its own."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from cnn_engine.wording import unbroken
from cnn_engine.words import ENGLISH
from cnn_server import create_app, page_texts
from cnn_server.languages import CATALOGUES
from cnn_server.pages import LOADED, modules, reachable
from tests.pseudo_texts import assert_said

SCRIPTS = Path(__file__).resolve().parents[2] / "static" / "js"
CARRIED = re.compile(r'<script type="application/json" data-role="words">(.*?)</script>', re.DOTALL)
READY = [page.path for page in LOADED.values() if page.path.startswith("/") and page.group]


def used(*names: str) -> set[str]:
    return set().union(*(page_texts.used((SCRIPTS / name).read_text("utf-8")) for name in names))


def all_scripts() -> list[str]:
    return [path.relative_to(SCRIPTS).as_posix() for path in SCRIPTS.rglob("*.js")]


@pytest.mark.parametrize("code", CATALOGUES)
def test_a_language_lacks_nothing(code):
    assert page_texts.lacking(page_texts.texts(code), page_texts.texts(ENGLISH)) == []


def test_what_a_language_lacks_is_named():
    english = {"rows": "{count, plural, one {# row} other {# rows}}", "name": "{name}: {text}", "old": "Old"}
    other = {"rows": "{count} rangées", "name": "{text} : {name}", "new": "Neuf"}
    assert page_texts.lacking(other, english) == ["old: missing", "new: not in English", "rows: other places"]


def test_every_text_is_said_and_every_text_that_is_said_is_there():
    assert used(*all_scripts()) == page_texts.texts(ENGLISH).keys()


def test_no_two_texts_of_one_area_are_the_same():
    seen = [(id.rpartition(".")[0], text) for id, text in page_texts.texts(ENGLISH).items()]
    assert sorted(seen) == sorted(set(seen))


def test_no_share_that_was_measured_is_written_by_hand():
    assert [id for id, text in page_texts.texts(ENGLISH).items() if re.search(r"\d\s?%", text)] == []


def test_the_places_of_a_text():
    text = "{name} has {count, plural, one {# row} other {# rows}} and {name} none"
    assert page_texts.arguments(text) == {"name": False, "count": True}
    assert page_texts.arguments("none") == {}


def test_the_types_of_arguments_are_declared():
    texts = {"a": "none", "b.c": "{name} has {count, plural, one {# row} other {# rows}}"}
    assert page_texts.declarations(texts).splitlines() == [
        "export interface Texts {",
        '  "a": null;',
        '  "b.c": { name: string | number; count: number };',
        "}",
    ]


def test_every_brace_of_a_text_is_of_a_place():
    for id, text in page_texts.texts(ENGLISH).items():
        assert not set("{}#") & set(page_texts.PLACEHOLDER.sub("", text)), id
        assert all("other {" in forms for _, forms in page_texts.PLACEHOLDER.findall(text) if forms), id


@pytest.mark.parametrize("page", LOADED.values(), ids=LOADED)
def test_what_a_page_may_load_includes_what_it_loads_at_once_and_no_other_page(page):
    reached, own = set(reachable(SCRIPTS, page)), set(modules(SCRIPTS, *page.entry, *page.later))
    assert own <= reached
    others = {name for other in LOADED.values() for name in (*other.entry, *other.later)}
    assert not (reached - own) & others


@pytest.fixture(scope="module")
def client():
    return create_app({"PSEUDO_LANGUAGE": True}).test_client()


@pytest.mark.parametrize("path", READY)
def test_a_page_carries_what_its_scripts_say_in_its_language(client, path):
    english, other = (json.loads(CARRIED.findall(client.get(f"{path}?lang={code}").text)[0]) for code in ("en", "qps"))
    assert english.keys() == other.keys()
    assert english == {id: unbroken(page_texts.texts(ENGLISH)[id]) for id in english}
    for id, text in english.items():
        assert_said(text, other[id])


def test_a_page_carries_no_text_of_another(client):
    home, training = (json.loads(CARRIED.findall(client.get(path).text)[0]) for path in ("/", "/training"))
    assert "training.learns" in training
    assert "training.learns" not in home


def test_a_bundled_page_carries_the_texts_of_every_module_that_it_may_load(bundled):
    pages = json.loads((bundled / "manifest.json").read_bytes())["pages"]
    for name, page in LOADED.items():
        made = pages[name]
        assert used(*made["first"]["modules"], *made["later"]["modules"]) <= used(*reachable(SCRIPTS, page)), name
