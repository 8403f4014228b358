"""A Convoscope on a free port and a browser to look at it, for the tests, the photographs and the benchmarks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from playwright.sync_api import Browser, Page, sync_playwright

from cnn_server import create_app
from cnn_server.serving.server import serving_in_a_thread
from scripts import ensure_browser
from scripts.waiting import HANG

READY = 'html[data-ready="true"]'  # a page says so once its first frame is drawn


@contextmanager
def serving(config: Mapping[str, Any] | None = None) -> Iterator[str]:
    """Yield the address of a server that runs in a thread. Its workers start with the first run."""
    app = create_app(config)
    try:
        with serving_in_a_thread(app) as port:
            yield f"http://127.0.0.1:{port}"
    finally:
        app.extensions["runs"].stop()


@contextmanager
def browsing() -> Iterator[Browser]:
    """Yield a Chromium without a window."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=ensure_browser.required(), args=ensure_browser.ARGUMENTS)
        try:
            yield browser
        finally:
            browser.close()


def wait_until_ready(page: Page) -> None:
    """Until the page has drawn what its address asks for."""
    page.wait_for_selector(READY, state="attached", timeout=HANG * 1000)
