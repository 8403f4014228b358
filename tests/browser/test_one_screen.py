"""On a desktop a whole step is seen at once: the stage, the arithmetic, the transport and the sentence."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from .reading import follow
from .test_backpropagation import opened

SCREEN = (1440, 900)
LEGIBLE = 11  # pixels of type
CELL = 24  # pixels of a cell

LINKS = [
    "/operations/flatten#input=random-32x32x4-1&step=9",
    "/operations/flatten#input=random-32x1x4-1",
    "/operations/flatten#input=random-16x16x3-1",
    "/operations/pooling#input=random-32x32x4-1",
    "/operations/activation#input=random-32x32x4-1&step=40",
    "/operations/channels#input=photo-cat-32x32x3&step=40",
    "/operations/channels#input=random-16x16x4-1&step=5",
    "/operations/channels#input=random-6x6x4-1&filters=2&weight=random-3x3x8-4&bias=0;0&step=9",
    "/operations/convolution#input=random-32x32-1&kernel=random-7x7-1&step=30",
    "/operations/convolution#input=random-32x32-1&kernel=random-7x7-1&flip=yes&step=60",
    "/operations/convolution#mode=gather&input=random-8x8-1&kernel=random-7x7-1&stride=4&step=60",
    "/operations/convolution#mode=scatter&input=random-8x8-1&kernel=random-7x7-1&stride=4&step=60",
    "/operations/stride#input=random-16x16-1&step=9",
    "/operations/stride#input=random-32x32-1&kernel=random-7x7-1&step=30",
    "/operations/padding#input=random-32x32-1&step=30",
]

SEEN = """() => {
  const box = (node) => node.getBoundingClientRect();
  const stage = box(document.querySelector("[data-role=stage]"));
  const panels = [...document.querySelectorAll(".panel")].map(box);
  const apart = (one, two) =>
    one.right <= two.left || two.right <= one.left || one.bottom <= two.top || two.bottom <= one.top;
  const cells = [...document.querySelectorAll(".panel .cell")];
  const printed = cells.filter((cell) => cell.textContent && parseFloat(getComputedStyle(cell).fontSize) > 0);
  return {
    bottom: box(document.querySelector("[data-role=sentence]")).bottom,
    inside: panels.every(
      ({ left, right, bottom }) => left >= stage.left && right <= stage.right && bottom <= stage.bottom,
    ),
    apart: panels.every((one, index) => panels.slice(index + 1).every((two) => apart(one, two))),
    type: Math.min(...printed.map((cell) => parseFloat(getComputedStyle(cell).fontSize))),
    spilt: printed.filter((cell) => cell.scrollWidth > cell.clientWidth + 1).map((cell) => cell.textContent),
    cell: Math.min(...cells.map((cell) => box(cell).width)),
  };
}"""


@pytest.mark.parametrize("path", sorted({link.partition("#")[0] for link in LINKS}))
def test_a_step_of_many_cells_stays_on_a_screen(show, path):
    first, *others = (link for link in LINKS if link.startswith(f"{path}#"))
    page = show(first, *SCREEN)
    check_seen(page, first)
    for link in others:
        follow(page, link)
        check_seen(page, link)


def check_seen(page: Page, link: str) -> None:
    seen = page.evaluate(SEEN)
    assert seen["bottom"] <= SCREEN[1], link
    assert seen["inside"], link
    assert seen["apart"], link
    assert seen["type"] >= LEGIBLE, link
    assert seen["spilt"] == [], link
    assert seen["cell"] >= CELL, link


def test_a_later_step_with_longer_numbers_stays_on_it_too(show):
    page = show("/operations/channels#input=photo-cat-12x12x3&filters=4&bias=0;0;0;0", *SCREEN)
    page.keyboard.press("End")
    page.wait_for_selector(".arithmetic.dense")  # its usual arithmetic takes two lines there
    assert page.evaluate(SEEN)["bottom"] <= SCREEN[1]


PLACES = """() => [...document.querySelectorAll("[data-role=stage], [data-role=arithmetic], .sentence, .stage .grid")]
  .map((node) => node.getBoundingClientRect()).map(({ left, top, width, bottom }) => [left, top, width, bottom])
  .map((place) => place.map(Math.round))"""
PASSES = {  # steps of each, the first among them
    "answers": [97, 98],
    "dense weights": [100, 108],
    "weights of both filters": [207, 208, 216, 217],
    "input": [227, 228, 259],
}


def test_within_a_pass_of_a_layer_nothing_moves_before_a_projector(show):
    """Its steps have longer numbers and shorter ones, more causes and fewer, and a first one that says its name."""
    link = "/backpropagation?present#step={}"
    trace, page = opened(), show(link.format(1), 1024, 768)
    for name, steps in PASSES.items():
        seen = []
        for step in steps:
            follow(page, link.format(step))
            expect(page.locator(".sentence")).to_contain_text(trace.descriptions(step, step + 1)[0])
            page.evaluate("new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)))")
            seen.append(page.evaluate(PLACES))
        assert seen == [seen[0]] * len(seen), name
