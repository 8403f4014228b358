"""The channels page: partial maps that add up, groups, and numbers that are the engine's."""

from __future__ import annotations

import re

import numpy as np
from playwright.sync_api import expect

from cnn_engine import conv2d
from cnn_engine.data.presets import input_values, random_filters
from tests.browser.reading import button, cells, come_back, expect_step, result, slide, value_of

CAT, FILTERS, BIAS = input_values("photo-cat", (6, 6), 3), random_filters(2, 3, (3, 3), 4), [1, -2]


def values(page, panel):
    return [value_of(text) for text in cells(page, panel)]


def test_maps_are_the_engines_and_partial_maps_add_up(show):
    page = show("/operations/channels")
    expect_step(page, 1, 32)
    button(page, "Last step").click()
    output = conv2d(CAT, FILTERS, BIAS)
    assert values(page, "output") == output.ravel().tolist()
    partial = np.reshape(values(page, "partial"), (3, -1))
    np.testing.assert_array_equal(partial.sum(axis=0) + BIAS[1], output[1].ravel())
    assert value_of(result(page)) == output.ravel()[-1]


def test_colours_have_names(show):
    page = show("/operations/channels")
    captions = page.locator('[data-panel="input"] .caption').all_inner_texts()
    assert captions == ["red", "green", "blue"]
    for channel in range(3):
        grid = page.locator('[data-panel="input"] .grid').nth(channel)
        fills = grid.locator(".cell").evaluate_all("cells => cells.map(cell => getComputedStyle(cell).backgroundColor)")
        strongest = fills[int(np.argmax(CAT[channel]))]
        shares = [int(part) for part in re.findall(r"\d+", strongest)]
        assert shares.index(max(shares)) == channel, strongest  # each channel in its own colour


def test_parameters_and_work_are_counted(show):
    page = show("/operations/channels")
    where = page.locator("[data-role=arithmetic]")
    expect(where).to_contain_text("56 parameters · 864 multiplications")
    slide(page, "Filters", 3)
    expect(where).to_contain_text("84 parameters · 1,296 multiplications")
    page.locator("label.chip", has_text="3").click()
    expect(where).to_contain_text("30 parameters · 432 multiplications")
    expect(page.locator('[data-panel="partial"] .grid')).to_have_count(1)


def test_groups_that_do_not_divide_cannot_be_chosen(show):
    page = show("/operations/channels")
    assert page.get_by_role("radio", name="2", exact=True).is_disabled()
    slide(page, "Input channels", 4)
    expect(page.get_by_role("radio", name="2", exact=True)).to_be_enabled()


def test_a_kernel_is_typed_and_the_link_holds_it(show):
    page = show("/operations/channels#step=20")
    page.locator('[data-panel="kernel"] .cell').first.dblclick()
    page.locator(".cell-editor").fill("9")
    page.keyboard.press("Enter")
    expect(page.locator('[data-panel="kernel"] .cell').first).to_have_text("9")
    weights = FILTERS.copy()
    weights[1, 0, 0, 0] = 9
    expected = conv2d(CAT, weights, BIAS).ravel()[:21]
    assert [value_of(text) for text in cells(page, "output") if text] == expected.tolist()
    shown = cells(page, "output")
    come_back(page)
    assert cells(page, "output") == shown


def test_a_one_by_one_kernel_only_mixes_channels(show):
    page = show("/operations/channels")
    slide(page, "Kernel size", 1)
    expect_step(page, 1, 72)
    expect(page.locator("[data-role=arithmetic]")).to_contain_text("8 parameters")
