"""Bundled pages, as a wheel and `make serve` have them: what they load."""

from __future__ import annotations

from collections.abc import Iterable
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page

from cnn_server.pages import PAGES
from scripts.serving import wait_until_ready

COLD, AGAIN = 14, 4  # requests of a page: for the first time, and when it is visited again
VISITED = list({page.template: page.path for page in reversed(PAGES)}.values())  # again: the first of each kind


def requests(page: Page, path: str) -> int:
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


def paths_of(urls: Iterable[str]) -> list[str]:
    """The paths of the API among these, but for pictures."""
    paths = [urlsplit(url).path for url in urls]
    return [path for path in paths if path.startswith("/api/") and "/images/" not in path]


def noted(page: Page) -> list[str]:
    """The addresses that a page asks for, as they come."""
    urls: list[str] = []
    page.on("request", lambda request: urls.append(request.url))
    return urls


REQUESTED = {"/training": ["/api/runs"], "/feature-maps": []}  # one's own runs are nobody else's, and come with no page
OPERATIONS = [page.path for page in PAGES if page.template == "operation.html" and page.name != "optimizers"]


def check_calls(page: Page, path: str, calls: list[str]) -> None:
    """A page opens with the answers that came with it."""
    if path in REQUESTED:
        assert calls == REQUESTED[path]
    if path in OPERATIONS:
        assert page.locator("[data-role=sentence]").inner_text()
        assert not [call for call in calls if call.startswith("/api/trace/")]


@pytest.mark.parametrize("path", VISITED)
def test_a_page_asks_for_little_and_when_visited_again_for_next_to_nothing(new_context, path):
    """That whatever each page loads is kept for good is a test of the server; test_every_page looks at the others."""
    page = new_context().new_page()
    urls = noted(page)
    assert requests(page, path) <= COLD
    check_calls(page, path, paths_of(urls))
    # Small pictures may still be on their way at the first visit.
    assert any(requests(page, path) <= AGAIN for _ in range(2))


def test_an_address_that_asks_for_something_else_is_answered_by_the_server(open_page):
    urls: list[list[str]] = []
    open_page("/operations/convolution#padding=2", before=lambda page: urls.append(noted(page)))
    assert len([call for call in paths_of(urls[0]) if call.startswith("/api/trace/")]) == 1
