"""Bytes of each page and time to its first frame: `python -m benchmarks.bench_pages`.

Pages are bundled, as the wheel and `make serve` have them. Each load is cold: a browser context of its own, nothing
cached. Bytes are what the network carries, headers included, for everything the page loads until it is quiet; the time
runs from the start of the navigation to the mark `first-frame`, which a page sets when it has drawn what its address
asks for and can be stepped. Exits non-zero over the limits, and where a page is much heavier than a plain one.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Page

from benchmarks import table
from cnn_server.pages import PAGES
from scripts import bundle
from scripts.serving import browsing, serving, wait_until_ready

LOADS = 7
MOST_BYTES = 150_000
# The explorer comes with the pictures that its network is given as samples, and answers before anything is asked.
MORE_BYTES = {"/explorer": 300_000}
MOST_MILLISECONDS = 400.0
HEAVIER = {"/backpropagation": ("/operations/convolution", 1.2)}  # how many times as heavy as another a page may be
FIRST_FRAME = "() => performance.getEntriesByName('first-frame')[0].startTime"


@contextmanager
def bundled() -> Iterator[str]:
    """Yield the address of a server whose pages are bundled as for a wheel."""
    with tempfile.TemporaryDirectory() as folder:
        bundle.bundle(Path(folder) / "bundled", packed=True)
        with serving({"BUNDLE_DIR": str(Path(folder) / "bundled")}) as server:
            yield server


def load(browser: Browser, address: str) -> float:
    """One cold load: the milliseconds to the first frame."""
    context, page = opened(browser)
    page.goto(address)
    wait_until_ready(page)
    milliseconds = float(page.evaluate(FIRST_FRAME))
    context.close()
    return milliseconds


def weigh(browser: Browser, address: str) -> tuple[int, int]:
    """Return the bytes and the requests of a cold load; a load of its own, since to be told of each takes its time."""
    context, page = opened(browser)
    session = context.new_cdp_session(page)
    sizes: list[int] = []

    def finished(event: dict[str, Any]) -> None:
        sizes.append(int(event["encodedDataLength"]))

    session.send("Network.enable")
    session.on("Network.loadingFinished", finished)
    page.goto(address)
    wait_until_ready(page)
    page.wait_for_load_state("networkidle")
    context.close()
    return sum(sizes), len(sizes)


def opened(browser: Browser) -> tuple[BrowserContext, Page]:
    """Return a page in a context of its own, with nothing cached."""
    context = browser.new_context(viewport={"width": 1440, "height": 900}, reduced_motion="reduce")
    return context, context.new_page()


def main() -> None:
    """Print the table; exit non-zero when a page is over a limit."""
    rows, over, sizes = [], [], {}
    with bundled() as server, browsing() as browser:
        load(browser, server + "/")  # the browser itself starts up
        for page in PAGES:
            size, requests = weigh(browser, server + page.path)
            sizes[page.path] = size
            milliseconds = median(load(browser, server + page.path) for _ in range(LOADS))
            rows.append([f"`{page.path}`", f"{size / 1000:.1f}", str(requests), f"{milliseconds:.0f}"])
            if size > MORE_BYTES.get(page.path, MOST_BYTES) or milliseconds > MOST_MILLISECONDS:
                over.append(page.path)
        version = browser.version
    over += [path for path, (other, most) in HEAVIER.items() if sizes[path] > most * sizes[other] and path not in over]
    print("### Pages, loaded cold on loopback\n")
    print(table(["page", "kB, compressed, all told", "requests", "ms to the first frame"], rows))
    print(
        f"\nChromium {version}, medians of {LOADS} loads; pages are bundled, as the wheel and `make serve` have them."
    )
    if over:
        sys.exit(f"over {MOST_BYTES / 1000:.0f} kB (or its own bound) or {MOST_MILLISECONDS:.0f} ms: {', '.join(over)}")


if __name__ == "__main__":
    main()
