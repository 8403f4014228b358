"""What holds for every page: it opens, it fits, and everybody can use it."""

from __future__ import annotations

import pytest

from cnn_server.pages import PAGES
from scripts.serving import wait_until_ready

READY = [page.path for page in PAGES if page.ready]
SIZES = [pytest.param(1440, 900, id="desktop"), pytest.param(390, 844, id="phone")]
SCHEMES = [pytest.param(False, id="light"), pytest.param(True, id="dark")]

every_page = pytest.mark.parametrize("path", READY)
every_size = pytest.mark.parametrize(("width", "height"), SIZES)
every_scheme = pytest.mark.parametrize("dark", SCHEMES)


@every_page
@every_size
@every_scheme
def test_the_page_fits_and_axe_finds_nothing(open_page, check_axe, path, width, height, dark):
    page = open_page(path, width=width, height=height, dark=dark)
    html = page.locator("html")
    assert html.evaluate("root => root.scrollWidth - root.clientWidth") == 0
    check_axe(page)


@pytest.mark.parametrize("path", ["/", "/operations/stride", "/training"])
def test_the_smallest_phone_does_not_scroll_sideways(open_page, path):
    page = open_page(path, width=320, height=568)
    assert page.locator("html").evaluate("root => root.scrollWidth - root.clientWidth") == 0
    assert page.get_by_role("link", name="Convoscope, start page").is_visible()


NOTE_FETCHES = """
window.fetched = [];
const ask = window.fetch;
window.fetch = (what, ...rest) => {
  window.fetched.push(new URL(what.url ?? what, location.href).href);
  return ask(what, ...rest);
};
"""
UNUSED = """() => [...document.querySelectorAll("link[rel=preload][as=fetch]")]
  .map((link) => link.href).filter((href) => !window.fetched.includes(href))"""


@every_page
def test_what_is_asked_for_ahead_is_used(new_context, path):
    page = new_context().new_page()
    page.add_init_script(NOTE_FETCHES)
    page.goto(path)
    wait_until_ready(page)
    page.wait_for_function(f"() => ({UNUSED})().length === 0")


@every_page
def test_the_page_says_what_it_is(open_page, path):
    page = open_page(path)
    assert page.locator("h1").count() == 1
    assert page.locator("h1").inner_text().strip()
    assert "Convoscope" in page.title()


@every_page
def test_the_pages_that_are_ready_can_be_reached_from_here(open_page, path):
    page = open_page(path)
    links = page.locator("a[href]").evaluate_all("links => links.map(link => new URL(link.href).pathname)")
    assert set(READY) <= set(links)


def test_the_scheme_of_the_system_is_followed(open_page):
    light, dark = (
        open_page("/", dark=dark).locator("html").evaluate("root => getComputedStyle(root).backgroundColor")
        for dark in (False, True)
    )
    assert light != dark


STATES = {
    "/operations/convolution#input=random-9x9-1&kernel=gaussian-blur-5x5&padding=2&dilation=2&step=7": None,
    "/operations/pooling#pool=avg&input=random-7x7x3-1&padding=1&ceil_mode=yes&step=20": None,
    "/operations/convolution#step=2": '[data-panel="kernel"] .cell',
    "/feature-maps#at=vertical-edge,20,30&pool=max&relu=yes": None,
}


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("link", STATES)
def test_axe_finds_nothing_in_the_midst_of_things(open_page, check_axe, link, dark):
    page = open_page(link, dark=dark)
    if STATES[link]:
        page.locator(STATES[link]).first.dblclick()
        page.locator(".cell-editor").fill("nothing")
        page.keyboard.press("Enter")
    if "feature-maps" in link:
        page.wait_for_selector("[data-role=open-window]:not([hidden])")
    check_axe(page)
    if not STATES[link]:
        page.keyboard.press("?")
        page.wait_for_selector("#keys-dialog[open]")
        check_axe(page)
