"""Words of the trade: each is explained once on a page, where it first stands."""

from __future__ import annotations

import re

import pytest

from cnn_server.glossary import TERMS, Glossary
from cnn_server.pages import PAGES

OPERATIONS = [page.path for page in PAGES if page.group == "operations"]
BUTTON = re.compile(
    r'<button type="button" class="term" popovertarget="([\w-]+)">([^<]+)</button><span popover id="\1"'
)


def test_the_first_time_and_in_sentences_alone():
    marked = Glossary().mark("<h2>Kernels</h2><p>Two kernels, a <b>kernel</b> and a Kernel.</p>")
    assert [found[1] for found in BUTTON.findall(marked)] == ["kernels"]
    assert marked.startswith('<h2>Kernels</h2><p>Two <span class="kept"><button')
    assert marked.endswith("</span>,</span> a <b>kernel</b> and a Kernel.</p>")


def test_no_line_begins_with_what_closes_a_word():
    marked = Glossary().mark("<p>With each weight: a kernel (its filter). A stride it is.</p>")
    kept = re.findall(r'<span class="kept"><button[^>]*>([^<]+)</button>.*?</span>([.,;:)]+)</span>', marked)
    assert kept == [("weight", ":"), ("filter", ").")]


def test_the_longest_word_counts_and_parts_of_words_do_not():
    marked = Glossary().mark("<p>A feature map is no featurette; cross-correlation is a word of its own.</p>")
    assert [found[0] for found in BUTTON.findall(marked)] == ["term-feature-map", "term-cross-correlation"]


def test_definitions_are_escaped_and_short():
    for term in TERMS:
        assert 20 <= len(term.definition) <= 130, term.word
        assert term.definition.endswith(".")
        assert not re.search(r"[<>&]", term.definition)


@pytest.mark.parametrize("path", OPERATIONS)
def test_a_page_explains_its_words_once_each(client, path):
    html = client.get(path).get_data(as_text=True)
    ids = [found[0] for found in BUTTON.findall(html)]
    assert len(ids) >= 4
    assert len(ids) == len(set(ids))
    description = re.search(r'<meta name="description" content="([^"]*)"', html)
    assert description
    assert "button" not in description[1]


def test_every_word_stands_on_some_page(client):
    pages = "".join(client.get(page.path).get_data(as_text=True) for page in PAGES)
    assert {term.id for term in TERMS} == {found[0] for found in BUTTON.findall(pages)}
