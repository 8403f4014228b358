"""Every page in the language that nobody speaks: no text was written past the languages, and none breaks a layout."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, Response

from cnn_engine.words.pseudo import FIRST, LAST
from cnn_server.pages import PAGES
from scripts.serving import serving, wait_until_ready

READY = [page.path for page in PAGES if page.ready]
FITS = "() => document.documentElement.scrollWidth === document.documentElement.clientWidth"
# What a person reads, in the order of the page, and what is read out besides; code and formulas are no words.
TEXTS = """() => {
  const silent = "script, style, template, math, kbd, pre, textarea, code, .address";
  const texts = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) if (!walker.currentNode.parentElement.closest(silent)) texts.push(walker.currentNode.data);
  for (const node of document.querySelectorAll("body *"))
    for (const name of ["aria-label", "title", "alt", "placeholder", "aria-valuetext"])
      if (node.hasAttribute(name)) texts.push(node.getAttribute(name));
  return texts;
}"""
CARRIED = """() => [...document.querySelectorAll("script[type='application/json']:not([data-role=words])")]
  .map((node) => node.textContent)"""
MARKED = re.compile(f"{FIRST}[^{FIRST}{LAST}]*{LAST}")
LETTERS = re.compile(r"[^\W\d_]{2}")
NAMES = ["Convoscope", "PyTorch", "Keras 3", "NumPy"]


@pytest.fixture(scope="module")
def pseudo_server(bundled: Path) -> Iterator[str]:
    """The address of a Convoscope that speaks the language of tests."""
    with serving({"BUNDLE_DIR": bundled, "RUN_WORKERS": 0, "PSEUDO_LANGUAGE": True}) as address:
        yield address


def strings(value: Any) -> Iterator[str]:
    """Every text in an answer of the API."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for part in value.values() if isinstance(value, dict) else value:
            yield from strings(part)


def unmarked(texts: list[str], spoken: list[str]) -> list[str]:
    """The lines, or their parts, outside of the marks and of what the API has said, where a step fills in `{...}`."""
    rest = "\n".join(texts)
    while MARKED.search(rest):
        rest = MARKED.sub("", rest)
    known = sorted({text.strip() for text in spoken if LETTERS.search(text)}, key=len, reverse=True)
    patterns = [re.sub(r"\\\{.*?\\\}", "[^\n]*?", re.escape(text)) for text in known]
    rest = re.sub("|".join(rf"(?<!\w)(?:{pattern})(?!\w)" for pattern in patterns), "", rest)
    return [line.strip() for line in rest.split("\n") if LETTERS.search(line)]


def answers_of(page: Page) -> list[str]:
    """The texts of what a page is answered, as long as it is open."""
    found: list[str] = []

    def keep(response: Response) -> None:
        if "/api/" in response.url and "json" in response.headers.get("content-type", ""):
            found.extend(strings(response.json()))

    page.on("response", keep)
    return found


def test_the_finder_finds_what_has_no_marks():
    assert unmarked(["⟦ä ", "⟦b⟧ c⟧ · 12", "⟦ä⟧ and", "3 × 4 s"], []) == ["and"]
    assert unmarked(["row 3, Input", "Inputs"], ["row {cell.0}", "Input"]) == ["Inputs"]


@pytest.mark.parametrize("path", READY)
def test_every_text_is_of_the_language_and_nothing_is_too_wide(new_context, pseudo_server, path):
    size = {"width": 390, "height": 844}
    page = new_context(base_url=pseudo_server, viewport=size, reduced_motion="reduce").new_page()
    answers = answers_of(page)
    page.goto(f"{path}?lang=qps")
    wait_until_ready(page)
    page.wait_for_load_state("networkidle")
    assert page.locator("html").get_attribute("lang") == "qps"
    page.wait_for_function(FITS)
    carried = [text for element in page.evaluate(CARRIED) for text in strings(json.loads(element))]
    assert unmarked(page.evaluate(TEXTS), [*NAMES, *answers, *carried]) == []
