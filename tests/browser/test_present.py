"""The page on a wall: one thing on the screen, type for the last row, and keys that remote controls send."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from .reading import expect_step, follow, fragment, until

SMALL, LARGE = (1024, 768), (1920, 1080)
LEGIBLE = 24  # pixels of type, at least
SMALLEST = 11  # and of the digits of grids where all of them would else not be seen
LINKS = ["/operations/convolution?present#step=2", "/operations/padding?present#step=12"]

TYPE = """() => {
  const stage = document.querySelector("[data-role=stage]");
  const size = (node) => parseFloat(getComputedStyle(node).fontSize);
  const all = (selector) => [...document.querySelectorAll(selector)].filter((node) => node.textContent.trim());
  const spilt = ({ scrollWidth, clientWidth }) => scrollWidth > clientWidth + 1;
  return {
    spilt: all("[data-role=stage] .cell").filter(spilt).map((node) => node.textContent),
    digits: Math.min(...all("[data-role=stage] .cell").map(size)),
    result: Math.min(...all(".result-value, .chip-value").map(size)),
    sentence: size(document.querySelector("[data-role=sentence]")),
    button: document.querySelector('.transport [data-action="next"]').offsetHeight,
    bottom: document.querySelector(".transport").getBoundingClientRect().bottom,
    hidden: Math.max(0, stage.scrollHeight - stage.clientHeight - 1),
    sideways: document.documentElement.scrollWidth - document.documentElement.clientWidth,
  };
}"""


@pytest.mark.parametrize("link", LINKS)
def test_type_is_large_on_a_wall_and_larger_on_a_large_one(show, link):
    page: Page = show(link, *SMALL)
    for selector in (".header", ".inspector", ".lead", ".lesson"):
        expect(page.locator(selector).first).to_be_hidden()
    small = page.evaluate(TYPE)
    assert min(small["result"], small["sentence"]) >= LEGIBLE
    assert small["digits"] >= (LEGIBLE if "convolution" in link else SMALLEST)
    assert small["button"] >= 48
    page.set_viewport_size({"width": LARGE[0], "height": LARGE[1]})
    page.evaluate("new Promise(done => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(done))))")
    large = page.evaluate(TYPE)
    assert large["digits"] > small["digits"]
    assert large["sentence"] > small["sentence"]
    for seen, size in ((small, SMALL), (large, LARGE)):
        assert seen["sideways"] == 0
        assert seen["bottom"] <= size[1]  # whoever steps has the buttons
    assert large["hidden"] == 0


def test_a_phone_is_no_wall_and_shows_the_whole_stage(show):
    page: Page = show("/operations/channels?present", 390, 844)
    expect(page.get_by_role("button", name="Settings")).to_be_visible()
    stage, sentence = (page.locator(f"[data-role={role}]").bounding_box() for role in ("stage", "sentence"))
    assert stage["height"] > 400
    assert stage["y"] + stage["height"] <= sentence["y"]
    page.set_viewport_size({"width": 844, "height": 390})  # it is turned, and has the room of one
    expect(page.get_by_role("button", name="Settings")).to_be_hidden()


# A page and the width of a screen.
COMPUTED = [
    ("/backpropagation?present#step=200", 1024),
    ("/backpropagation?present#step=200", 1366),
    ("/operations/channels?present", 1024),
    ("/operations/channels?present#pass=backward", 1366),
    ("/operations/activation?present#pass=backward", 1024),
    ("/operations/activation?present#pass=backward&step=15", 1024),
]

# How far the cell that a step computes is beyond the box that is seen, and the numbers wider than their cells.
SEEN = """() => {
  const stage = document.querySelector("[data-role=stage]");
  const box = stage.getBoundingClientRect();
  const node = stage.querySelector('[data-panel="output"] .cell.marked')
    ?? [...stage.querySelectorAll('[data-panel="output"] .window')].find((node) => node.offsetWidth);
  const cell = node.getBoundingClientRect();
  const width = (cell) => {
    const text = document.createRange();
    text.selectNodeContents(cell);
    return text.getBoundingClientRect().width;
  };
  const cells = [...stage.querySelectorAll(".cell")].filter((cell) => cell.textContent);
  return {
    beyond: Math.max(box.top - cell.top, cell.bottom - box.bottom, box.left - cell.left, cell.right - box.right),
    wide: cells.filter((cell) => width(cell) > cell.offsetWidth).map((cell) => cell.textContent),
    numbers: cells.length,
  };
}"""


@pytest.mark.parametrize(("link", "width"), COMPUTED)
def test_what_a_step_computes_is_seen_and_its_numbers_fit(show, link, width):
    page: Page = show(link, width, 768)
    count = ""
    for _ in range(2):
        expect(page.locator("[data-role=count]")).not_to_have_text(count)
        count = page.locator("[data-role=count]").inner_text()
        page.wait_for_function(f"({SEEN})().beyond <= 0")
        seen = page.evaluate(SEEN)
        assert seen["numbers"] > 0
        assert seen["wide"] == []
        page.keyboard.press("PageDown")


# What a step is about and is not seen as a whole, and how far the sentence and the arithmetic go beyond the screen.
ABOUT = """() => {
  const stage = document.querySelector("[data-role=stage]");
  const box = (node) => node.getBoundingClientRect();
  const seen = box(stage);
  const about = [...stage.querySelectorAll(".window, .cell.marked")].filter((node) => node.offsetWidth);
  const small = [...document.querySelectorAll(".result-value, .chip-value, [data-role=sentence]")]
    .filter((node) => node.textContent.trim() && parseFloat(getComputedStyle(node).fontSize) < 24);
  const lowest = ["arithmetic", "sentence"].map((role) => box(document.querySelector(`[data-role=${role}]`)).bottom);
  return {
    hidden: about.filter((node) => box(node).top < seen.top - 4 || box(node).bottom > seen.bottom + 4).length,
    sideways: about.filter((node) => box(node).left < seen.left - 4 || box(node).right > seen.right + 4).length,
    small: small.length,
    below: Math.max(0, ...lowest.map((bottom) => Math.round(bottom - innerHeight))),
  };
}"""


def check_walls(page: Page) -> None:
    """On a wall the window, the output, the arithmetic and the sentence are seen at every step: in a visit of
    test_legible.
    """
    page.locator(".cell").first.focus()
    page.keyboard.press("p")
    expect(page.locator(".header")).to_be_hidden()
    total = int(page.get_by_role("slider", name="Step", exact=True).get_attribute("max") or 0) + 1
    page.get_by_role("slider", name="Step", exact=True).fill("0")
    expect_step(page, 1, total)
    assert page.locator("[data-role=stage] :is(.window, .cell.marked)").filter(visible=True).count() > 0
    for width, height in (SMALL, (1366, 768), LARGE):
        page.set_viewport_size({"width": width, "height": height})
        for step in (1, total // 2, total):
            page.get_by_role("slider", name="Step", exact=True).fill(str(step - 1))
            expect_step(page, step, total)
            page.evaluate(
                "new Promise(done => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(done))))"
            )
            seen = page.evaluate(ABOUT)
            assert seen == {"hidden": 0, "sideways": 0, "small": 0, "below": 0}, (width, step)


# Steps of every part of a network's timeline, and pixels of their smallest digits on a small wall. Four grids of ReLU
# and 6 × 6 gradients beside two filters have no room for more, nor have 16 columns of numbers with air: what
# they are about stands larger in the arithmetic.
PARTS = {
    **dict.fromkeys((0, 40, 70, 78, 81, 90, 98, 102, 124, 130, 138, 150), LEGIBLE),
    180: 20,
    195: 20,
    209: LEGIBLE,
    226: LEGIBLE,
    227: 18,
    235: 18,
    250: 18,
    264: LEGIBLE,
    300: 20,
}


@pytest.mark.parametrize(("width", "height"), [(1366, 768), SMALL, LARGE])
def test_every_part_of_a_network_is_seen_as_a_whole_with_digits_for_the_last_row(show, width, height):
    page: Page = show("/backpropagation?present#step=1", width, height)
    for step, least in PARTS.items():
        follow(page, f"/backpropagation?present#step={step}")
        expect_step(page, step + 1, 310)
        until(page, lambda: page.evaluate(TYPE)["hidden"] == 0)
        seen = page.evaluate(TYPE)
        assert seen["sideways"] == 0
        assert seen["bottom"] <= height
        assert min(seen["result"], seen["sentence"]) >= LEGIBLE
        assert seen["digits"] >= (32 if height > 1000 else least), step
        assert seen["spilt"] == [], step


@pytest.mark.parametrize(
    ("link", "width"),
    [
        ("/operations/channels?present#pass=backward", 1024),
        ("/operations/channels?present#pass=backward&step=20", 1366),
        ("/depth?present#compare=yes", 1366),
        ("/depth?present#compare=yes&layers=12", 1024),
        ("/depth?present#compare=yes&layers=12", 1366),
        ("/depth?present#layers=12", 1024),
    ],
)
def test_what_is_compared_or_goes_backward_is_not_cut(show, link, width):
    page: Page = show(link, width, 768)
    until(
        page,
        lambda: page.locator("[data-role=stage]").evaluate("stage => stage.scrollHeight <= stage.clientHeight + 1"),
    )


LARGE_INPUT = "input=random-32x32-1&kernel=random-7x7-1"  # of which a part is seen at once


def test_nothing_scrolls_that_is_seen(show):
    page: Page = show(f"/operations/convolution?present#{LARGE_INPUT}&step=300", 1024, 768)
    page.wait_for_function(f"({SEEN})().beyond <= 0")
    top = "document.querySelector('[data-role=stage]').scrollTop"
    before = page.evaluate(top)
    assert before > 0
    page.keyboard.press("PageDown")
    expect(page.locator("[data-role=count]")).to_have_text(re.compile("^Step 302 of"))
    assert page.evaluate(top) == before


def test_keys_of_a_remote_control(open_page):
    page: Page = open_page("/operations/convolution?present", *SMALL)
    page.keyboard.press("PageDown")
    expect_step(page, 2, 4)
    page.keyboard.press("PageUp")
    expect_step(page, 1, 4)
    page.locator('[data-panel="input"] .cell').nth(4).click()
    page.keyboard.press("ArrowRight")  # a click alone leaves the arrows to the steps
    expect_step(page, 2, 4)
    page.keyboard.press("b")
    expect(page.locator(".blank")).to_be_visible()
    page.keyboard.press("PageDown")  # only ends the blank screen
    expect(page.locator(".blank")).to_have_count(0)
    expect_step(page, 2, 4)
    page.keyboard.press("+")
    expect(page.get_by_label("Speed")).to_have_value("2")
    assert "speed=2" in fragment(page)
    page.keyboard.press("q")
    expect(page.locator("#qr-dialog")).to_be_visible()


def test_the_link_says_the_speed_and_that_it_is_projected(open_page):
    page: Page = open_page("/operations/convolution?present#speed=8&step=1")
    expect(page.get_by_label("Speed")).to_have_value("8")
    page.keyboard.press("p")
    expect(page.locator(".header")).to_be_visible()
    assert page.evaluate("location.search") == ""
    assert fragment(page) == "#speed=8&step=1"


def test_letters_are_keys_where_they_are_wanted_alone(open_page):
    page: Page = open_page("/operations/convolution")
    page.keyboard.press("p")  # the focus is on nothing
    expect(page.locator(".header")).to_be_visible()
    page.locator('[data-panel="output"] .cell').first.focus()
    page.keyboard.press("p")
    expect(page.locator(".header")).to_be_hidden()
    page.keyboard.press("p")
    page.keyboard.press("?")
    page.get_by_label("Letters, + and − are keys").uncheck()
    page.keyboard.press("Escape")
    page.locator('[data-panel="output"] .cell').first.focus()
    page.keyboard.press("p")
    expect(page.locator(".header")).to_be_visible()
