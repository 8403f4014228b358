"""In which language pages are written: who chooses it, and that no text was written past the languages."""

from __future__ import annotations

import json
import re
from html.parser import HTMLParser
from io import BytesIO
from urllib.parse import unquote

import pytest
from PIL import Image

from cnn_engine.words import Message, language, say
from cnn_engine.words.pseudo import FIRST, pseudo
from cnn_server.application import create_app
from cnn_server.images import as_bytes, of_bytes
from cnn_server.pages import PAGES
from tests.pseudo_texts import assert_said
from tests.pseudo_texts import unmarked as still_unmarked

READY = [page.path for page in PAGES]
OTHERS = ["/classroom", "/stored", "/claims", "/nowhere"]
UNSPOKEN = {"script", "style", "kbd", "pre", "svg", "canvas"}
NAMES = {"Convoscope", "PyTorch", "Keras 3", "NumPy"}
ENGLISH = re.compile(r'<article [^>]*lang="en">.*?</article>', re.DOTALL)  # content that is English everywhere
READ_OUT = ("aria-label", "title", "alt", "placeholder", "data-asks", "data-uploads")


class Texts(HTMLParser):
    """Collect every text of a page that a person reads or hears."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self.silent: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in UNSPOKEN:
            self.silent.append(tag)
        self.found += [value for name, value in attrs if name in READ_OUT and value]

    def handle_endtag(self, tag: str) -> None:
        if self.silent and self.silent[-1] == tag:
            self.silent.pop()

    def handle_data(self, data: str) -> None:
        if not self.silent:
            self.found.append(data)


def unmarked(html: str) -> list[str]:
    """The texts, or their parts, that stand outside of the marks."""
    texts = Texts()
    texts.feed(ENGLISH.sub("", html))
    return still_unmarked(texts.found, NAMES)


@pytest.fixture(scope="module")
def client():
    return create_app({"PSEUDO_LANGUAGE": True}).test_client()


def html_of(client, path: str, **headers: str) -> str:
    return client.get(path, headers={"Accept": "text/html", **headers}).get_data(as_text=True)


@pytest.mark.parametrize("path", [*READY, *OTHERS])
def test_no_text_of_a_page_was_written_past_the_languages(client, path):
    html = html_of(client, f"{path}?lang=qps")
    assert '<html lang="qps">' in html
    assert unmarked(html) == []


def test_the_finder_finds_a_text_that_has_no_marks():
    assert unmarked('<p>⟦ä⟧ and <b title="of note">⟦ö⟧</b></p>') == ["and", "of note"]


def test_the_address_comes_before_the_choice_and_the_choice_before_the_browser(client):
    def spoken(address: str, cookie: str, header: str) -> str:
        client.set_cookie("lang", cookie)
        html = html_of(client, f"/stored?lang={address}", **{"Accept-Language": header})
        client.delete_cookie("lang")
        return "qps" if '<html lang="qps">' in html else "en"

    assert spoken("qps", "en", "en") == "qps"
    assert spoken("xx", "qps", "en") == "qps"
    assert spoken("", "xx", "xx, qps;q=0.5") == "qps"
    assert spoken("", "", "xx") == "en"


def test_the_language_of_tests_is_never_offered_to_people():
    people = create_app().test_client()
    response = people.get("/stored?lang=qps", headers={"Accept": "text/html", "Accept-Language": "qps"})
    assert b'<html lang="en">' in response.data
    assert FIRST not in response.get_data(as_text=True)


def test_caches_and_etags_know_the_language(client):
    english, other = (client.get("/", headers={"Accept-Language": code}) for code in ("en", "qps"))
    assert {"Accept-Language", "Cookie"} <= set(english.vary)
    assert english.headers["ETag"] != other.headers["ETag"]
    again = client.get("/", headers={"Accept-Language": "qps", "If-None-Match": other.headers["ETag"]})
    assert again.status_code == 304


@pytest.mark.parametrize("path", ["/operations/convolution", "/training"])
def test_a_browser_asks_ahead_only_in_the_language_of_the_page(client, path):
    assert 'rel="preload"' in html_of(client, path)
    assert 'rel="preload"' in html_of(client, path, **{"Accept-Language": "qps"})
    assert 'rel="preload"' not in html_of(client, f"{path}?lang=qps")
    assert 'rel="preload"' not in html_of(client, f"{path}?lang=en", **{"Accept-Language": "qps"})


def test_what_has_a_name_is_called_by_it_in_the_language_of_the_request(client):
    for path, part in (("/api/presets", "kernels"), ("/api/catalogue", "layers")):
        english, other = (client.get(path, headers={"Accept-Language": code}).get_json() for code in ("en", "qps"))
        assert [one["title"] for one in other[part]] == [pseudo(one["title"]) for one in english[part]]
        assert [one["name"] for one in other[part]] == [one["name"] for one in english[part]]


def test_what_is_said_of_a_number_beyond_its_maximum_is_in_the_language_of_the_request(client):
    english, other = (
        client.get("/api/catalogue", headers={"Accept-Language": code}).get_json() for code in ("en", "qps")
    )

    def rules(catalogue):
        rows = [row for group in catalogue.values() for row in group]
        options = [option for row in rows for option in row.get("parameters", [row])]
        return {option["rule"] for option in options if "rule" in option}

    assert "must be a probability from 0 to 1" in rules(english)
    assert rules(other) == set(map(pseudo, rules(english)))


def test_what_is_to_be_said_of_a_photo_is_in_the_language_of_the_request(client, encoded):
    data = encoded(Image.new("RGB", (4, 4), "red"), icc_profile=b"nonsense" * 40)

    def sent(**headers):
        photo = {"file": (BytesIO(data), "a.png")}
        return client.post("/api/images", data=photo, headers=headers, content_type="multipart/form-data")

    note = pseudo(sent().json["note"])
    assert sent(**{"Accept-Language": "qps"}).json["note"] == note
    answer = sent(**{"Accept-Language": "qps", "Accept": "application/octet-stream"})
    assert unquote(answer.headers["X-Image-Note"]) == note
    assert {"Accept-Language", "Cookie"} <= set(answer.vary)


def test_what_a_schedule_counts_is_in_the_language_of_the_page(client):
    carried = re.search(r'data-role="choices">(.*?)</script>', client.get("/training?lang=qps").text)
    assert json.loads(carried[1])["units"] == {"epoch": pseudo("epoch"), "step": pseudo("step")}


def test_a_photo_that_was_kept_with_the_text_of_its_note_still_has_it():
    about = b'{"shape":[1,1,3],"about":{"original_size":[2,1],"note":"Its end is missing."}}'
    picture = of_bytes(about + b"\n" + bytes(3))
    assert (picture.note, picture.original_size) == ("Its end is missing.", (2, 1))
    assert of_bytes(as_bytes(picture)).notes == picture.notes


def test_what_a_model_is_called_and_where_it_comes_from_is_in_the_language_of_the_request(client):
    def described(path, code):
        return client.get(path, headers={"Accept-Language": code}).json

    for one, two in zip(described("/api/models", "en"), described("/api/models", "qps"), strict=True):
        assert_said(one["name"], two["name"])
        assert_said(one["source"], two["source"])
    change = {"parameter": "0.bias", "index": [0], "value": 2}
    path = client.post("/api/models", json={"model": "digits", "changes": [change]}).headers["Location"]
    assert described(path, "en")["name"] == "Digits (bent)"
    assert still_unmarked(described(path, "qps")[what] for what in ("name", "source")) == []


def test_what_is_said_of_parameters_and_columns_is_in_the_language_of_the_request(client):
    english, other = (
        client.get("/api/catalogue", headers={"Accept-Language": code}).get_json()["operations"]
        for code in ("en", "qps")
    )
    for one, two in zip(english, other, strict=True):
        assert_said(one["title"], two["title"])
        assert [part["title"] for part in two["parameters"]] == [pseudo(part["title"]) for part in one["parameters"]]
        assert [part["what"] for part in two["columns"]] == [pseudo(part["what"]) for part in one["columns"]]
        assert [part["axes"] for part in two["columns"]] == [list(map(pseudo, part["axes"])) for part in one["columns"]]
        assert [part["name"] for part in two["columns"]] == [part["name"] for part in one["columns"]]


@pytest.mark.parametrize(
    ("text", "kept"),
    [("Stop <b>now</b>", "<b>"), ("%(count)s days", "%(count)s"), ("a &amp; b", "&amp;"), ("{name} moves", "{name}")],
)
def test_what_is_no_word_is_kept(text, kept):
    assert kept in pseudo(text)
    assert len(pseudo(text)) > len(text)


def test_english_that_is_passed_as_an_argument_shows_without_marks():
    wrong, right = (
        {"name": "p", "value": 2, "rule": rule} for rule in ("is more than 1", Message("parts.must_be_a_share", {}))
    )
    assert still_unmarked([say(Message("errors.breaks_rule", wrong), "qps")]) == ["p 2 is more than 1"]
    assert still_unmarked([say(Message("errors.breaks_rule", right), "qps")], ["p 2"]) == []


def test_every_sentence_of_the_engine_has_the_same_id_in_each_language():
    assert language("qps").keys() == language("en").keys()


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/api/trace/conv2d", {"input": [[1, 2], [3, 4]], "weight": [[1]], "flip_kernel": True}),
        ("/api/trace/cross_entropy", {"input": [1, 2], "target": 0}),
    ],
)
def test_sentences_of_an_answer_are_in_the_language_of_the_request(client, path, body):
    answer = client.post(path, json=body, headers={"Accept-Language": "qps"}).get_json()
    english = client.post(path, json=body).get_json()
    assert all(sentence.startswith(FIRST) for sentence in answer["steps"]["description"])
    for one, two in zip(english["steps"]["description"], answer["steps"]["description"], strict=True):
        assert_said(one, two)
    if "comparison" in english:
        assert_said(english["comparison"]["description"], answer["comparison"]["description"])


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/api/trace/conv2d", {"input": [[1, 2], [3, 4]], "weight": [[1]], "stride": 0}),
        ("/api/trace/max_pool2d", {"input": [[1, 2], [3, 4]], "kernel_size": 5}),
    ],
)
def test_a_refusal_of_the_engine_is_in_the_language_of_the_request(client, path, body):
    refused = client.post(path, json=body, headers={"Accept-Language": "qps"})
    english = client.post(path, json=body)
    assert refused.status_code == english.status_code == 422
    assert_said(english.get_json()["errors"][0]["message"], refused.get_json()["errors"][0]["message"])
    assert refused.get_json()["errors"][0]["field"] == english.get_json()["errors"][0]["field"]


def test_what_a_page_asks_for_is_in_the_language_of_the_page_whatever_the_browser_keeps(client):
    client.set_cookie("lang", "en")
    body = {"input": [1, -1]}
    answer = client.post("/api/trace/relu", json=body, headers={"Accept-Language": "qps"}).get_json()
    client.delete_cookie("lang")
    assert answer["steps"]["description"][0].startswith(FIRST)


def test_titles_of_operations_are_in_the_language_of_the_request(client):
    rows = client.get("/api/catalogue", headers={"Accept-Language": "qps"}).get_json()["operations"]
    assert all(row[name].startswith(FIRST) for row in rows for name in ("title", "summary"))
    assert rows[0]["title"] == pseudo("Convolution")
