"""A Convoscope on a free port and a browser to look at it, for the tests, the photographs and the benchmarks."""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from playwright.sync_api import Browser, Page, sync_playwright
from werkzeug.serving import make_server

from cnn_server import create_app
from cnn_server.cli import QuietHandler
from scripts import ensure_browser
from scripts.waiting import HANG

READY = 'html[data-ready="true"]'  # a page says so once its first frame is drawn


@contextmanager
def serving(config: Mapping[str, Any] | None = None) -> Iterator[str]:
    """The address of a server that runs in a thread. Its workers start with the first run."""
    logging.getLogger("werkzeug").setLevel(logging.WARNING)
    app = create_app(config)
    server = make_server("127.0.0.1", 0, app, threaded=True, request_handler=QuietHandler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
        app.extensions["runs"].stop()


@contextmanager
def browsing() -> Iterator[Browser]:
    """A Chromium without a window."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=ensure_browser.required(), args=ensure_browser.ARGUMENTS)
        try:
            yield browser
        finally:
            browser.close()


def wait_until_ready(page: Page) -> None:
    """Until the page has drawn what its address asks for."""
    page.wait_for_selector(READY, state="attached", timeout=HANG * 1000)
