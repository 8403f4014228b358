"""What holds for every page: it opens, it fits, and everybody can use it."""

from __future__ import annotations

from urllib.parse import urljoin

import pytest
from playwright.sync_api import Page

from cnn_server.pages import PAGES

from .reading import until
from .test_bundles import COLD, VISITED, check_calls, paths_of

READY = [page.path for page in PAGES]
SIZES = [(390, 844), (1440, 900)]

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
FITS = "() => document.documentElement.scrollWidth === document.documentElement.clientWidth"


@pytest.mark.parametrize("path", READY)
def test_a_page_fits_can_be_used_by_everybody_and_leads_to_the_others(
    open_at, check_axe, plain_server, live_server, path
):
    """One visit on a phone, which is then as wide as a desktop: there in both colour schemes, and line by line.

    The first page of each kind is that of a checkout, the others are bundled.
    """
    server = plain_server if path in VISITED else live_server
    urls: list[str] = []

    def before(page: Page) -> None:
        page.on("request", lambda request: urls.append(request.url))
        page.add_init_script(NOTE_FETCHES)

    page = open_at(server, path, *SIZES[0], before=before)
    page.wait_for_function(f"() => ({UNUSED})().length === 0")  # what is asked for ahead is used

    assert page.locator("h1").count() == 1
    assert page.locator("h1").inner_text().strip()
    assert "Convoscope" in page.title()
    links = page.locator("a[href]").evaluate_all("links => links.map(link => new URL(link.href).pathname)")
    assert set(READY) <= set(links)

    for width, height in SIZES:
        page.set_viewport_size({"width": width, "height": height})
        page.evaluate("new Promise(requestAnimationFrame)")
        page.wait_for_function(FITS)
        check_axe(page, both=(width, height) == SIZES[-1])
    addresses = [url for url in urls if url.startswith("http")]
    assert {urljoin(url, "/") for url in addresses} == {f"{server}/"}
    if server == live_server:
        assert len(addresses) <= COLD
        check_calls(page, path, paths_of(addresses))
    check_smallest(page)
    check_lines(page)


# The texts that have an operator and what follows it, or a product, with a space between them where a line may end, and
# those in which one does.
PARTED = """() => {
  const [breakable, parted] = [[], []];
  const texts = document.createTreeWalker(document.querySelector("main"), NodeFilter.SHOW_TEXT);
  const topOf = (node, at) => {
    const letter = document.createRange();
    letter.setStart(node, at);
    letter.setEnd(node, at + 1);
    return letter.getBoundingClientRect();
  };
  for (let node = texts.nextNode(); node; node = texts.nextNode())
    for (const { 0: found, index } of node.data.matchAll(/(?:\\S\\s[×÷]|(?<!\\S)[=≈≠+−])\\s\\S/g)) {
      // A no-break space keeps them together at every width, and so does a text of one line.
      if (!/[ \\n]/.test(found) || getComputedStyle(node.parentElement).whiteSpace === "nowrap") continue;
      breakable.push(node.data);
      const [first, last] = [topOf(node, index), topOf(node, index + found.length - 1)];
      if (first.width && last.width && last.top - first.top > first.height / 2) parted.push(node.data);
    }
  return { breakable, parted };
}"""


def check_lines(page: Page) -> None:
    """No line ends between an operator and its operands, however narrow the window is, whatever is unfolded."""
    page.locator("details").evaluate_all("all => all.forEach((one) => { one.open = true; })")
    page.evaluate("document.documentElement.style.visibility = 'hidden'")  # laid out as ever, and not painted
    breakable: list[str] = []
    for width in (320, 1366, 360, 390, 430, 640, 768, 1024):
        page.set_viewport_size({"width": width, "height": SIZES[0][1]})
        found = page.evaluate(PARTED)
        assert found["parted"] == [], width
        breakable += found["breakable"]
        if width != 320 and not breakable:  # in the narrowest window and in the widest: nor in another
            break


def test_no_line_of_the_claims_ends_between_an_operator_and_its_operands(open_page):
    check_lines(open_page("/claims", *SIZES[0]))


def check_smallest(page: Page) -> None:
    """The smallest phone does not scroll sideways, and has the way to the start page."""
    page.set_viewport_size({"width": 320, "height": 568})
    page.wait_for_function(FITS)
    assert page.get_by_role("link", name="Convoscope, start page").is_visible()


def test_what_is_asked_of_another_host_is_a_complaint(open_page, complaints):
    page = open_page("/")
    page.evaluate("fetch('http://127.0.0.1:9/').catch(() => new Image().src = 'http://192.0.2.1/a.png')")
    until(page, lambda: len(complaints) >= 2)
    assert all("Content Security Policy" in complaint for complaint in complaints)
    complaints.clear()


def test_the_scheme_of_the_system_is_followed(open_page):
    light, dark = (
        open_page("/", dark=dark).locator("html").evaluate("root => getComputedStyle(root).backgroundColor")
        for dark in (False, True)
    )
    assert light != dark


# A cell in which something wrong is typed, or the key that lists the keys, a list for each kind of page.
STATES = {
    "/operations/convolution#input=random-9x9-1&kernel=gaussian-blur-5x5&padding=2&dilation=2&step=7": "?",
    "/operations/pooling#pool=avg&input=random-7x7x3-1&padding=1&ceil_mode=yes&step=20": "",
    "/operations/convolution#step=2": '[data-panel="kernel"] .cell',
    "/feature-maps#at=vertical-edge,20,30&pool=max&relu=yes": "?",
}


@pytest.mark.parametrize("link", STATES)
def test_axe_finds_nothing_in_the_midst_of_things(open_page, check_axe, link):
    page = open_page(link)
    if "cell" in STATES[link]:
        page.locator(STATES[link]).first.dblclick()
        page.locator(".cell-editor").fill("nothing")
        page.keyboard.press("Enter")
    if "feature-maps" in link:
        page.wait_for_selector("[data-role=open-window]:not([hidden])")
    check_axe(page, both=True)
    if STATES[link] == "?":
        page.keyboard.press("?")
        page.wait_for_selector("#keys-dialog[open]")
        check_axe(page, both=True, part="#keys-dialog")
