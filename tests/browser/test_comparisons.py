"""One thing changed and the outputs compared: a flipped kernel, an input moved by one pixel."""

from __future__ import annotations

import numpy as np
import pytest
from playwright.sync_api import Page, expect

from cnn_engine import conv2d, flip_kernel, max_pool2d, shift2d
from cnn_engine.data.presets import input_values, kernel_values
from tests.browser.reading import button, cells, choose_kernel, come_back, expect_step, more, value_of

BLOB = input_values("blob", (6, 6))


def shown(page: Page, panel: str) -> list[float]:
    return [value_of(text) for text in cells(page, panel) if text]


def test_a_flipped_kernel_beside_the_kernel_as_it_is(show, check_axe) -> None:
    page: Page = show("/operations/convolution#input=blob-6x6&kernel=sharpen-3x3&step=3")
    comparison = page.locator("[data-role=comparison]")
    expect(comparison).to_contain_text("its older name is cross-correlation")
    more(page)
    page.get_by_role("checkbox", name="Flip the kernel: true convolution").check(force=True)
    expect(comparison).to_contain_text("Turned by 180° this kernel is the same, so nothing changes.")
    choose_kernel(page, "Emboss")
    expect(comparison).to_contain_text("Turned by 180° this kernel is another one:")
    expect_step(page, 4, 16)  # the switch and the kernel keep the step
    weight = kernel_values("emboss")
    assert shown(page, "b-kernel") == flip_kernel(weight).ravel().tolist()
    plain, turned = (conv2d(BLOB, kernel[None, None]).ravel() for kernel in (weight, flip_kernel(weight)))
    assert shown(page, "output") == plain[:4].tolist()
    button(page, "Last step").click()
    assert shown(page, "b-output") == turned.tolist()
    assert shown(page, "difference") == (turned - plain).tolist()
    changed = np.count_nonzero(turned - plain)
    expect(page.locator('[data-panel="difference"]')).to_contain_text(f"{changed} of 16 changed")
    expect(page.locator("[data-role=sentence]")).to_contain_text(f"{changed} of 16 outputs change")
    page.locator('[data-panel="b-output"] .cell').nth(5).hover()
    lit = page.locator('[data-panel="input"] .cell.linked')
    expect(lit).to_have_count(9)
    check_axe(page)
    differences = cells(page, "difference")
    come_back(page)
    assert cells(page, "difference") == differences


def test_an_edit_of_the_kernel_turns_with_it_and_other_kinds_have_no_switch(show) -> None:
    page: Page = show("/operations/convolution#flip=yes")
    page.locator('[data-panel="kernel"] .cell').nth(0).dblclick()
    page.locator(".cell-editor").fill("7")
    page.keyboard.press("Enter")
    expect(page.locator('[data-panel="b-kernel"] .cell')).to_have_text(["3", "2", "1", "7"])
    page.locator('[data-panel="b-kernel"] .cell').nth(0).dblclick()
    assert page.locator(".cell-editor").count() == 0
    page.get_by_role("radio", name="transposed, output by output").check(force=True)
    expect(page.locator('[data-panel="b-kernel"]')).to_have_count(0)
    expect(page.get_by_role("checkbox", name="Flip the kernel: true convolution")).to_be_hidden()


@pytest.mark.parametrize(("way", "shift"), [("left", (0, -1)), ("down", (1, 0))])
def test_an_input_moved_by_one_pixel(show, way, shift) -> None:
    page: Page = show("/operations/pooling#input=random-6x6-2&step=8")
    page.get_by_role("radio", name=way, exact=True).check(force=True)
    random = input_values("random", (6, 6), 1, 2)
    moved = shift2d(random, shift)
    before, after = max_pool2d(random, 2), max_pool2d(moved, 2)
    expect(page.locator('[data-panel="b-input"] .cell')).to_have_text(moved.astype(int).astype(str).ravel().tolist())
    assert shown(page, "output") == before.ravel().tolist()
    assert shown(page, "b-output") == after.ravel().tolist()
    assert shown(page, "difference") == (after - before).ravel().tolist()
    changed = np.count_nonzero(after - before)
    sentence = f"{changed} of 9 outputs change and {9 - changed} stay as they were."
    expect(page.locator("[data-role=comparison]")).to_contain_text(sentence)
    expect(page.locator("[data-role=sentence]")).to_contain_text(sentence)


def test_what_max_pooling_forgives(show) -> None:
    spot = "0,0,0,0;0,0,0,0;9,0,0,0;0,0,0,0"
    page: Page = show(f"/operations/pooling#input={spot}&shift=right")
    comparison = page.locator("[data-role=comparison]")
    expect(comparison).to_contain_text("moved by 1 column to the right: not one output changes.")
    page.get_by_role("radio", name="left", exact=True).check(force=True)
    expect(comparison).to_contain_text("1 of 4 outputs changes and 3 stay as they were.")
    page.get_by_role("radio", name="global average", exact=True).check(force=True)
    expect(comparison).to_contain_text("the one output changes.")
    page.get_by_role("radio", name="none", exact=True).check(force=True)
    expect(page.locator('[data-panel="difference"]')).to_have_count(0)
