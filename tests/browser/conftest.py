"""A server, a real browser, and what every page must never do: complain.

What a page asks of another host is refused by the content security policy, and the refusal is a complaint.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import cache, partial
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, expect

from scripts import ensure_browser
from scripts.serving import serving
from scripts.waiting import HANG

from . import axe
from .profiles import Profiles
from .reading import follow, fragment

# For the pages of a context: none is started beforehand for a page that never comes.
ONE_PROCESS = "--renderer-process-limit=1"
# Chromium's word of a preload that is used late, as on a busy machine; test_every_page asks whether each is used.
LATE = "was preloaded using link preload but not used within a few seconds"
expect.set_options(timeout=HANG * 1000)


@pytest.fixture(scope="session")
def live_server(bundled: Path) -> Iterator[str]:
    """The address of a running Convoscope, whose pages are bundled as they are where people meet them."""
    with serving({"BUNDLE_DIR": bundled, "RUN_WORKERS": 2}) as address:
        yield address


@pytest.fixture(scope="session")
def plain_server() -> Iterator[str]:
    """The address of one whose pages load each module by itself, as those of a checkout do."""
    with serving({"RUN_WORKERS": 0}) as address:
        yield address


@pytest.fixture(scope="session")
def base_url() -> None:
    """Take the place of the plugin's fixture, of which pytest warns: `new_context` says what paths are relative to."""


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """Playwright drives the Chromium that scripts/ensure_browser.py finds; without one every test fails."""
    arguments = [*ensure_browser.ARGUMENTS, ONE_PROCESS]
    return {**browser_type_launch_args, "executable_path": ensure_browser.required(), "args": arguments}


@pytest.fixture(scope="session")
def heard() -> list[str]:
    """What pages complain of, those that several tests share included."""
    return []


@pytest.fixture(autouse=True)
def complaints(heard: list[str]) -> Iterator[list[str]]:
    """What pages have complained of in this test: anything left here at its end fails it.

    A test that provokes a complaint checks it and then clears the list.
    """
    heard.clear()
    yield heard
    assert heard == []


@pytest.fixture
def new_context(
    new_context: Callable[..., BrowserContext], complaints: list[str], live_server: str
) -> Callable[..., BrowserContext]:
    """Pytest-playwright's maker of contexts, each of them watched; paths are those of the server."""
    return partial(_watched, new_context, complaints, base_url=live_server)


def _watched(make: Callable[..., BrowserContext], complaints: list[str], **options: Any) -> BrowserContext:
    context = make(**options)
    context.set_default_timeout(HANG * 1000)
    _watch(context, complaints)
    return context


def _watch(context: BrowserContext, complaints: list[str]) -> None:
    def on_console(message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"} and LATE not in message.text:
            complaints.append(f"console {message.type}: {message.text}")

    context.on("console", on_console)
    context.on("weberror", lambda error: complaints.append(f"page error: {error.error}"))


@pytest.fixture(scope="session")
def profiles_of(browser: Browser, heard: list[str]) -> Callable[[str], Profiles]:
    """Those of the pages of a server, by its address."""
    return cache(lambda address: Profiles(partial(_watched, browser.new_context, heard, base_url=address)))


@pytest.fixture(scope="session")
def profiles(profiles_of: Callable[[str], Profiles], live_server: str) -> Profiles:
    """Those of the server's pages."""
    return profiles_of(live_server)


@pytest.fixture
def open_at(request: pytest.FixtureRequest, profiles_of: Callable[[str], Profiles]) -> Iterator[Callable[..., Page]]:
    """Open a path of a server in a profile that nothing is kept in and wait until the page says that it is ready."""
    opened: list[tuple[str, Page]] = []
    failed = request.session.testsfailed

    def open_path(address: str, path: str, *size: int, **options: Any) -> Page:
        page = profiles_of(address).open(path, *size, **options)
        opened.append((address, page))
        return page

    yield open_path
    for address, page in opened:
        _leave(profiles_of(address), [page], request.session.testsfailed > failed)


@pytest.fixture
def open_page(open_at: Callable[..., Page], live_server: str) -> Callable[..., Page]:
    """`open_at` of the server whose pages are bundled."""
    return partial(open_at, live_server)


def _leave(profiles: Profiles, pages: Iterable[Page], failed: bool) -> None:
    """Give back the profiles of pages; after a test that failed, nobody has them again."""
    for page in pages:
        if failed:
            page.context.close()
        else:
            profiles.empty(page)


@pytest.fixture(scope="module")
def shared_pages(profiles: Profiles) -> Iterator[dict[str, Page]]:
    """By their paths, the pages that tests of one file share."""
    pages: dict[str, Page] = {}
    yield pages
    _leave(profiles, pages.values(), failed=False)


@pytest.fixture
def show(
    request: pytest.FixtureRequest, profiles: Profiles, shared_pages: dict[str, Page]
) -> Iterator[Callable[..., Page]]:
    """Show a link on the page that the tests of a file share, whose opening is most of what a short test costs.

    What no link holds is as the test before left it: whoever changes more than that opens a page of its own.
    After a test that failed the next one has a new page.
    """
    failed = request.session.testsfailed

    def show_link(link: str, width: int = 1440, height: int = 900) -> Page:
        path, _, wanted = link.partition("#")
        if path not in shared_pages:
            shared_pages[path] = profiles.open(link, width, height)
            return shared_pages[path]
        page = shared_pages[path]
        page.set_viewport_size({"width": width, "height": height})
        page.mouse.move(0, 0)
        page.evaluate("document.activeElement.blur(), scrollTo(0, 0)")
        if fragment(page).removeprefix("#") != wanted:
            follow(page, link)
        page.evaluate("new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)))")
        return page

    yield show_link
    if request.session.testsfailed > failed:
        _leave(profiles, shared_pages.values(), failed=True)
        shared_pages.clear()


@pytest.fixture
def check_axe() -> Callable[..., None]:
    """Assert that axe finds nothing wrong on a page as it stands; with `both`, in the other colour scheme too."""
    return axe.check
