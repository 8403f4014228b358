"""Stepping: the lesson's own example to the last number, by mouse and by keys."""

from __future__ import annotations

import numpy as np
import pytest
from playwright.sync_api import Page, expect

from cnn_engine import trace_avg_pool2d, trace_conv2d, trace_max_pool2d
from cnn_engine.data.presets import input_values, kernel_values

from .reading import button, cells, expect_step, result, step_number, value_of


def test_the_lessons_example_step_by_step(show) -> None:
    page: Page = show("/operations/convolution")
    assert cells(page, "input") == list("012345678")
    assert cells(page, "kernel") == list("0123")
    seen = []
    for step in range(4):
        expect_step(page, step + 1, 4)
        seen.append(result(page))
        filled = [text for text in cells(page, "output") if text]
        assert filled == seen
        button(page, "Next step").click()
    assert seen == ["19", "25", "37", "43"]


def test_the_buttons_move_and_stop_at_the_ends(show) -> None:
    page: Page = show("/operations/convolution")
    button(page, "Previous step").click()
    expect_step(page, 1, 4)
    button(page, "Last step").click()
    expect_step(page, 4, 4)
    button(page, "Next step").click()
    expect_step(page, 4, 4)
    button(page, "Previous step").click()
    expect_step(page, 3, 4)
    button(page, "First step").click()
    expect_step(page, 1, 4)
    page.get_by_role("slider", name="Step", exact=True).fill("2")
    expect_step(page, 3, 4)


def test_the_keys_move(show) -> None:
    page: Page = show("/operations/convolution")
    for key, step in [("ArrowRight", 2), ("ArrowRight", 3), ("ArrowLeft", 2), ("End", 4), ("Home", 1)]:
        page.keyboard.press(key)
        expect_step(page, step, 4)


def test_keys_on_the_step_slider_move_by_one(show) -> None:
    page: Page = show("/operations/convolution")
    slider = page.get_by_role("slider", name="Step", exact=True)
    slider.focus()
    page.keyboard.press("ArrowRight")
    expect_step(page, 2, 4)
    page.keyboard.press("End")
    expect_step(page, 4, 4)


def test_playing_to_the_end_and_again(show) -> None:
    page: Page = show("/operations/convolution")
    page.get_by_label("Speed").select_option("60")
    button(page, "Play").click()
    expect_step(page, 4, 4)
    expect(button(page, "Play")).to_be_visible()
    page.get_by_label("Speed").select_option("0.5")
    button(page, "Play").click()
    expect_step(page, 1, 4)
    button(page, "Pause").click()
    expect(button(page, "Play")).to_be_visible()
    expect_step(page, 1, 4)


def test_space_plays_and_pauses(show) -> None:
    page: Page = show("/operations/convolution")
    page.get_by_label("Speed").select_option("0.5")
    page.locator("body").click(position={"x": 4, "y": 400})
    page.keyboard.press(" ")
    expect(button(page, "Pause")).to_be_visible()
    page.keyboard.press(" ")
    expect(button(page, "Play")).to_be_visible()


def test_choosing_an_output_cell_goes_to_its_step(show) -> None:
    page: Page = show("/operations/convolution")
    page.locator('[data-panel="output"] .cell').nth(2).click()
    expect_step(page, 3, 4)
    page.locator('[data-panel="output"] .cell').nth(1).focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect_step(page, 4, 4)


def test_a_grid_is_one_tab_stop(open_page) -> None:
    page: Page = open_page("/operations/convolution")
    assert page.locator('[data-panel="input"] .cell[tabindex="0"]').count() == 1
    page.locator('[data-panel="input"] .cell').first.focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowDown")
    focused = page.locator("*:focus")
    expect(focused).to_have_text("4")
    expect_step(page, 1, 4)
    page.keyboard.press("Tab")
    expect(page.locator('[data-panel="kernel"] *:focus')).to_have_count(1)


LINKS = [
    (
        "/operations/convolution#input=blob-7x7&kernel=vertical-edge-3x3&padding=1",
        lambda: trace_conv2d(input_values("blob", (7, 7))[0], kernel_values("vertical-edge"), padding=1),
    ),
    (
        "/operations/convolution#input=random-6x8-5&kernel=sharpen-3x3&stride=2x1&padding=1&padding_mode=reflect&bias=-3",
        lambda: trace_conv2d(
            input_values("random", (6, 8), seed=5),
            kernel_values("sharpen")[None, None],
            [-3.0],
            stride=(2, 1),
            padding=1,
            padding_mode="reflect",
        ),
    ),
    (
        "/operations/pooling#input=random-5x5-1&kernel_size=3&stride=2&padding=1",
        lambda: trace_max_pool2d(input_values("random", (5, 5), seed=1), 3, stride=2, padding=1),
    ),
    (
        "/operations/pooling#pool=avg&input=random-4x4-2&kernel_size=2&stride=2&ceil_mode=yes",
        lambda: trace_avg_pool2d(input_values("random", (4, 4), seed=2), 2, ceil_mode=True),
    ),
]


@pytest.mark.parametrize(("link", "trace"), LINKS)
def test_every_step_shows_the_engines_numbers(show, link, trace) -> None:
    page: Page = show(link)
    engine = trace()
    for index, step in enumerate(engine):
        expect_step(page, index + 1, len(engine))
        assert value_of(result(page)) == pytest.approx(step.output, abs=5e-4)
        assert page.locator("[data-role=sentence]").inner_text().replace("\N{NO-BREAK SPACE}", " ") == step.describe()
        assert sum(text != "" for text in cells(page, "output")) == index + 1
        page.keyboard.press("ArrowRight")
    assert np.allclose([value_of(text) for text in cells(page, "output")], engine.tensors["output"].ravel(), atol=0.05)


def test_the_printed_products_add_up_to_the_printed_sum(show) -> None:
    page: Page = show("/operations/convolution#input=blob-7x7&kernel=vertical-edge-3x3&padding=1&step=18")
    chips = [value_of(text) for text in page.locator("[data-role=arithmetic] .chip-value").all_inner_texts()]
    rows = [value_of(text) for text in page.locator("[data-role=arithmetic] .row-sum b").all_inner_texts()]
    assert len(chips) == 9
    assert [sum(chips[start : start + 3]) for start in (0, 3, 6)] == rows
    assert sum(rows) == value_of(result(page))


def test_flattening_puts_each_value_in_its_place(open_page) -> None:
    page: Page = open_page("/operations/flatten")
    expect_step(page, 1, 18)
    page.keyboard.press("End")
    expect_step(page, 18, 18)
    assert cells(page, "output") == [str(number) for number in range(18)]


def test_a_long_trace_is_fetched_page_by_page(show) -> None:
    page: Page = show("/operations/convolution#input=random-32x32-1&kernel=box-blur-3x3")
    assert step_number(page) == (1, 900)
    page.keyboard.press("End")
    expect_step(page, 900, 900)
    expected = trace_conv2d(input_values("random", (32, 32), seed=1)[0], kernel_values("box-blur"))[899]
    expect(page.locator("[data-role=sentence]")).to_have_text(expected.describe())
