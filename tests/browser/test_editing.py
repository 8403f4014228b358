"""Changing things: cells, presets, sliders, and taking it back."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from .reading import button, cells, choose_kernel, expect_step, more, result, slide


def type_into(page: Page, panel: str, index: int, text: str) -> None:
    page.locator(f'[data-panel="{panel}"] .cell').nth(index).focus()
    page.keyboard.type(text)
    page.keyboard.press("Enter")


def test_typing_a_number_changes_the_output_and_undo_takes_it_back(open_page) -> None:
    page: Page = open_page("/operations/convolution")
    expect(button(page, "Undo")).to_be_disabled()
    type_into(page, "input", 0, "5")
    type_into(page, "kernel", 0, "-2")  # 5 * -2 + 1 + 6 + 12 = 9
    expect(page.locator(".result-value")).to_have_text("9")
    assert cells(page, "kernel")[0] == "\N{MINUS SIGN}2"
    button(page, "Undo").click()
    expect(page.locator(".result-value")).to_have_text("19")  # 5 * 0 + 1 + 6 + 12
    assert cells(page, "input")[0] == "5"
    button(page, "Redo").click()
    expect(page.locator(".result-value")).to_have_text("9")
    button(page, "Reset").click()
    expect(page.locator(".result-value")).to_have_text("19")
    assert cells(page, "input")[0] == "0"
    page.keyboard.press("Control+z")
    expect(page.locator(".result-value")).to_have_text("9")


def test_an_edit_keeps_the_step(show) -> None:
    page: Page = show("/operations/convolution#step=2")
    type_into(page, "kernel", 3, "0")  # 3 * 0 + 4 * 1 + 6 * 2 + 7 * 0 = 16
    expect(page.locator(".result-value")).to_have_text("16")
    expect_step(page, 3, 4)


def test_text_that_is_no_number_is_told_beside_the_cell(open_page) -> None:
    page: Page = open_page("/operations/convolution")
    for text, sentence in (("abc", "is not a number"), ("1e9", "too large"), (" ", "A cell needs a number")):
        page.locator('[data-panel="input"] .cell').nth(4).dblclick()
        page.locator(".cell-editor").fill(text)
        page.keyboard.press("Enter")
        expect(page.get_by_role("alert").filter(has_text=sentence)).to_be_visible()
        page.keyboard.press("Escape")
        expect(page.get_by_role("alert").filter(has_text=sentence)).to_be_hidden()
        assert cells(page, "input") == list("012345678")
        expect(button(page, "Undo")).to_be_disabled()


def test_a_decimal_comma_and_a_real_minus_are_numbers(show) -> None:
    page: Page = show("/operations/convolution")
    cell, editor = page.locator('[data-panel="input"] .cell').nth(1), page.locator(".cell-editor")
    cell.dblclick()
    in_cell, typed = (
        float(node.evaluate("node => parseFloat(getComputedStyle(node).fontSize)")) for node in (cell, editor)
    )
    assert typed >= in_cell > 13
    editor.fill("\N{MINUS SIGN}0,5")
    page.keyboard.press("Enter")
    expect(page.locator(".result-value")).to_have_text("17.5")  # -0.5 * 1 + 6 + 12


def test_touch_edits_by_a_second_tap(show) -> None:
    page: Page = show("/operations/convolution", width=390, height=844)
    cell = page.locator('[data-panel="kernel"] .cell').nth(3)
    cell.click()
    cell.click()
    page.locator(".cell-editor").fill("0")
    page.keyboard.press("Enter")
    expect(page.locator(".result-value")).to_have_text("7")


def test_presets_and_sliders_change_the_picture(show) -> None:
    page: Page = show("/operations/convolution")
    page.get_by_role("radio", name="Checkerboard", exact=True).check(force=True)
    slide(page, "Input size", 8)
    expect(page.locator('[data-panel="input"] .cell')).to_have_count(64)
    choose_kernel(page, "Vertical edge")
    expect_step(page, 1, 36)
    slide(page, "Stride", 2)
    expect_step(page, 1, 9)
    slide(page, "Padding", 1)
    expect_step(page, 1, 16)
    expect(page.locator('[data-panel="input"] .cell.padding')).to_have_count(36)
    more(page)
    slide(page, "Dilation", 2)
    expect_step(page, 1, 9)


def test_sliders_reach_only_what_can_be_computed(show) -> None:
    page: Page = show("/operations/convolution")
    kernel = page.get_by_role("slider", name="Kernel size", exact=True)
    assert (kernel.get_attribute("min"), kernel.get_attribute("max")) == ("1", "3")
    kernel.fill("3")
    expect_step(page, 1, 1)
    dilation = page.get_by_role("slider", name="Dilation", exact=True)
    more(page)
    expect(dilation).to_be_disabled()
    page.get_by_role("radio", name="reflect", exact=True).check(force=True)
    padding = page.get_by_role("slider", name="Padding", exact=True)
    expect(padding).to_have_attribute("max", "2")  # reflecting needs padding smaller than the 3 x 3 input


def test_dragging_is_undone_as_one(open_page) -> None:
    page: Page = open_page("/operations/convolution#input=blob-7x7")
    slider = page.get_by_role("slider", name="Padding", exact=True)
    slider.evaluate(
        """(slider) => {
            for (const value of [1, 2, 3]) {
                slider.value = value;
                slider.dispatchEvent(new Event("input", { bubbles: true }));
            }
            slider.dispatchEvent(new Event("change", { bubbles: true }));
        }"""
    )
    expect_step(page, 1, 144)
    button(page, "Undo").click()
    expect_step(page, 1, 36)
    expect(button(page, "Undo")).to_be_disabled()


def test_the_formula_shows_the_floor(show) -> None:
    page: Page = show("/operations/convolution#input=blob-6x6&kernel=vertical-edge-3x3&stride=2")
    formula = page.locator(".formula")
    text = formula.locator(".equation").first.text_content().replace("\n", "").replace(" ", "")
    assert "⌊1.5⌋+1=2" in text
    expect(formula).to_contain_text("Rounding down leaves the last row and column of the padded input unread")


def test_where_rounding_up_adds_no_window_the_formula_says_so_and_is_true(show) -> None:
    page: Page = show("/operations/pooling#pool=avg&input=blob-7x7&padding=1&ceil_mode=yes")
    formula = page.locator(".formula")
    text = formula.locator(".equation").first.text_content().replace("\n", "").replace(" ", "")
    assert "⌈3.5⌉+1\N{MINUS SIGN}1=4" in text
    expect(formula).to_contain_text("They would begin beyond the input, in the padding, and are left out.")
    expect(formula).not_to_contain_text("Rounding down")


def test_the_average_of_a_pool_is_divided_on_the_card(show) -> None:
    page: Page = show("/operations/pooling#input=lesson-4x4")
    expect(page.locator(".result-value")).to_have_text("5")
    page.get_by_role("radio", name="the average").check(force=True)
    expect(page.locator(".result-value")).to_have_text("2.5")  # (0 + 1 + 4 + 5) / 4
    expect(page.locator("[data-role=arithmetic]")).to_contain_text("divided by 4")


def test_height_and_width_apart(open_page) -> None:
    page: Page = open_page("/operations/convolution#input=blob-7x7")
    button(page, "Stride: height and width apart").click()
    slide(page, "Stride, columns", 3)
    expect_step(page, 1, 12)
    assert result(page)


def test_clicking_away_from_bad_text_keeps_it_and_says_why(show) -> None:
    page: Page = show("/operations/convolution")
    page.locator('[data-panel="input"] .cell').nth(4).dblclick()
    page.locator(".cell-editor").fill("four")
    page.locator("h1").click()
    expect(page.get_by_role("alert").filter(has_text="“four” is not a number")).to_be_visible()
    expect(page.locator(".cell-editor")).to_have_value("four")
    page.locator(".cell-editor").fill("6")
    page.locator("h1").click()
    expect(page.locator(".result-value")).to_have_text("25")  # 0 + 1 + 6 + 6 * 3


def test_stepping_on_while_a_change_is_computed(show) -> None:
    page: Page = show("/operations/convolution")
    page.locator('[data-panel="kernel"] .cell').nth(3).dblclick()
    page.locator(".cell-editor").fill("5")
    button(page, "Next step").click()  # leaves the cell, which keeps the 5, and steps at once
    expect_step(page, 2, 4)
    expect(page.locator(".result-value")).to_have_text("35")  # 0 + 2 + 8 + 5 * 5


def test_another_preset_of_the_same_size_keeps_the_step_and_another_size_begins_anew(show) -> None:
    page: Page = show("/operations/convolution#input=blob-7x7&kernel=vertical-edge-3x3&step=9")
    choose_kernel(page, "Sharpen")
    expect(page.locator('[data-panel="kernel"] .cell').nth(4)).to_have_text("5")
    expect_step(page, 10, 25)
    slide(page, "Padding", 1)
    expect_step(page, 1, 49)
    button(page, "Last step").click()
    slide(page, "Padding", 2)
    expect_step(page, 81, 81)  # who looks at the whole output goes on looking at it


def test_a_long_trace_that_becomes_short(show, complaints) -> None:
    page: Page = show("/operations/convolution#input=blob-20x20&kernel=vertical-edge-3x3&step=300")
    expect_step(page, 301, 324)
    slide(page, "Stride", 6)
    expect_step(page, 1, 9)
    complaints[:] = [complaint for complaint in complaints if "status of 422" not in complaint]


def test_a_server_that_does_not_answer_loses_nothing(open_page, complaints) -> None:
    page: Page = open_page("/operations/convolution")
    expect(page.locator(".task").first).to_be_visible()  # all of the page is here
    page.context.set_offline(True)
    slide(page, "Padding", 1)
    expect(page.locator("[data-role=message]")).to_contain_text("The server does not answer")
    expect_step(page, 1, 4)
    page.context.set_offline(False)
    expect(page.locator('[data-panel="input"] .cell')).to_have_count(25)  # by itself
    expect(page.locator("[data-role=message]")).to_be_hidden()
    complaints[:] = [complaint for complaint in complaints if "ERR_INTERNET_DISCONNECTED" not in complaint]


def test_steps_go_on_where_a_part_of_the_page_cannot_be_loaded_and_loading_it_again_helps(
    new_context, plain_server, complaints
) -> None:
    page: Page = new_context(base_url=plain_server, reduced_motion="reduce").new_page()
    missing = re.compile("/(lesson|photo)\\.js")
    page.route(missing, lambda route: route.abort())
    page.goto("/operations/convolution")
    message = page.locator("[data-role=message]")
    expect(message).to_contain_text("A part of this page could not be loaded")
    button(page, "Next step").click()
    expect_step(page, 2, 4)
    button(page, "Close").click()
    button(page, "Photo").click()
    expect(message).to_contain_text("A part of this page could not be loaded")
    page.unroute(missing)
    page.reload()
    expect_step(page, 2, 4)
    button(page, "Photo").click()
    expect(button(page, "Photo")).to_have_attribute("aria-expanded", "true")
    complaints[:] = [complaint for complaint in complaints if "ERR_FAILED" not in complaint]


def test_a_kernel_brings_an_input_on_which_it_finds_something(show) -> None:
    page: Page = show("/operations/convolution")
    choose_kernel(page, "Vertical edge")
    expect_step(page, 1, 25)  # 7 x 7 cells instead of the lesson's 3 x 3, on which it has one place
    button(page, "Last step").click()
    assert "36" in cells(page, "output")  # 9 - 0, weighted 1 + 2 + 1
    expect(page.get_by_text("It also changed: Input.")).to_be_visible()
    button(page, "Take it back").click()  # as Undo does: both come back at once
    expect(page.locator('[data-panel="input"] .cell')).to_have_count(9)
    expect(page.locator('[data-panel="kernel"] .cell')).to_have_count(4)


def test_numbers_of_ones_own_stay_whatever_kernel_is_chosen(show) -> None:
    page: Page = show("/operations/convolution#input=1,2,3,4;5,6,7,8;9,0,1,2;3,4,5,6")
    choose_kernel(page, "Vertical edge")
    expect_step(page, 1, 4)
    assert cells(page, "input")[:4] == ["1", "2", "3", "4"]
    assert page.get_by_role("radio", name="Spots", exact=True).is_disabled()  # 5 x 5 has no place on 4 x 4


def test_a_finger_is_told_how_to_edit_until_it_has_and_then_what_the_cell_holds(open_page) -> None:
    page: Page = open_page("/operations/convolution", 390, 844, has_touch=True, is_mobile=True)
    cell, readout = page.locator('[data-panel="kernel"] .cell').nth(3), page.locator(".readout")
    cell.tap()
    expect(readout).to_have_text("Kernel, row 2, column 2: 3 · tap again to edit")
    cell.tap()
    editor = page.locator(".cell-editor")
    assert editor.evaluate("field => parseFloat(getComputedStyle(field).fontSize)") >= 16  # or phones enlarge the page
    editor.fill("-5")
    page.keyboard.press("Enter")
    expect(page.locator(".result-value")).to_have_text("\N{MINUS SIGN}13")
    expect(readout).to_have_text("Kernel, row 2, column 2: \N{MINUS SIGN}5")
    cell.tap()
    cell.tap()
    editor.fill("-99")
    page.keyboard.press("Enter")
    arithmetic = page.locator("[data-role=arithmetic]")
    expect(arithmetic.locator(".row-sum").last).to_have_text("\N{MINUS SIGN}390")  # 2 × 3 − 99 × 4
    assert arithmetic.evaluate("node => node.scrollWidth <= node.clientWidth")  # laid out anew for longer numbers
    rows = arithmetic.locator("tr").evaluate_all("rows => rows.map(row => row.getBoundingClientRect())")
    assert rows[0]["bottom"] <= rows[1]["top"]
