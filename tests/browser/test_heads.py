"""Grids that belong together begin at one height, however many lines their titles and notes take."""

from __future__ import annotations

import pytest

from tests.browser.reading import follow

LINKS = [
    "/operations/activation",
    "/operations/activation#pass=backward",
    "/operations/stride",
    "/operations/stride#stride=2&other=3",
    "/operations/padding",
    "/operations/padding#padding=same&other=1,0,0,2",
    "/operations/pooling#shift=right",
    "/operations/dense",
    "/operations/output",
    "/operations/convolution#mode=gather",
    "/operations/convolution#input=blob-7x7&kernel=vertical-edge-3x3&padding=1",
    "/operations/convolution#input=blob-7x7&kernel=vertical-edge-3x3&flip=yes",
]
SIZES = [(390, 844), (1024, 768), (1366, 657), (1366, 768), (1920, 1080)]
# How far grids of one height on one line are apart, at most, in pixels.
UNEVEN = """() => new Promise((done) => requestAnimationFrame(() => setTimeout(done))).then(() => {
  const apart = [...document.querySelectorAll("[data-role=stage] .panel-line")].flatMap((line) => {
    const boxes = [...line.querySelectorAll(".panel-grids")].map((grids) => grids.getBoundingClientRect());
    return boxes.flatMap((one) =>
      boxes.filter((other) => other.height === one.height).map((other) => Math.abs(other.top - one.top)));
  });
  return Math.max(0, ...apart);
})"""


@pytest.mark.parametrize("path", sorted({link.partition("#")[0] for link in LINKS}))
def test_grids_of_one_height_on_one_line_begin_at_one_height(open_page, path):
    links = [link for link in LINKS if link.partition("#")[0] == path]
    page = open_page(links[0], *SIZES[0])
    page.evaluate("document.documentElement.style.visibility = 'hidden'")  # laid out as ever, and not painted
    for link in links:
        if link != links[0]:
            follow(page, link)
        for width, height in SIZES:
            page.set_viewport_size({"width": width, "height": height})
            assert page.evaluate(UNEVEN) < 1, (link, width, height)
