"""Every claim of docs/claims.md has a link that can be followed, and shows what it says it shows: no refusal."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

CLAIMS = (Path(__file__).resolve().parents[2] / "docs" / "claims.md").read_text("utf-8")
LINKS = list(dict.fromkeys(re.findall(r"\]\((/[^)]+)\)", CLAIMS)))
PAGES = sorted({link.partition("#")[0] for link in LINKS})


def test_there_are_claims_for_every_operation():
    assert len(LINKS) > 40
    assert len(PAGES) == 11


@pytest.mark.parametrize("path", PAGES)
def test_every_link_of_a_page_shows_what_it_says(open_page, path):
    page = open_page(path)
    for link in (link for link in LINKS if link.partition("#")[0] == path):
        page.goto("about:blank")
        page.goto(link)
        page.wait_for_selector('html[data-ready="true"]', state="attached")
        expect(page.locator("[data-role=message]"), link).to_be_hidden()
        if path == "/training":
            expect(page.get_by_role("button", name="Start", exact=True), link).to_be_enabled()
            continue
        step = re.search(r"step=(\d+)", link)
        expect(page.locator("[data-role=count]")).to_contain_text(f"Step {int(step[1]) + 1 if step else 1} of")
