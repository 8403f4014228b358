"""No grid without its digits, at any size that people sit at.

Measured on every page that steps, at every size and zoom of the table as it opens, and at a few of them whatever else
it shows: the width of each cell, the size of the type in it, that no number spills out of its cell, that of a large
grid the window is in the part that is seen, that panels lie on the stage and not on each other, that grids of one
height on one line begin at one height, however many lines their titles and notes take, that nothing scrolls sideways,
and that on a desktop the arithmetic, the buttons to step with and the sentence are on the screen: a stage that is
higher than its room scrolls by itself, and those of many cells have that room on a desktop. Each page is loaded once;
then its links are followed, the window changes, and it is shown on walls.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from cnn_server.pages import PAGES

from .reading import follow
from .test_present import check_walls

SIZES = [(1024, 768), (1280, 720), (1366, 657), (1366, 768), (1440, 900), (1536, 864), (1920, 1080)]
PHONE = (390, 844)
ZOOMS = [1, 1.25, 1.5]
TWICE = [(width // 2, height // 2) for width, height in SIZES if width >= 1366 and height >= 768]
SEATS = [PHONE, *((int(width / zoom), int(height / zoom)) for zoom in ZOOMS for width, height in SIZES)]
EVERY = [*dict.fromkeys((*SEATS, *TWICE))]
# The smallest and the largest, what is low and what is magnified.
FEW = [PHONE, (1024, 768), (1366, 657), (1920, 1080), (1024, 576), (682, 512)]
SCREEN = (1440, 900)  # on which the whole stage is seen, however many cells there are
LOW = [PHONE, (1366, 657), (682, 512), SCREEN]

CELL, DIGITS, AIR = 24, 11, 2  # pixels, at least: of a cell, of its type, on either side of a number

DENSE = "random-8x1-3&weight1=random-8x8-2&bias1=0;0;0;0;0;0;0;0&weight2=random-8x8-5&bias2=0;0;0;0;0;0;0;0"
TWO_OF_49 = "input=random-32x32-1&kernel=random-7x7-1&step=30"
LONG = {TWO_OF_49}  # whose arithmetic alone takes half of a low screen: there the page scrolls
# Each page as it opens, that of backpropagation on the way back: at every size.
LINKS = {
    "convolution": "step=2",
    "stride": "step=9",
    "padding": "step=12",
    "channels": "step=20",
    "pooling": "step=4",
    "activation": "step=4",
    "flatten": "step=7",
    "dense": "step=5",
    "backpropagation": "step=240",
    "output": "step=15",
}
# With other settings, with three channels, and backwards: at a few.
MORE = {
    "convolution": [
        "input=blob-7x7&kernel=vertical-edge-3x3&padding=1&step=18",
        "input=blob-7x7&kernel=vertical-edge-3x3&flip=yes&step=3",
        "mode=scatter&step=4",
        "mode=gather&step=4",
        "mode=upsample&step=4",
        "pass=backward&step=2",
        "pass=backward&wrt=input&step=4",
        "pass=backward&wrt=input&seen=correlation&stride=2x2&input=random-7x7-1&kernel=vertical-edge-3x3&step=4",
        "input=blob-7x7&kernel=vertical-edge-3x3&padding=1&pass=backward&grad_output=random-2&step=4",
    ],
    "stride": ["stride=2&other=3"],
    "padding": ["input=blob-8x8&step=12", "padding=same&other=1,0,0,2"],
    "channels": [
        "input=random-6x6x6-1&filters=6&bias=0;0;0;0;0;0&step=9",
        "pass=backward&step=20",
        "pass=backward&wrt=input&step=20",
    ],
    "pooling": [
        "shift=right&step=8",
        "input=random-6x6x3-1&step=12",
        "pass=backward&step=4",
    ],
    "activation": [
        "function=sigmoid&step=12",
        "input=random-5x5x3-1&step=12",
        "pass=backward&step=4",
    ],
    "flatten": ["pass=backward&step=7"],
    "dense": ["layers=1&pass=backward&step=5", f"input={DENSE}&step=5"],
    "backpropagation": [f"step={step}" for step in (3, 88, 110, 200, 212, 265)]
    + ["optimizer=adam&step=290", "seen=correlation&step=240"],
    "output": ["logits=2;1;-1;0.5;0;3;1;-2&step=23", "task=binary&step=1", "task=number&step=12"],
}
# With the largest that it offers: on few screens, the usual one among them, or on that alone.
LARGEST = {
    "convolution": ["input=random-32x32-1&kernel=random-7x7-1&step=300"],
    "stride": [TWO_OF_49],
    "padding": ["input=random-32x32-1&step=30"],
    "channels": ["input=photo-cat-32x32x3&step=40"],
    "pooling": ["input=random-32x32x4-1&step=100"],
    "activation": ["input=random-32x32x4-1&step=40"],
    "flatten": ["input=random-32x32x4-1&step=900"],
}
LARGE = {
    "convolution": [
        "input=random-32x32-1&kernel=random-7x7-1&flip=yes&step=60",
        "mode=gather&input=random-8x8-1&kernel=random-7x7-1&stride=4&step=60",
        "mode=scatter&input=random-8x8-1&kernel=random-7x7-1&stride=4&step=60",
    ],
    "stride": ["input=random-16x16-1&step=9"],
    "channels": [
        "input=random-16x16x4-1&step=5",
        "input=random-6x6x4-1&filters=2&weight=random-3x3x8-4&bias=0;0&step=9",
    ],
    "flatten": ["input=random-32x1x4-1", "input=random-16x16x3-1"],
}
MANY = {link for table in (LARGEST, LARGE) for links in table.values() for link in links}

MEASURE = """() => {
  const box = (node) => node.getBoundingClientRect();
  const stage = document.querySelector("[data-role=stage]");
  // Of the cells of a grid that are written alike, one is measured: grids of 32x32 have thousands.
  const alike = new Set();
  const isFirst = (grid, cell) => {
    const how = `${grid} ${cell.className} ${cell.textContent}`;
    return !alike.has(how) && alike.add(how);
  };
  const grids = [...stage.querySelectorAll(".grid")];
  const cells = grids.flatMap((grid, at) => [...grid.querySelectorAll(".cell")].filter((cell) => isFirst(at, cell)));
  const printed = cells.filter((cell) => cell.textContent);
  const panels = [...stage.querySelectorAll(".panel")].map(box);
  const apart = (one, two) =>
    one.right <= two.left + 1 || two.right <= one.left + 1 || one.bottom <= two.top + 1 || two.bottom <= one.top + 1;
  const within = (one, two) =>
    one.left >= two.left - 1 && one.right <= two.right + 1 && one.top >= two.top - 1 && one.bottom <= two.bottom + 1;
  const lost = [...stage.querySelectorAll(".grid-view.part")].filter((part) => {
    const about = part.querySelector(".window:not([hidden])") ?? part.querySelector(".cell.marked");
    return about && !within(box(about), box(part));
  });
  const shown = box(stage);
  const top = shown.top - stage.scrollTop;
  const whole = { left: shown.left, right: shown.right, top, bottom: top + Math.max(stage.scrollHeight, shown.height) };
  const beyond = (panel) =>
    panel.left < shown.left || panel.right > shown.right || panel.bottom > shown.bottom;
  const uneven = [...stage.querySelectorAll(".panel-line")].flatMap((line) => {
    const boxes = [...line.querySelectorAll(".panel-grids")].map(box);
    return boxes.flatMap((one) =>
      boxes.filter((other) => other.height === one.height).map((other) => Math.abs(other.top - one.top)));
  });
  const text = document.createRange();
  const air = (cell) => {
    text.selectNodeContents(cell);
    return (cell.clientWidth - text.getBoundingClientRect().width) / 2;
  };
  const bottom = (node) => box(node).bottom - parseFloat(getComputedStyle(node).paddingBottom);
  const parts = stage.querySelector(".sides:not([hidden])"); // their switch is in sight, however far one has scrolled
  const lowest = [...document.querySelectorAll(".lab :is(.arithmetic, .transport, .sentence)")].map(bottom);
  return {
    below: Math.max(0, Math.round(Math.max(...lowest) - innerHeight)),
    cell: Math.min(...cells.map((cell) => box(cell).width)),
    type: Math.min(...printed.map((cell) => parseFloat(getComputedStyle(cell).fontSize))),
    air: Math.min(...printed.map(air)),
    spilt: printed.filter((cell) => cell.scrollWidth > cell.clientWidth + 1).map((cell) => cell.textContent),
    outside: panels.filter((panel) => !within(panel, whole)).length,
    beyond: panels.filter(beyond).length,
    uneven: Math.max(0, ...uneven),
    apart: panels.every((one, index) => panels.slice(index + 1).every((two) => apart(one, two))),
    lost: lost.length,
    gone: parts !== null && !within(box(parts), shown),
    sideways: document.documentElement.scrollWidth - document.documentElement.clientWidth,
  };
}"""


# The stage has taken its place after a change: in the frame after it, whose observers of sizes come last.
SETTLED = "new Promise(done => requestAnimationFrame(() => setTimeout(done)))"
SEATED = f"() => {SETTLED}.then({MEASURE})"
SEEN = "isSeen => { document.documentElement.style.visibility = isSeen ? '' : 'hidden'; }"


def may_stand_close(link: str) -> bool:
    """Whether numbers may be closer to the sides of their cells: gradients are many, else a part of them is seen."""
    return "pass=backward" in link or link in (LINKS["backpropagation"], *MORE["backpropagation"])


class Seats:
    """One visit of a page in windows of many sizes. The browser is told of a size as its own tools would: at once.

    While places are measured the page is hidden: all of it is laid out as ever, and nothing is painted at each size.
    """

    def __init__(self, page: Page) -> None:
        self.page, self._session = page, page.context.new_cdp_session(page)

    def take(self, size: tuple[int, int]) -> dict[str, Any]:
        """What is measured of the page in a window of this size, once the stage has taken its new place."""
        width, height = size
        metrics = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": False}
        self._session.send("Emulation.setDeviceMetricsOverride", metrics)
        return dict(self.page.evaluate(SEATED))

    def faults(self, link: str, sizes: Iterable[tuple[int, int]]) -> list[tuple[str, tuple[int, int], str, Any]]:
        """What cannot be read, or is out of place, at each of these sizes."""
        found: list[tuple[str, tuple[int, int], str, Any]] = []
        self.page.evaluate(SEEN, False)
        for size in sizes:
            seen = self.take(size)
            good = {
                "cell": seen["cell"] >= (CELL if size in SEATS else DIGITS),
                "type": seen["type"] >= DIGITS,
                "air": seen["air"] >= AIR or size not in SEATS or may_stand_close(link),
                "spilt": not seen["spilt"],
                "outside": not seen["outside"],
                "beyond": not seen["beyond"] or size != SCREEN or link not in MANY,
                "uneven": seen["uneven"] < 1,
                "apart": seen["apart"],
                "lost": not seen["lost"],
                "gone": not seen["gone"],
                "sideways": seen["sideways"] == 0,
                "below": seen["below"] == 0 or size not in SIZES or (link in LONG and size[1] < 800),
            }
            found += [(link, size, what, seen[what]) for what, is_good in good.items() if not is_good]
        self.page.evaluate(SEEN, True)
        return found


@pytest.mark.parametrize("name", LINKS)
def test_every_number_can_be_read_at_every_size_and_nothing_moves_nor_is_beyond_a_wall(open_page, name):
    path = next(page.path for page in PAGES if page.name == name)
    first = LINKS[name]
    page = open_page(f"{path}#{first}", *PHONE)
    seats = Seats(page)
    faults = seats.faults(first, EVERY)
    for table, sizes in ((MORE, FEW), (LARGEST, LOW), (LARGE, [SCREEN])):
        for link in table.get(name, []):
            follow(page, f"{path}#{link}")
            faults += seats.faults(link, sizes)
    assert faults == []
    if name != "backpropagation":  # whose layers differ
        follow(page, path)
        seats.take((1366, 768))
        check_still(page)
        check_walls(page)


def test_the_step_that_made_a_cell_of_a_network_can_be_read_at_every_size(open_page):
    page = open_page("/explorer#at=3,2,5,5", *PHONE)
    expect(page.locator("[data-role=arithmetic] .result-value")).to_be_visible()
    assert Seats(page).faults("/explorer", EVERY) == []


BOXES = """() => [...document.querySelectorAll(".panel, .arithmetic, .transport")].map((node) => {
  const { x, y, width, height } = node.getBoundingClientRect();
  return [node.dataset.panel ?? node.className, ...[x, y, width, height].map(Math.round)];
})"""


def check_still(page: Page) -> None:
    """Nothing moves from step to step, nor when a cell is pointed at."""
    total = int(page.locator("[data-role=slider]").get_attribute("max") or 0)
    boxes = page.evaluate(BOXES)
    for step in (1, total // 2, total):
        page.get_by_role("slider", name="Step", exact=True).fill(str(step))
        page.evaluate(SETTLED)
        assert page.evaluate(BOXES) == boxes, step
    page.locator(".panel .cell").first.hover()
    page.evaluate(SETTLED)
    assert page.evaluate(BOXES) == boxes


# The picture of a whole grid, the part that is seen and the window on it, in cells: left, top, right and bottom.
OVERVIEW = """(id) => {
  const panel = document.querySelector(`[data-panel=${id}]`);
  const overview = panel.querySelector(".overview");
  const whole = overview.getBoundingClientRect();
  const canvas = overview.querySelector("canvas");
  const cells = (name) => {
    const { left, top, right, bottom } = overview.querySelector(name).getBoundingClientRect();
    const along = (at, start) => Math.round(((at - start) * canvas.width) / whole.width);
    return [along(left, whole.left), along(top, whole.top), along(right, whole.left), along(bottom, whole.top)];
  };
  const copy = new OffscreenCanvas(canvas.width, canvas.height).getContext("2d", { willReadFrequently: true });
  copy.drawImage(canvas, 0, 0);
  const pixels = copy.getImageData(0, 0, canvas.width, canvas.height).data;
  return {
    size: [canvas.width, canvas.height],
    seen: cells(".overview-seen"),
    window: cells(".overview-window"),
    filled: pixels.filter((_, index) => index % 4 === 3).reduce((sum, alpha) => sum + alpha / 255, 0),
  };
}"""


def test_a_large_grid_is_seen_whole_as_a_picture_which_scrolls_it(open_page):
    page = open_page("/operations/convolution#input=random-32x32-1&kernel=random-5x5-1&step=300", 1366, 768)
    seen = page.evaluate(OVERVIEW, "input")
    assert (seen["size"], seen["filled"]) == ([32, 32], 32 * 32)
    assert seen["window"] == [20, 10, 25, 15]  # output 300 of 28 columns is in row 10, column 20
    left, top, right, bottom = seen["seen"]
    assert (left <= 20, top <= 10, right >= 25, bottom >= 15) == (True, True, True, True)
    assert page.evaluate(OVERVIEW, "output")["filled"] == 301  # with what this step has written
    page.locator("[data-panel=input] .overview").click(position={"x": 1, "y": 47})
    page.evaluate(SETTLED)
    moved = page.evaluate(OVERVIEW, "input")
    assert (moved["seen"][0], moved["seen"][3], moved["window"]) == (0, 32, seen["window"])
    follow(page, "/operations/convolution#input=blob-7x7")
    expect(page.locator(".overview").filter(visible=True)).to_have_count(0)
