"""A number in the sentence of a step lights its cell: by pointing, by keys and by a finger, and nothing moves."""

from __future__ import annotations

import pytest
from playwright.sync_api import Locator, Page, expect

from .reading import expect_step, value_of

PHONE = {"width": 390, "height": 844, "has_touch": True, "is_mobile": True}
LIT = """[...document.querySelectorAll('[data-panel]')].flatMap((panel) =>
    [...panel.querySelectorAll('.cell')].flatMap((cell, at) =>
        cell.classList.contains('linked') ? [`${panel.dataset.panel} ${at}`] : []))"""
BOXES = """[...document.querySelectorAll('.cell, .sentence, .sentence *, .transport, .panel-head')].map((node) => {
    const { x, y, width, height } = node.getBoundingClientRect();
    return [x, y, width, height];
})"""


def marks(page: Page) -> Locator:
    return page.locator("[data-role=sentence] .named")


def texts(page: Page) -> list[str]:
    return marks(page).all_inner_texts()


def lit(page: Page) -> list[str]:
    """Which cells of which panels are lit."""
    found: list[str] = page.evaluate(LIT)
    return found


# a link, the numbers of its sentence that know their cells, and the cell of each
STEPS = [
    ("/operations/convolution#input=ramp-right-5x5&kernel=vertical-edge-3x3&step=4", ["output 4"]),
    ("/operations/pooling#input=ramp-right-4x4&step=1", ["input 2", "input 3", "input 6", "input 7", "output 1"]),
    ("/operations/padding#step=8", ["output 8", "b-output 8"]),
    ("/operations/activation#step=2", ["input 2"]),
    ("/operations/flatten#step=2", ["input 2"]),
    ("/operations/output#step=1", ["input 1", "shifted 1"]),
    ("/operations/convolution#input=ramp-right-5x5&kernel=vertical-edge-3x3&pass=backward&step=1", ["output 1"]),
]


@pytest.mark.parametrize(("path", "cells"), STEPS, ids=[path.split("/")[2] for path, _ in STEPS])
def test_pointing_at_a_number_lights_its_cell_and_moves_nothing(show, path, cells):
    page = show(path)
    expect(marks(page)).to_have_count(len(cells))
    before, written = page.evaluate(BOXES), page.locator("[data-role=sentence]").inner_text()
    for mark, cell in zip(marks(page).all(), cells, strict=True):
        mark.hover()
        assert cell in lit(page)
        panel, at = cell.split()
        shown = page.locator(f'[data-panel="{panel}"] .cell').nth(int(at)).inner_text()
        assert value_of(shown) == pytest.approx(value_of(mark.inner_text()), abs=5e-3)
    assert page.evaluate(BOXES) == before
    assert page.locator("[data-role=sentence]").inner_text() == written
    page.mouse.move(2, 2)
    assert lit(page) == []


def test_a_number_lights_what_its_cell_has_to_do_with_as_the_cell_does(show):
    page = show("/operations/convolution#input=ramp-right-5x5&kernel=vertical-edge-3x3&step=4")
    page.locator('[data-panel="output"] .cell').nth(4).hover()
    by_cell = set(lit(page))
    page.mouse.move(2, 2)
    marks(page).first.hover()
    assert set(lit(page)) == by_cell | {"output 4"}


def test_by_keyboard_a_number_stays_lit_on_the_steps_forward_and_backward(show, check_axe):
    page = show("/operations/pooling#input=ramp-right-4x4&step=1")
    marks(page).last.focus()
    assert "output 1" in lit(page)
    check_axe(page)
    page.keyboard.press("ArrowRight")
    expect_step(page, 3, 4)
    expect(marks(page).last).to_be_focused()
    assert "output 2" in lit(page)
    page.keyboard.press("ArrowLeft")
    expect_step(page, 2, 4)
    assert "output 1" in lit(page)
    page.keyboard.press("Escape")
    assert lit(page) == []


def test_by_a_finger(open_page):
    page = open_page("/operations/pooling#input=ramp-right-4x4&step=1", **PHONE)
    marks(page).first.tap()
    assert "input 2" in lit(page)
    marks(page).last.tap()
    assert "output 1" in lit(page)
    assert "input 2" in lit(page)  # its window
    page.locator("[data-role=sentence]").tap(position={"x": 4, "y": 4})
    page.locator("h1").tap()
    expect(page.locator("[data-panel] .cell.linked")).to_have_count(0)


@pytest.mark.parametrize("path", ["/operations/padding#step=7", "/operations/convolution#flip=yes&step=1"])
def test_of_two_settings_each_line_lights_its_own_side(show, path):
    page = show(path)
    sides = {"second" if cell.startswith("b-") else "first" for cell in _cells_of(page)}
    assert sides == {"first", "second"}


def _cells_of(page: Page) -> list[str]:
    found = []
    for mark in marks(page).all():
        mark.hover()
        found += [cell for cell in lit(page) if "output" in cell]
    return found


def test_a_number_lights_its_cell_in_a_network_and_before_a_projector(open_page):
    page = open_page("/backpropagation#step=1")
    marks(page).last.hover()
    assert any(cell.startswith("output") for cell in lit(page))
    page = open_page("/operations/activation?present#step=2")
    marks(page).first.hover()
    assert lit(page)
