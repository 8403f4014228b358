"""The start page: a digit that one draws goes through a network, layer by layer, and the way to every page."""

from __future__ import annotations

from typing import Literal

import pytest
from playwright.sync_api import Page, expect

from cnn_server.pages import PAGES

from .reading import button, fragment, result, until, value_of


def press(page: Page, button: Literal["left", "right"]) -> None:
    """Draw a stroke down the middle of the pad."""
    box = page.locator("[data-role=pad]").bounding_box()
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + 40)
    page.mouse.down(button=button)
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] - 40, steps=12)
    page.mouse.up(button=button)


def probabilities(page: Page) -> list[str]:
    return page.locator("[data-role=bars] output").all_inner_texts()


SEEN = """
addEventListener("DOMContentLoaded", () => {
  const hand = document.querySelector("[data-role=hand-place]");
  new MutationObserver(() => { window.handWasSeen ||= !hand.hidden; }).observe(hand, { attributes: true });
});
"""


def test_a_hand_draws_a_digit_once_where_motion_is_welcome(new_context):
    context = new_context(reduced_motion="no-preference")
    context.add_init_script(SEEN)
    page: Page = context.new_page()
    page.goto("/")
    until(page, lambda: page.evaluate("window.handWasSeen"))
    expect(page.locator("[data-role=hand-place]")).to_be_hidden()
    expect(page.locator("[data-role=answer]")).to_contain_text("The network answers 3.")
    assert page.evaluate("location.hash") == ""  # it is nobody's choice


def test_what_is_drawn_is_answered_and_a_kernel_can_be_switched_off(open_page, check_axe):
    page: Page = open_page("/")
    press(page, "right")  # which draws nothing
    press(page, "left")  # the digit that was there gives way
    expect(page.locator("[data-role=answer]")).to_contain_text("The network answers 1.")
    before = probabilities(page)
    off = button(page, "Switch kernel 3 off")
    off.click()
    expect(off).to_have_attribute("aria-pressed", "true")
    until(page, lambda: page.locator("[data-role=bars] .was").all_inner_texts() == before)
    assert "off=0,2" in fragment(page)
    check_axe(page)
    page.reload()
    expect(button(page, "Switch kernel 3 off")).to_have_attribute("aria-pressed", "true")
    expect(page.locator("[data-role=answer]")).to_contain_text("The network answers 1.")


def test_a_number_of_a_layer_is_read_and_opens_in_the_explorer(open_page):
    page: Page = open_page("/")
    stop = page.locator("[data-role=pipeline] > li").filter(has_text="Pooling").first
    canvas = stop.locator("canvas").nth(2)
    canvas.hover(position={"x": 30, "y": 30})
    shown = stop.locator("[data-role=number]")
    expect(shown).to_contain_text("how it was made")
    number, address = shown.inner_text().partition(":")[0], shown.get_attribute("href")
    assert "at=2,2," in address
    page.mouse.move(0, 0)  # what is not pointed at says its largest number, and opens it too
    expect(shown).to_contain_text("The largest:")
    assert shown.get_attribute("href") != address
    canvas.click(position={"x": 30, "y": 30})
    page.wait_for_url("**/explorer#*")
    expect(page.locator("[data-role=cell-view]")).to_be_visible()
    until(page, lambda: value_of(result(page)) == value_of(number))


def test_every_page_is_listed_with_what_it_shows(show):
    page: Page = show("/")
    listed = dict(page.locator(".pages a").evaluate_all("links => links.map(a => [a.pathname, a.innerText])"))
    assert listed.keys() == {one.path for one in PAGES} - {"/"}
    assert all(one.title in listed[one.path] and one.lead in listed[one.path] for one in PAGES if one.path in listed)


def test_the_operations_are_in_a_menu_that_closes_by_itself(open_page):
    page: Page = open_page("/operations/stride")
    menu = page.locator(".nav .menu")
    menu.locator("summary").click()
    expect(menu.get_by_role("link", name="Stride")).to_have_attribute("aria-current", "page")
    page.keyboard.press("Escape")
    expect(menu.get_by_role("link", name="Padding")).to_be_hidden()
    menu.locator("summary").click()
    page.locator("h1").click()
    expect(menu.get_by_role("link", name="Padding")).to_be_hidden()
    menu.locator("summary").click()
    menu.get_by_role("link", name="Padding").click()
    expect(page.locator("h1")).to_have_text("Padding")


@pytest.mark.parametrize(("width", "height"), [(390, 844), (1366, 768)])
def test_each_kernel_is_large_enough_for_a_finger(show, width, height):
    page: Page = show("/", width=width, height=height)
    kernels = page.get_by_role("group", name="Kernels").get_by_role("button")
    expect(kernels).to_have_count(8)
    assert min(min(one.bounding_box()[side] for side in ("width", "height")) for one in kernels.all()) >= 24
