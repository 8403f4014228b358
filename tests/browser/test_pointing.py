"""Pointing at a cell lights up what it has to do with; a click or Enter pins it, and the link keeps it."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from .reading import come_back, follow, fragment, slide, until

BASE = "/operations/convolution#input=ramp-right-5x5&kernel=vertical-edge-3x3"


def cell(page, panel, index):
    return page.locator(f'[data-panel="{panel}"] .cell').nth(index)


def lit(page, panel):
    """Which cells of a panel are lit, by their numbers."""
    every = page.locator(f'[data-panel="{panel}"] .cell')
    return every.evaluate_all("cells => cells.flatMap((cell, i) => cell.classList.contains('linked') ? [i] : [])")


def test_an_output_cell_lights_its_window(show):
    page = show(BASE)
    cell(page, "output", 4).hover()
    assert lit(page, "input") == [6, 7, 8, 11, 12, 13, 16, 17, 18]


def test_an_input_cell_lights_every_output_that_it_feeds(show):
    page = show(BASE)
    cell(page, "input", 1).hover()
    assert lit(page, "output") == [0, 1]
    cell(page, "input", 12).hover()
    assert lit(page, "output") == list(range(9))


def test_a_weight_lights_every_input_that_it_meets(show):
    page = show(BASE + "&stride=2")
    cell(page, "kernel", 4).hover()
    assert lit(page, "input") == [6, 8, 16, 18]


def test_padding_and_dilation_are_reckoned_with(show):
    page = show(BASE + "&padding=1&dilation=2")
    cell(page, "output", 0).hover()
    assert lit(page, "input") == [0, 2, 4, 14, 16, 18, 28, 30, 32]


def test_a_click_pins_and_the_link_keeps_it(show):
    page = show(BASE + "&step=8")
    cell(page, "input", 12).click()
    page.mouse.move(2, 2)
    assert lit(page, "output") == list(range(9))
    assert fragment(page).endswith("step=8&pin=input-0,2,2")
    come_back(page)
    assert lit(page, "output") == list(range(9))
    expect(cell(page, "input", 12)).to_have_class("cell value editable pinned")
    slide(page, "Stride", 2)  # the cell is there as before
    assert "pin=input-0,2,2" in fragment(page)
    page.get_by_role("radio", name="Checkerboard", exact=True).check(force=True)
    until(page, lambda: "pin=" not in fragment(page))  # its numbers are others
    follow(page, f"{BASE}&pin=input-0,2,2")
    page.keyboard.press("Escape")
    assert lit(page, "output") == []
    assert "pin=" not in fragment(page)


def test_by_keyboard(show, check_axe):
    page = show(BASE)
    cell(page, "kernel", 0).focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowRight")
    assert lit(page, "input") == [6, 7, 8, 11, 12, 13, 16, 17, 18]
    page.keyboard.press("Enter")
    expect(cell(page, "kernel", 4)).to_contain_class("pinned")
    assert page.locator(".cell-editor").count() == 0
    check_axe(page, part=".stage-card")
    page.keyboard.press("Enter")
    expect(cell(page, "kernel", 4)).not_to_contain_class("pinned")
    page.keyboard.press("F2")
    expect(page.locator(".cell-editor")).to_be_visible()


# a link, a cell that is pointed at, and which cells of another panel are lit, in each grid that it has
LIT = [
    ("/operations/pooling", "output", 1, "input", [2, 3, 8, 9]),
    ("/operations/flatten#step=17", "output", 7, "input", [7]),
    ("/operations/flatten#step=17", "input", 7, "output", [7]),
    ("/operations/activation", "input", 8, "output", [8]),
    ("/operations/dense", "hidden", 1, "weight-0", [6, 7, 8, 9, 10, 11]),
    ("/operations/dense", "weight-0", 7, "hidden", [1]),
    ("/operations/dense", "input", 2, "weight-0", [2, 8, 14, 20]),
    ("/operations/output", "input", 2, "powers", [2]),
    ("/operations/stride", "b-output", 3, "b-input", [14, 15, 16, 20, 21, 22, 26, 27, 28]),
    ("/operations/stride", "kernel", 0, "b-input", [0, 2, 12, 14]),
    ("/operations/padding", "input", 0, "output", [0]),
    ("/operations/padding", "b-visits", 0, "b-input", [8]),
    ("/operations/padding", "b-visits", 0, "b-output", [0, 1, 5, 6]),
    ("/operations/padding", "b-input", 8, "b-visits", [0]),
    ("/operations/padding", "b-input", 0, "b-visits", []),
    ("/operations/channels", "partial", 16, "input", [36, 37, 38, 42, 43, 44, 48, 49, 50]),
    ("/operations/channels", "partial", 16, "output", [0]),
    ("/operations/convolution#mode=scatter&stride=2", "input", 1, "output", [2, 3, 8, 9]),
    ("/operations/convolution#mode=scatter&padding=1", "output", 0, "input", [0, 1, 3, 4]),
    ("/operations/convolution#mode=scatter&stride=2", "kernel", 3, "output", [7, 9, 11, 19, 21, 23, 31, 33, 35]),
    ("/operations/convolution#mode=gather&stride=2", "input", 1, "output", [2, 3, 8, 9]),
    ("/operations/convolution#mode=gather&stride=2", "spread", 8, "input", [0]),
    ("/operations/convolution#mode=gather&stride=2", "output", 0, "spread", [0, 1, 7, 8]),
    ("/operations/convolution#mode=gather&padding=1", "kernel", 3, "input", [4, 5, 7, 8]),
    ("/operations/channels", "output", 16, "input", [*range(3), *range(6, 9), *range(12, 15)]),
]


@pytest.mark.parametrize("path", sorted({link.partition("#")[0] for link, *_ in LIT}))
def test_on_every_page(open_page, path):
    page, at = open_page(path), path
    for link, panel, index, other, expected in sorted(case for case in LIT if case[0].partition("#")[0] == path):
        if link != at:
            follow(page, link)
        at = link
        page.mouse.move(2, 2)
        cell(page, panel, index).hover()
        found = lit(page, other)
        assert found[: len(expected)] == expected, (link, panel)
        assert len(found) % len(expected) == 0 if expected else not found, (link, panel)


def test_a_pin_that_cannot_be_read_is_told(show):
    page = show(BASE + "&pin=somewhere")
    expect(page.locator("[data-role=message]")).to_contain_text("Pin")
