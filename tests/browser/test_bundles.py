"""Bundled pages, as a wheel and `make serve` have them: what they load, and that every part of them works."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest

from cnn_server.pages import PAGES
from scripts.serving import wait_until_ready

READY = [page.path for page in PAGES]
COLD, AGAIN = 14, 4  # requests of a page: for the first time, and when it is visited again
VISITED = list({page.template: page.path for page in reversed(PAGES)}.values())  # again: the first of each kind


def requests(page, path: str) -> int:
    """How often a load asks the server for something; what the browser has kept comes in no bytes."""
    session = page.context.new_cdp_session(page)
    sizes: list[float] = []
    session.send("Network.enable")
    session.on("Network.loadingFinished", lambda event: sizes.append(event["encodedDataLength"]))
    page.goto(path)
    wait_until_ready(page)
    page.wait_for_load_state("networkidle")
    session.detach()
    return sum(size > 0 for size in sizes)


def calls_of(page) -> list[str]:
    """The paths of the API that a page asks for, as they come."""
    calls: list[str] = []

    def note(request) -> None:
        path = urlsplit(request.url).path
        if path.startswith("/api/") and "/images/" not in path:
            calls.append(path)

    page.on("request", note)
    return calls


# What comes with no page: one's own runs are nobody else's, and the maps of a photo are bytes.
ASKED = {"/training": ["/api/runs"], "/feature-maps": ["/api/feature-maps"]}
OPERATIONS = [page.path for page in PAGES if page.template == "operation.html" and page.name != "optimizers"]


@pytest.mark.parametrize("path", READY)
def test_a_page_asks_for_little_and_when_visited_again_for_next_to_nothing(new_context, path):
    """That whatever each page loads is kept for good is a test of the server."""
    page = new_context().new_page()
    calls = calls_of(page)
    cold = requests(page, path)
    if path in ASKED:
        assert calls == ASKED[path]
    if path in OPERATIONS:  # which opens with the answer that came with its page
        assert page.locator("[data-role=sentence]").inner_text()
        assert not [call for call in calls if call.startswith("/api/trace/")]
    assert cold <= COLD
    if path in VISITED:  # small pictures may still be on their way at the first visit
        assert any(requests(page, path) <= AGAIN for _ in range(2))


def test_an_address_that_asks_for_something_else_is_answered_by_the_server(new_context):
    page = new_context().new_page()
    calls = calls_of(page)
    page.goto("/operations/convolution#padding=2")
    wait_until_ready(page)
    assert len([call for call in calls if call.startswith("/api/trace/")]) == 1


def test_the_parts_that_come_later_work(open_page):
    page = open_page("/operations/convolution")
    page.locator(".formula").first.wait_for()
    page.get_by_role("button", name="Copy code").first.click()
    page.wait_for_selector("dialog[open]")


def test_a_part_that_is_fetched_when_it_is_needed_works(open_page, complaints):
    page = open_page("/operations/convolution#kernel=random-7x7-1&input=digit-3x3")
    assert "This link cannot be shown as it is." in page.locator("[data-role=message-text]").inner_text()
    assert all("422" in complaint for complaint in complaints)
    complaints.clear()
