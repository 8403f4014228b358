"""Other directions of the convolution page: what it shows ends at the engine's output."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from cnn_engine import conv_transpose2d, interpolate2d
from tests.browser.reading import button, cells, come_back, expect_step, more, slide, until, value_of

INPUT, KERNEL = [[[0, 1, 2], [3, 4, 5], [6, 7, 8]]], [[[[0, 1], [2, 3]]]]


def values(page, panel):
    return [value_of(text) for text in cells(page, panel)]


def test_scattering_ends_at_the_output(show, check_axe):
    page = show("/operations/convolution")
    more(page)
    page.get_by_role("radio", name="transposed, input by input").check()
    expect_step(page, 1, 9)
    slide(page, "Stride", 2)
    expect(page.locator('[data-panel="output"] .cell')).to_have_count(36)
    button(page, "Last step").click()
    assert values(page, "output") == conv_transpose2d(INPUT, KERNEL, stride=2).ravel().tolist()
    check_axe(page)


def test_where_kernels_overlap_products_are_added(show):
    page = show("/operations/convolution#mode=scatter&step=1")
    expect(page.locator("[data-role=sentence]")).to_contain_text("2 cells already held something")


def test_what_has_no_effect_in_a_direction_is_left_out_and_said(show):
    page = show("/operations/convolution#mode=gather&flip=yes&padding_mode=reflect&step=2")
    expect(page.locator("[data-role=message]")).to_contain_text("Flip the kernel: “yes” has no effect")
    expect(page.locator("[data-role=message]")).to_contain_text("Padding mode: “reflect” has no effect")
    button(page, "Next step").click()
    expect(page).to_have_url(re.compile("#mode=gather&step=3$"))


def test_a_turn_of_direction_leaves_a_link_without_complaint(show):
    page = show("/operations/convolution#flip=yes&padding=1&padding_mode=replicate")
    page.get_by_role("radio", name="transposed, input by input").check()
    expect(page).to_have_url(re.compile("mode=scatter"))
    come_back(page)
    expect(page.locator("[data-role=message]")).to_be_hidden()


def test_gathering_gives_the_same(show):
    link = "/operations/convolution#mode=gather&stride=2&output_padding=1&bias=3&step=48"
    page = show(link)
    expected = conv_transpose2d(INPUT, KERNEL, [3], stride=2, output_padding=1)
    expect_step(page, 49, 49)
    assert values(page, "output") == expected.ravel().tolist()
    shown = cells(page, "output")
    come_back(page)
    assert cells(page, "output") == shown


def test_upsampling_is_a_third_direction(show, check_axe):
    page = show("/operations/convolution#mode=gather&bias=3")
    page.get_by_role("radio", name="upsampling").check()
    expect_step(page, 1, 36)
    expect(page.get_by_role("heading", name="Kernel", exact=True)).to_be_hidden()
    page.get_by_role("radio", name="bilinear").check()
    expect(page.locator("[data-role=sentence]")).to_contain_text("lies beyond the outermost values of the input")
    page.get_by_role("textbox", name="Scale factor").fill("2.5")
    page.keyboard.press("Tab")
    expect_step(page, 1, 49)
    page.get_by_role("radio", name="1.5").check()
    expect_step(page, 1, 16)
    button(page, "Last step").click()
    expect_step(page, 16, 16)
    assert values(page, "output") == [round(value, 3) for value in interpolate2d(INPUT, 1.5, mode="bilinear").flat]
    expect(page).to_have_url(re.compile(r"#mode=upsample&scale_factor=1\.5&between=bilinear&step=15$"))
    check_axe(page)
    page.get_by_label("Align corners").check()
    until(page, lambda: values(page, "output")[-1] == 8)
