"""The data folder is full or may only be read: the page says so, and what is there stays there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from scripts.serving import serving
from tests.server.runs.support import Fault

from .reading import answered, button
from .test_training import TINY, expect_state, sentence, start


@pytest.fixture
def fault(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Fault:
    return Fault(tmp_path, monkeypatch)


def test_a_place_that_cannot_be_written_to_is_told_and_loses_nothing(open_page, complaints, tmp_path, fault):
    with serving({"DATA_DIR": str(tmp_path), "RUN_WORKERS": 0}) as address:
        page: Page = open_page(f"{address}/training#{TINY}", width=390, height=844)
        run = start(page)
        expect(sentence(page)).to_contain_text("place 1 in the queue")
        message = page.locator("[data-role=message]")
        fault.make("read-only")
        expect(sentence(page)).to_contain_text("cannot be written to")
        expect(sentence(page)).to_contain_text("This run waits, keeps what it has learned")
        button(page, "Stop").click()
        expect(message).to_contain_text("cannot be written to")
        page.get_by_role("button", name=re.compile("^Delete ")).click()
        with answered(page, "", "DELETE") as refused:
            page.get_by_role("button", name=re.compile("^Delete .* for good$")).click()
        assert refused.value.status == 503
        expect_state(page, "queued")
        expect(page.locator("[data-role=own-runs] li")).to_have_count(1)
        assert run in page.url
        fault.mend()
        expect(sentence(page)).to_contain_text("place 1 in the queue")
        fault.make("full")
        status = 201
        while status == 201:  # what is there has room for some rows more
            with answered(page, "/api/runs", "POST") as started:
                button(page, "Restart").click()
            status = started.value.status
        expect(message).to_contain_text("is full: nothing more can be written there")
        assert page.evaluate("document.documentElement.scrollWidth") == 390  # the folder's path is longer than a line
        page.close()
    assert complaints
    assert all("503" in complaint or "507" in complaint for complaint in complaints)
    complaints.clear()
