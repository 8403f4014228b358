"""Every claim of docs/claims.md has a link that can be followed, and shows what it says it shows: no refusal."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

from .reading import follow

CLAIMS = (Path(__file__).resolve().parents[2] / "docs" / "claims.md").read_text("utf-8")
LINKS = list(dict.fromkeys(re.findall(r"\]\((/[^)]+)\)", CLAIMS)))
LEADS = {"at=": "[data-role=crumbs]", "why=": "[data-role=equation]", "learns=": "[data-role=learned-layer]"}
PAGES = sorted({link.partition("#")[0] for link in LINKS})


def test_there_are_claims_for_every_operation():
    assert len(LINKS) > 40
    assert len(PAGES) == 14


def test_the_page_of_the_claims_fits_and_leads_to_a_picture(open_page, check_axe):
    page = open_page("/claims", width=1366, height=768)
    for width, height in ((1366, 768), (1024, 768), (390, 844)):
        page.set_viewport_size({"width": width, "height": height})
        assert page.evaluate("document.documentElement.scrollWidth") == width
        if width != 1024:
            check_axe(page, both=width == 1366)
    page.get_by_role("link", name="Pooling", exact=True).first.click()
    link = page.get_by_role("link", name="the winner", exact=True)
    expect(page.get_by_role("heading", name="Pooling")).to_be_in_viewport()
    link.click()
    expect(page.locator("[data-role=count]")).to_have_text("Step 4 of 9")


# Whether something is refused, and which step of how many there is, or whether the network that waits can be started.
SHOWN = """() => [
  document.querySelector("[data-role=message]").checkVisibility(),
  document.querySelector("[data-role=count]")?.textContent ?? !document.querySelector(".button.go").disabled,
]"""
UNPAINTED = "document.documentElement.style.visibility = 'hidden'"


@pytest.mark.parametrize("path", [path for path in PAGES if path != "/explorer"])
def test_every_link_of_a_page_shows_what_it_says(open_page, path):
    page = open_page(path)
    page.evaluate(UNPAINTED)
    for link in (link for link in LINKS if link.partition("#")[0] == path):
        follow(page, link)
        is_refused, shown = page.evaluate(SHOWN)
        assert not is_refused, link
        step = re.search(r"step=(\d+)", link)
        assert shown is True or shown.startswith(f"Step {int(step[1]) + 1 if step else 1} of"), link


def test_a_link_to_a_network_that_cannot_be_started_is_told_apart(open_page):
    page = open_page("/training")
    follow(page, "/training#batch=1&epochs=160")
    assert page.evaluate(SHOWN)[1] is False


def test_every_link_to_the_explorer_shows_what_it_says(open_page):
    page = open_page("/explorer", width=390, height=844)  # where all that a link leads to is far down
    for link in (link for link in LINKS if link.startswith("/explorer")):
        follow(page, link)
        expect(page.locator("[data-role=answer]"), link).to_contain_text("The network answers")
        expect(page.locator("[data-role=message]"), link).to_be_hidden()
        for chosen, part in LEADS.items():
            if chosen in link:
                expect(page.locator(part), link).to_be_in_viewport()
