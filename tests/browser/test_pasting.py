"""Numbers that are pasted onto a grid or typed into it, in the writing of their country or program."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.reading import button, cell, cells, fragment, grid, paste


def test_a_paste_onto_a_grid(show) -> None:
    page: Page = show("/operations/convolution")
    cell(page, 4).focus()
    paste(page, "1,5\t2\t3\t4\n5\t6\t7\t−8\n")
    expect(page.locator('[data-panel="input"] .cell')).to_have_count(8)
    assert grid(page) == [["1.5", "2", "3", "4"], ["5", "6", "7", "−8"]]
    cell(page, 0, "kernel").focus()
    paste(page, "1 0 0\n0 1 0")
    expect(page.locator(".result-value")).to_have_text("7.5")  # 1.5 + 6
    cell(page, 3, "kernel").focus()
    paste(page, "2")  # one number: one cell
    expect(page.locator(".result-value")).to_have_text("17.5")  # 1.5 + 2 · 5 + 6
    for _ in range(3):
        button(page, "Undo").click()
    expect(page.locator(".result-value")).to_have_text("19")
    assert fragment(page) == ""


def test_a_paste_that_cannot_be_read_is_kept_and_told(show, check_axe) -> None:
    page: Page = show("/operations/convolution")
    cell(page, 0).focus()
    paste(page, "1\t2\n3\tfour")
    dialog = page.get_by_role("dialog", name="Paste numbers: Input")
    text = dialog.get_by_role("textbox")
    expect(dialog.get_by_role("alert")).to_have_text("Row 2, column 2: “four” is not a number.")
    expect(text).to_have_value("1\t2\n3\tfour")
    check_axe(page, part="dialog[open]")
    assert grid(page)[0] == ["0", "1", "2"]
    text.fill("1\t2\n3\tfive")  # while it is typed it is as red, and nothing can be done with it
    fault = dialog.locator(".field-error", has_text="“five” is not a number.")
    expect(fault).to_have_css("color", dialog.get_by_role("alert").evaluate("node => getComputedStyle(node).color"))
    expect(button(page, "Use these numbers")).to_be_disabled()
    text.fill("1\t2\n3\t4")
    expect(dialog).to_contain_text("2 × 2, read as separated by tabs.")
    expect(fault).to_have_count(0)
    button(page, "Use these numbers").click()
    expect(dialog).to_be_hidden()
    expect(page.locator(".result-value")).to_have_text("20")  # 2 + 2 · 3 + 3 · 4


def test_weights_of_a_dense_layer_keep_their_size(open_page) -> None:
    page: Page = open_page("/operations/dense")
    cell(page, 3, "weight-0").focus()
    paste(page, "1 2 3 4 5 6\n1 1 1 1 1 1\n0 0 0 0 0 0\n0 0 0 0 0 -1")
    expect(cell(page, 23, "weight-0")).to_have_text("−1")
    assert cells(page, "weight-0")[:6] == list("123456")
    paste(page, "1 2\n3 4")
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_role("alert")).to_contain_text("is 4 × 6, and this is 2 × 2: here it keeps its size.")


def test_the_dialog_has_the_numbers_and_refuses_what_does_not_fit(show) -> None:
    page: Page = show("/operations/convolution")
    button(page, "Paste numbers").nth(1).click()
    dialog = page.get_by_role("dialog", name="Paste numbers: Kernel")
    text = dialog.get_by_role("textbox")
    expect(text).to_have_value("0\t1\n2\t3")
    text.fill("1 2 3 4\n5 6 7 8")
    text.press("Tab")
    button(page, "Use these numbers").click()
    sentence = "Kernel of 2 × 4 does not fit what else is set: it can have 1 to 3 rows and 1 to 3 columns."
    expect(dialog.get_by_role("alert")).to_have_text(sentence)
    expect(text).to_have_value("1 2 3 4\n5 6 7 8")
    page.keyboard.press("Escape")
    assert cells(page, "kernel") == list("0123")


def test_one_of_several_kernels_is_pasted(show) -> None:
    page: Page = show("/operations/channels")
    button(page, "Paste numbers").nth(1).click()
    dialog = page.get_by_role("dialog", name="Paste numbers: Kernels")
    dialog.get_by_role("combobox", name="Grid").select_option("1")
    text = dialog.get_by_role("textbox")
    text.fill("1 2\n3 4")
    button(page, "Use these numbers").click()
    expect(dialog.get_by_role("alert")).to_contain_text("it is one of 6 grids, which have one size")
    text.fill("7 7 7\n7 7 7\n7 7 7")
    button(page, "Use these numbers").click()
    expect(dialog).to_be_hidden()
    grids = page.locator('[data-panel="kernel"] .grid')
    assert grids.nth(1).locator(".cell").all_inner_texts() == ["7"] * 9
    assert grids.nth(0).locator(".cell").first.inner_text() != "7"


# ---- where a text can be read in two ways


@pytest.mark.parametrize(("width", "height"), [(1366, 768), (390, 844)])
def test_one_comma_on_every_line_is_asked_about(show, check_axe, width, height) -> None:
    page: Page = show("/operations/convolution", width=width, height=height)
    column = "1,5\n2,5\n3,5\n"
    cell(page, 0, "kernel").focus()
    paste(page, column)
    question = page.get_by_role("group", name="This can be read in 2 ways")
    ways = question.get_by_role("radio")
    expect(ways.first).to_be_checked()
    expect(ways.first).to_be_focused()
    assert question.locator("label").all_inner_texts() == [
        "3 × 1, with a decimal comma",
        "3 × 2, read as separated by commas",
    ]
    shown = [table.locator("td").all_inner_texts() for table in question.locator("table").all()]
    assert shown == [["1.5", "2.5", "3.5"], ["1", "5", "2", "5", "3", "5"]]
    use = button(page, "Use these numbers")
    expect(use).to_be_in_viewport()
    box = page.get_by_role("dialog").bounding_box()
    assert box
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= width
    check_axe(page, part="dialog[open]")
    page.keyboard.press("Escape")  # keeps what was there
    expect(page.get_by_role("dialog")).to_be_hidden()
    assert cells(page, "kernel") == list("0123")
    expect(cell(page, 0, "kernel")).to_be_focused()
    paste(page, column)
    page.keyboard.press("Enter")  # takes the first
    expect(page.locator('[data-panel="kernel"] .cell')).to_have_text(["1.5", "2.5", "3.5"])
    button(page, "Undo").click()
    expect(page.locator('[data-panel="kernel"] .cell')).to_have_text(list("0123"))
    cell(page, 0, "kernel").focus()
    paste(page, column)
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")  # takes the other
    expect(page.locator('[data-panel="kernel"] .cell')).to_have_text(list("152535"))


def test_a_text_with_one_way_asks_nothing(show) -> None:
    page: Page = show("/operations/convolution")
    cell(page, 0, "kernel").focus()
    paste(page, "0,5")  # one comma in a lone number is decimal: that cell alone
    expect(page.locator('[data-panel="kernel"] .cell')).to_have_text(["0.5", "1", "2", "3"])
    paste(page, "np.array([[1, 2], [2, 4]]) / 9")
    expect(page.locator('[data-panel="kernel"] .cell').first).to_have_accessible_name("≈0.111")
    cell(page, 0, "kernel").press("F2")
    expect(page.locator(".cell-editor")).to_have_value("0.1111111111111111")
    page.keyboard.press("Escape")
    paste(page, "left\tright\n1\t2\n3\t4")
    expect(page.locator("[data-role=message]")).to_contain_text(
        "Pasted: 2 × 2, without the first row, which is a heading"
    )
    expect(page.locator('[data-panel="kernel"] .cell')).to_have_text(list("1234"))
    paste(page, "1\t2\n3\t4e9")
    alert = page.get_by_role("dialog").get_by_role("alert")
    expect(alert).to_have_text("Row 2, column 2: 4e9 is too large: at most 1000000 either way.")
    page.keyboard.press("Escape")
    expect(page.locator('[data-panel="kernel"] .cell')).to_have_text(list("1234"))


def test_copied_code_goes_back_where_it_came_from(show) -> None:
    page: Page = show("/operations/channels")
    kernels = cells(page, "kernel")
    button(page, "Copy code").click()
    code = page.locator("[data-role=code-text]")
    expect(code).to_have_value(re.compile("weight"))
    text = code.input_value()
    page.keyboard.press("Escape")
    cell(page, 0, "kernel").focus()
    paste(page, "7")
    expect(cell(page, 0, "kernel")).to_have_text("7")
    paste(page, text)
    ways = page.get_by_role("group", name="This can be read in 3 ways")
    expect(ways.locator("label").first).to_contain_text("6 grids of 3 × 3, the array “weight”")
    page.keyboard.press("Enter")
    expect(cell(page, 0, "kernel")).to_have_text(kernels[0])
    assert cells(page, "kernel") == kernels


def test_many_numbers_in_a_cell_that_is_being_typed_into_fill_the_grid(show) -> None:
    page: Page = show("/operations/convolution")
    cell(page, 0, "kernel").focus()
    page.keyboard.type("+1")
    paste(page, "+1\t0\t−1\n+2\t0\t−2\n+1\t0\t−1")
    expect(page.locator('[data-panel="kernel"] .cell')).to_have_text(["1", "0", "−1", "2", "0", "−2", "1", "0", "−1"])
    expect(page.locator(".cell-editor")).to_have_count(0)


def test_what_is_typed_into_a_cell(show) -> None:
    page: Page = show("/operations/convolution")
    for typed, shown in [("−1,5", "−1.5"), ("1/8", "0.125"), ("25 %", "0.25"), ("1’234", "1234"), ("+1", "1")]:
        cell(page, 1, "kernel").press("F2")
        page.locator(".cell-editor").fill(typed)
        page.keyboard.press("Enter")
        expect(cell(page, 1, "kernel")).to_have_text(shown)


def test_a_kernel_of_ones_own_is_pasted_on_the_wall(open_page, check_axe) -> None:
    page: Page = open_page("/feature-maps#kernels=own,outline")
    own = page.locator(".inspector .grid .cell")
    own.first.focus()
    paste(page, "1/9 1/9 1/9\n1/9 1/9 1/9\n1/9 1/9 1/9")
    expect(own.nth(4)).to_have_accessible_name("≈0.111")
    own.first.focus()
    paste(page, "[1 2; 3 4]")
    expect(own).to_have_text(list("1234"))
    own.nth(3).focus()
    paste(page, "−2,5")
    expect(own).to_have_text(["1", "2", "3", "−2.5"])
    paste(page, "1 2 3 4 5 6 7 8")
    dialog = page.get_by_role("dialog", name="Paste numbers: Your kernel")
    expect(dialog.get_by_role("alert")).to_contain_text("it can have 1 to 7 rows and 1 to 7 columns")
    check_axe(page, part="dialog[open]")
    page.keyboard.press("Escape")
    button(page, "Paste numbers").click()
    dialog.get_by_role("textbox").fill("1,5\n2,5")
    expect(dialog.get_by_role("radio")).to_have_count(2)
    button(page, "Use these numbers").click()
    expect(own).to_have_text(["1.5", "2.5"])
