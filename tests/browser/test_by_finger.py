"""By a finger: what it scrolls over stays as it is, and what it takes hold of moves."""

from __future__ import annotations

from itertools import pairwise

import pytest
from playwright.sync_api import Page, expect

from .reading import button, fragment, until

PHONE = {"width": 390, "height": 844, "has_touch": True, "is_mobile": True}
STEPS = 8


def drag(page: Page, *points: tuple[float, float]) -> None:
    """Put a finger down on the first point, and move it over the others."""
    session = page.context.new_cdp_session(page)

    def touch(kind: str, *at: tuple[float, float]) -> None:
        session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [{"x": x, "y": y} for x, y in at]})

    touch("touchStart", points[0])
    for (x, y), (to_x, to_y) in pairwise(points):
        for part in range(1, STEPS + 1):
            touch("touchMove", (x + (to_x - x) * part / STEPS, y + (to_y - y) * part / STEPS))
    touch("touchEnd")


def check_sheet(sheet: Page) -> None:
    """Nothing of the page is seen between the settings and the transport."""
    transport = sheet.locator(".transport").bounding_box()
    assert transport
    above = "([x, y]) => Boolean(document.elementFromPoint(x, y).closest('[data-sheet]'))"
    for pixels in range(1, 8):
        assert sheet.evaluate(above, [transport["width"] / 2, transport["y"] - pixels]), pixels
    last = sheet.locator("[data-role=inspector] summary").filter(has_text="More")
    sheet.locator("[data-role=inspector]").evaluate("node => node.scrollTo(0, node.scrollHeight)")
    box = last.bounding_box()
    assert box
    assert box["y"] + box["height"] <= transport["y"]


def test_a_finger_that_scrolls_over_a_slider_sets_nothing_and_one_on_its_knob_does(open_page) -> None:
    sheet: Page = open_page("/operations/convolution", **PHONE)
    button(sheet, "Settings").tap()
    expect(sheet.locator("[data-role=inspector][data-sheet]")).to_be_visible()
    check_sheet(sheet)
    slider = sheet.get_by_role("slider", name="Input size", exact=True)
    slider.scroll_into_view_if_needed()
    box = slider.bounding_box()
    assert box
    middle, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    drag(sheet, (middle, y), (middle, y - 120))
    expect(slider).to_have_value("3")
    slider.scroll_into_view_if_needed()
    box = slider.bounding_box()
    assert box
    low, high = (float(slider.get_attribute(end) or "nan") for end in ("min", "max"))
    knob = 32
    x = box["x"] + knob / 2 + (box["width"] - knob) * (3 - low) / (high - low)
    drag(sheet, (x, box["y"] + box["height"] / 2), (middle, box["y"] + box["height"] / 2))
    expect(slider).not_to_have_value("3")
    assert "input=" in fragment(sheet)
    sheet.touchscreen.tap(box["x"] + box["width"] - 1, box["y"] + box["height"] / 2)
    expect(slider).to_have_value(f"{high:g}")


AT_REST = """() => new Promise((rests) => {
    let [last, still] = [scrollY, 0];
    requestAnimationFrame(function look() {
        still = scrollY === last ? still + 1 : 0;
        last = scrollY;
        still > 5 ? rests() : requestAnimationFrame(look);
    });
})"""


def swipe_up(page: Page, selector: str) -> float:
    """Swipe up over something in the middle of the screen; return how far the page scrolled."""
    shown = page.locator(selector)
    shown.evaluate("node => node.scrollIntoView({ block: 'center' })")
    box, before = shown.bounding_box(), page.evaluate("scrollY")
    assert box
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] * 0.8
    drag(page, (x, y), (x, y - 120))
    page.evaluate(AT_REST)
    return float(page.evaluate("scrollY") - before)


def test_a_finger_that_swipes_over_a_grid_seen_in_part_scrolls_the_page(open_page) -> None:
    page: Page = open_page("/operations/convolution#input=blob-7x7&mode=upsample&between=bilinear", **PHONE)
    part = page.locator("[data-panel=output] .part")
    assert swipe_up(page, "[data-panel=output] .part") > 60
    assert part.evaluate("node => node.scrollTop") == 0
    overview = page.locator("[data-panel=output] .overview")
    overview.evaluate("node => node.scrollIntoView({ block: 'center' })")
    page.evaluate(AT_REST)
    whole = overview.bounding_box()
    assert whole
    x, y, side = whole["x"] + 4, whole["y"] + 4, whole["height"] - 8
    drag(page, (x, y), (x, y + side))  # the picture of the whole moves what is seen
    until(page, lambda: part.evaluate("node => node.scrollTop + node.clientHeight === node.scrollHeight"))


