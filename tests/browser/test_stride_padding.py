"""The stride and padding pages: two settings on one clock, each the engine's."""

from __future__ import annotations

import re

import numpy as np
from playwright.sync_api import expect

from cnn_engine import conv2d, trace_conv2d
from cnn_engine.data.presets import input_values, kernel_values
from tests.browser.reading import button, cells, come_back, expect_step, follow, fragment, more, slide, value_of

STRIPES, LINE = input_values("stripes", (6, 6)), kernel_values("line-vertical")[None, None]
BLOB, EDGE = input_values("blob", (5, 5)), kernel_values("vertical-edge")[None, None]


def values(page, panel):
    return [value_of(text) for text in cells(page, panel)]


def table(page):
    return page.locator(".compared tbody tr").all_inner_texts()


def test_both_strides_are_the_engines(show):
    page = show("/operations/stride")
    expect_step(page, 1, 16)
    button(page, "Last step").click()
    assert values(page, "output") == conv2d(STRIPES, LINE).ravel().tolist()
    assert values(page, "b-output") == conv2d(STRIPES, LINE, stride=2).ravel().tolist()
    largest = [int(conv2d(STRIPES, LINE, stride=stride).max()) for stride in (1, 2)]
    assert largest == [54, -54]
    assert table(page) == [
        "steps\t16\t4",
        "output size\t4 × 4\t2 × 2",
        "multiplications\t144\t36",
        "largest output\t54\t\N{MINUS SIGN}54",
    ]


def test_the_shorter_one_waits_at_its_end(show):
    page = show("/operations/stride#step=7")
    sentence = page.locator("[data-role=sentence]")
    expect(sentence).to_contain_text(f"Stride 1: {trace_conv2d(STRIPES, LINE)[7].describe()}")
    expect(sentence).to_contain_text("Stride 2 is done.")
    button(page, "Previous step").click()
    expect_step(page, 7, 16)


def test_what_is_never_read_is_hatched_and_said(show):
    page = show("/operations/stride")
    assert page.locator('[data-panel="b-input"] .cell.unread').count() == 11
    assert "never read" in page.locator('[data-panel="b-input"] .panel-head').inner_text()
    assert page.locator('[data-panel="input"] .cell.unread').count() == 0
    slide(page, "Right: stride", 3)
    expect(page.locator('[data-panel="b-input"] .cell.unread')).to_have_count(0)


def test_a_stride_is_chosen_and_the_link_holds_it(show):
    page = show("/operations/stride#step=3")
    slide(page, "Right: stride", 3)
    expect(page.locator(".compared tbody tr").first).to_have_text("steps164")
    page.locator('[data-panel="b-input"] .cell').first.dblclick()
    page.locator(".cell-editor").fill("5")
    page.keyboard.press("Enter")
    expect(page.locator('[data-panel="input"] .cell').first).to_have_text("5")
    shown = [cells(page, panel) for panel in ("b-output", "b-input")]
    come_back(page)
    assert [cells(page, panel) for panel in ("b-output", "b-input")] == shown


def test_how_often_each_cell_is_read(show):
    page = show("/operations/padding")
    for prefix, padding in (("", 0), ("b-", 1)):
        trace = trace_conv2d(BLOB, EDGE, padding=padding)
        assert values(page, f"{prefix}visits") == trace.tensors["visit_counts"].ravel().tolist()


def test_both_paddings_are_the_engines(show):
    page = show("/operations/padding#padding_mode=reflect&other=2,1,0,1&step=24")
    button(page, "Last step").click()
    assert values(page, "output") == conv2d(BLOB, EDGE).ravel().tolist()
    expected = conv2d(BLOB, EDGE, padding=((2, 1), (0, 1)), padding_mode="reflect")
    np.testing.assert_array_equal(values(page, "b-output"), expected.ravel())


def test_arrows_lead_from_a_value_to_its_copies(show):
    page = show("/operations/padding#padding_mode=replicate")
    assert page.locator('[data-panel="b-input"] .arrows path').count() == 5
    page.get_by_role("radio", name="zeros").check()
    expect(page.locator('[data-panel="b-input"] .arrows')).to_have_count(0)


def test_each_side_has_an_amount_of_its_own(show):
    page = show("/operations/padding")
    more(page)
    page.get_by_text("Each side on its own").nth(1).click()
    slide(page, "Below: padding, above", 2)
    expect(page.locator('[data-panel="b-input"] .cell')).to_have_count(8 * 7)
    assert "other=2,1,1,1" in fragment(page)


def test_which_side_gets_the_odd_cell(show):
    page = show("/operations/padding#kernel=lesson-2x2&other=same")
    assert "below, right" in page.locator('[data-panel="b-input"] .panel-head').inner_text()
    more(page)
    page.get_by_role("radio", name="same lower").nth(1).check()
    expect(page.locator('[data-panel="b-input"] .panel-head')).to_contain_text("above, left")


def test_where_one_of_two_is_shown_it_is_the_one_that_is_set(open_page):
    page = open_page("/operations/padding", 390, 844)
    button(page, "Settings").click()
    slide(page, "Right: padding", 2)
    expect(page.get_by_role("radio", name="Padding 2")).to_be_checked()
    expect(page.locator('[data-panel="b-input"]')).to_be_visible()
    sentence = page.locator(".sentence")
    expect(sentence).to_have_text(re.compile("^Padding.2: The window[^:]*$"))
    slide(page, "Left: padding", 1)
    expect(page.get_by_role("radio", name="Padding 1")).to_be_checked()
    expect(page.locator('[data-panel="b-input"]')).to_have_count(0)
    expect(sentence).to_have_text(re.compile("^Padding 1: The window[^:]*$"))
    follow(page, "/operations/padding#padding=1,2,1,2&other=same_lower")  # long names, and still left and right
    left, right = (page.locator(".sides label").nth(at).bounding_box() for at in (0, 1))
    assert left["y"] == right["y"]
    assert left["x"] + left["width"] <= right["x"]


def labels(page):
    """What the two settings are called where they are set, in the card after the input's."""
    second = page.locator(".inspector .card, .sheet .card").nth(1)
    return [text for text in second.locator("label").all_inner_texts() if ":" in text]


def test_two_settings_are_called_by_where_they_stand(show):
    page = show("/operations/padding", width=1440, height=900)
    assert labels(page) == ["Above: padding", "Below: padding"]
    tops = [page.locator(f'[data-panel="{panel}"]').bounding_box()["y"] for panel in ("input", "b-input")]
    assert tops[0] < tops[1]
    more(page)
    expect(page.get_by_role("heading", name="Above: padding 0")).to_be_visible()
    expect(page.get_by_role("radiogroup", name="Below: padding")).to_be_visible()
    page.set_viewport_size({"width": 390, "height": 844})
    switch = page.locator("[data-role=stage] .sides label")  # one at a time: the switch calls them as their settings do
    expect(switch).to_have_text(["Left: Padding 0", "Right: Padding 1"])
    expect(page.locator(".inspector .card").nth(1).locator(".field label").first).to_have_text("Left: padding")
    assert not re.search("First|Second", page.locator("main").inner_text())


def test_two_equal_settings_are_told_apart_by_where_they_stand(show):
    page = show("/operations/stride#other=1", width=1366, height=768)
    assert labels(page) == ["Left: stride", "Right: stride"]
    assert page.locator(".compared thead").inner_text().rstrip().split("\t") == [
        "",
        "Left: stride 1",
        "Right: stride 1",
    ]
    expect(page.locator("[data-role=sentence]")).to_contain_text("Right: stride 1: The window")
