"""The start page: a convolution that plays, to be painted on, and the way to every page."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from cnn_engine import conv2d
from cnn_engine.data.presets import input_values, kernel_values
from cnn_server.pages import PAGES

from .reading import button, cells, result, value_of

INPUT = '[data-panel="input"] .cell'


def test_it_plays_by_itself_where_motion_is_welcome(open_page):
    page: Page = open_page("/", reduced_motion=False)
    first = page.locator("[data-role=live-said]").inner_text()
    expect(page.locator("[data-role=live-said]")).not_to_have_text(first)
    button(page, "Pause").click()
    expect(button(page, "Play")).to_be_visible()


def test_it_stands_still_where_motion_is_not(open_page):
    page: Page = open_page("/")
    expect(button(page, "Play")).to_be_visible()
    assert sum(text != "" for text in cells(page, "output")) == 12


def test_what_is_painted_goes_through_the_engine_and_into_the_link(open_page):
    page: Page = open_page("/")
    page.locator(INPUT).nth(0).click()  # 0 becomes 9
    page.get_by_role("button", name="outline").click()
    picture = input_values("digit", (8, 8))
    picture[0, 0, 0] = 9
    expected = conv2d(picture, kernel_values("outline")[None, None]).ravel()
    last = page.locator('[data-panel="output"] .cell').nth(35)
    last.click()
    expect(page.locator('[data-panel="kernel"] .cell').nth(4)).to_have_text("8")
    expect(last).not_to_be_empty()
    assert [value_of(text) for text in cells(page, "output")] == expected.tolist()
    page.get_by_role("link", name="Open it, step by step").click()
    expect(page.locator("[data-role=count]")).to_have_text("Step 36 of 36")
    assert value_of(result(page)) == expected[-1]
    assert cells(page, "input")[0] == "9"


@pytest.mark.parametrize("touch", [False, True], ids=["mouse", "touch"])
def test_a_second_press_takes_the_paint_away(open_page, touch):
    page: Page = open_page("/", width=390, height=844, has_touch=touch)
    cell = page.locator(INPUT).nth(0)
    for shown in ("9", "0"):
        cell.tap() if touch else cell.click()
        expect(cell).to_have_text(shown)


def test_every_page_is_listed_with_what_it_shows(open_page):
    page: Page = open_page("/")
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
