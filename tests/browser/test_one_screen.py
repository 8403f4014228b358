"""What is seen at one step is where it was at the step before; test_legible asks what is on a screen at once."""

from __future__ import annotations

from playwright.sync_api import expect

from .reading import follow
from .test_backpropagation import opened

SCREEN = (1440, 900)


def test_a_later_step_with_longer_numbers_stays_on_it_too(show):
    page = show("/operations/channels#input=photo-cat-12x12x3&filters=4&bias=0;0;0;0", *SCREEN)
    page.keyboard.press("End")
    page.wait_for_selector(".arithmetic.dense")  # its usual arithmetic takes two lines there
    box = page.locator("[data-role=sentence]").bounding_box()
    assert box
    assert box["y"] + box["height"] <= SCREEN[1]


PLACES = """() => [...document.querySelectorAll("[data-role=stage], [data-role=arithmetic], .sentence, .stage .grid")]
  .map((node) => node.getBoundingClientRect()).map(({ left, top, width, bottom }) => [left, top, width, bottom])
  .map((sides) => sides.map(Math.round))"""
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
