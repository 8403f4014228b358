"""What the lesson only says, shown in numbers: each as a person comes to it, with the task that notices."""

from __future__ import annotations

import re

import numpy as np
import pytest
from playwright.sync_api import Locator, Page, expect

from cnn_engine import conv2d, shift2d, trace_average_or_dense
from cnn_engine.data.inputs import input_values
from cnn_engine.data.kernels import kernel_values

from .reading import button, cells, expect_step, more, slide, value_of


def values(page: Page, panel: str) -> list[float]:
    return [value_of(text) for text in cells(page, panel)]


def window_of(page: Page, panel: str) -> tuple[int, int]:
    """How many rows and columns of cells the window of a grid covers, by where both are drawn."""
    frame = page.locator(f'[data-panel="{panel}"] .window').bounding_box()
    cell = page.locator(f'[data-panel="{panel}"] .cell').first.bounding_box()
    assert frame
    assert cell
    return round(frame["height"] / (cell["height"] + 2)), round(frame["width"] / (cell["width"] + 2))


def task(page: Page, name: str) -> Locator:
    return page.locator(f'[data-task="{name}"]')


@pytest.mark.parametrize("width", [1440, 390])
def test_two_convolutions_in_a_row_see_more_than_one(open_page, width) -> None:
    page: Page = open_page("/operations/convolution", width=width)
    if width < 500:
        button(page, "Settings").click()
    more(page)
    page.get_by_role("radio", name="two convolutions in a row").check(force=True)
    expect_step(page, 1, 25 + 9)
    if width < 500:
        button(page, "Settings").click()
    assert window_of(page, "input") == (3, 3)
    assert page.locator('[data-task="hierarchy"].met').count() == 0
    page.get_by_role("slider", name="Step", exact=True).press("End")
    hidden = conv2d(input_values("cross", (7, 7)), kernel_values("vertical-edge")[None, None])
    output = conv2d(hidden, kernel_values("horizontal-edge")[None, None])
    assert values(page, "hidden") == hidden.ravel().tolist()
    assert values(page, "output") == output.ravel().tolist()
    page.locator('[data-panel="hidden"] .cell').nth(12).click()
    expect_step(page, 13, 34)
    assert window_of(page, "input") == (3, 3)
    page.locator('[data-panel="output"] .cell').nth(4).click()
    expect_step(page, 30, 34)
    assert window_of(page, "hidden") == (3, 3)
    assert window_of(page, "input") == (5, 5)
    expect(page.locator("[data-role=sentence]")).to_contain_text("rows 2–6 and columns 2–6 of the input: 5 × 5 cells")
    expect(task(page, "hierarchy")).to_have_class(re.compile("met"))


def test_a_stride_in_the_first_of_two_layers_lets_the_second_see_further(open_page) -> None:
    page: Page = open_page("/operations/convolution#mode=stacked&input=cross-9x9&kernel=vertical-edge-3x3&step=49")
    assert window_of(page, "input") == (5, 5)
    page.get_by_role("slider", name="Stride", exact=True).first.fill("2")
    expect_step(page, 1, 16 + 4)
    assert page.locator('[data-task="farther"].met').count() == 0
    button(page, "Last step").click()
    assert window_of(page, "input") == (7, 7)
    expect(task(page, "farther")).to_have_class(re.compile("met"))
    assert len(page.locator(".formula .legend").all_inner_texts()) >= 2  # the sizes of both


def test_an_object_at_the_border_is_found_with_padding_and_missed_without(open_page) -> None:
    page: Page = open_page("/operations/padding")
    page.get_by_role("radio", name="a spot on the border").check(force=True)
    expect(page.locator('[data-panel="input"] .cell').nth(2)).to_have_text("9")
    last = page.locator(".compared tbody tr").last
    expect(last).to_have_text("largest output……")
    for _ in range(2):
        button(page, "Next step").click()
    expect(page.locator('[data-panel="b-output"] .cell').nth(2)).to_have_text("72")
    expect(task(page, "border")).to_have_class(re.compile("met"))
    button(page, "Last step").click()
    spot, outline = input_values("border-spot", (5, 5)), kernel_values("outline")[None, None]
    found = [int(conv2d(spot, outline, padding=padding).max()) for padding in (0, 1)]
    assert found == [0, 72]
    expect(last).to_have_text(f"largest output{found[0]}{found[1]}")


def test_averages_stay_where_a_dense_layer_changes_its_answer(open_page, check_axe) -> None:
    page: Page = open_page("/operations/dense")
    page.get_by_role("radio", name="maps, beside their averages").check(force=True)
    expect(page.locator('[data-panel="averages"] .cell').first).to_have_text("0.75")
    button(page, "Last step").click()
    assert page.locator('[data-task="misled"].met').count() == 0
    page.get_by_role("radio", name="right", exact=True).check(force=True)
    expect(task(page, "misled")).to_have_class(re.compile("met"))
    button(page, "Last step").click()
    maps = np.array(values(page, "input")).reshape(2, 4, 4)
    moved = np.array(values(page, "b-input")).reshape(2, 4, 4)
    np.testing.assert_array_equal(moved, shift2d(maps, (0, 1)))
    assert values(page, "averages") == values(page, "b-averages") == maps.mean(axis=(1, 2)).tolist()
    before, after = values(page, "output"), values(page, "b-output")
    assert np.argmax(before) != np.argmax(after)
    assert values(page, "difference") == (np.array(after) - np.array(before)).tolist()
    weights = np.array(values(page, "weights")).reshape(2, 4, 4)  # those of the last class
    trace = trace_average_or_dense(maps, np.stack([weights, weights]))
    assert trace.tensors["output"].tolist()[1] == before[1]
    check_axe(page, both=True)


def test_undo_and_redo_keep_the_step_where_it_is_still_there(open_page) -> None:
    page: Page = open_page("/operations/convolution#input=blob-7x7&kernel=vertical-edge-3x3&step=12")
    slide(page, "Padding", 1)
    expect_step(page, 1, 49)
    button(page, "Undo").click()
    expect_step(page, 13, 25)
    button(page, "Redo").click()
    expect_step(page, 1, 49)
    button(page, "Next step").click()
    button(page, "Next step").click()
    button(page, "Undo").click()
    expect_step(page, 3, 25)