@pytest.mark.parametrize("path", ["/", "/explorer"])
def test_a_finger_draws_on_a_pad_that_it_has_tapped_and_scrolls_the_page_before(open_page, path) -> None:
    page: Page = open_page(path, **PHONE)
    assert swipe_up(page, "[data-role=pad]") > 60
    assert fragment(page) == ""
    pad = page.locator("[data-role=pad]")
    pad.tap()
    assert fragment(page) == ""
    assert swipe_up(page, "[data-role=pad]") == 0
    page.wait_for_function("() => location.hash.includes('drawing=')")
    page.evaluate("scrollTo(0, document.body.scrollHeight)")
    pad.scroll_into_view_if_needed()
    expect(pad).to_have_class("pad")


# Whether the cells that a step is about, what is said of it and the sum in its arithmetic are seen, none under another.
SEEN = """() => new Promise((done) => requestAnimationFrame(() => setTimeout(done))).then(() => {
  const all = (selector) => [...document.querySelectorAll(selector)].filter((node) => node.checkVisibility());
  const box = (node) => node.getBoundingClientRect();
  const [wording, transport] = [".sentence-row", ".transport"].map((part) => box(all(part)[0]));
  const about = all(".stage :is(.window, .cell.marked)").map(box);
  return {
    about: about.every(({ top, bottom }) => top >= 0 && bottom <= wording.top),
    sentence: box(all(".sentence")[0]).bottom <= transport.top,
    sum: all(".arithmetic .result-value").every((node) => box(node).bottom <= transport.top),
  };
})"""
STEPPED = ["convolution", "pooling", "flatten", "stride", "padding", "channels", "dense"]


@pytest.mark.parametrize("name", STEPPED)
def test_on_a_phone_what_a_step_is_about_is_seen_above_what_is_said_of_it_at_every_step(open_page, name) -> None:
    page: Page = open_page(f"/operations/{name}", **PHONE)
    slider = page.get_by_role("slider", name="Step", exact=True)
    last = int(slider.get_attribute("max") or 0)
    for width, height in ((390, 844), (360, 640)):
        page.set_viewport_size({"width": width, "height": height})
        for step in (0, last // 2, last):
            slider.fill(str(step))
            seen = page.evaluate(SEEN)
            assert seen["about"], (width, step)
            assert seen["sentence"] or height < 700, (width, step)
            assert seen["sum"] or height < 700 or STEPPED.index(name) > STEPPED.index("flatten"), (width, step)


def test_numbers_that_travel_go_below_the_settings_and_the_transport(open_page) -> None:
    page: Page = open_page("/operations/convolution", reduced_motion=False, **PHONE)
    button(page, "Play").tap()
    flying = page.locator(".flying").first
    flying.wait_for(state="attached")
    height = "node => Number(getComputedStyle(node).zIndex)"
    found = flying.evaluate(height)
    assert found < min(page.locator(part).evaluate(height) for part in (".transport", ".header"))


SMALL = """() => [...document.querySelectorAll('button, select, summary')]
    .filter((node) => node.checkVisibility() && !node.matches('.term, [role=menuitem], .map-button'))
    .filter((node) => Math.min(node.offsetWidth, node.offsetHeight) < 44)
    .map((node) => node.textContent)"""


def test_what_is_tapped_is_as_large_as_a_finger_and_the_slider_of_steps_as_wide_as_the_screen(open_page) -> None:
    page: Page = open_page("/operations/convolution#input=blob-7x7&mode=upsample&step=195", **PHONE)
    page.locator("[data-role=inspector] details").evaluate_all("all => all.forEach(one => { one.open = true; })")
    assert page.evaluate(SMALL) == []
    slider, count, speed = (page.locator(f"[data-role={role}]").bounding_box() for role in ("slider", "count", "speed"))
    assert slider
    assert count
    assert speed
    assert slider["width"] >= PHONE["width"] - 24
    assert count["y"] + count["height"] <= speed["y"]


def test_where_a_timeline_has_parts_its_buttons_are_as_large_and_take_no_more_of_a_low_screen(open_page) -> None:
    page: Page = open_page("/backpropagation", **PHONE | {"width": 360, "height": 640})
    expect(page.locator("[data-role=marks]")).to_be_visible()
    assert page.locator(".transport").evaluate("node => node.offsetHeight") <= 141
    assert page.evaluate(SMALL) == []


@pytest.mark.parametrize(("path", "there"), [("/explorer", ".digits .button"), ("/training", ".weight-tile")])
def test_digits_to_choose_and_filters_to_look_at_are_as_large_as_a_finger(open_page, path, there) -> None:
    page: Page = open_page(path, **PHONE)
    expect(page.locator(there).first).to_be_attached()
    for size in (PHONE["width"], PHONE["height"]), (360, 640):
        page.set_viewport_size({"width": size[0], "height": size[1]})
        assert page.evaluate(SMALL) == []
