"""Every page in the language that nobody speaks: no text was written past the languages, and none breaks a layout."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from cnn_engine.data.images import SAMPLES
from cnn_server.pages import PAGES
from scripts.serving import serving
from tests.pseudo_texts import unmarked

READY = [page.path for page in PAGES]
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
CREDITS = {sample.credit for sample in SAMPLES.values()}
NAMES = ("Convoscope", "PyTorch", "Keras 3", "NumPy", "eˣ", "w₀ − Δ")


@pytest.fixture(scope="module")
def pseudo_server(bundled: Path) -> Iterator[str]:
    """The address of a Convoscope that speaks the language of tests."""
    with serving({"BUNDLE_DIR": bundled, "RUN_WORKERS": 0, "PSEUDO_LANGUAGE": True}) as address:
        yield address


def test_the_finder_finds_what_has_no_marks():
    assert unmarked(["⟦ä ", "⟦b⟧ c⟧ · 12", "⟦ä⟧ and", "3 × 4 s", "NumPy"], ["NumPy"]) == ["and"]


@pytest.mark.parametrize("path", READY)
def test_every_text_is_of_the_language_and_nothing_is_too_wide(open_at, pseudo_server, path):
    page = open_at(pseudo_server, f"{path}?lang=qps", 390, 844)
    assert page.locator("html").get_attribute("lang") == "qps"
    page.wait_for_function(FITS)
    assert unmarked(page.evaluate(TEXTS), {*NAMES, *CREDITS}) == []
