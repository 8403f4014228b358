"""Filling a grid by drawing, by pasting from a spreadsheet, and from a window of a photo."""

from __future__ import annotations

import io

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Page, Route, expect

from cnn_engine.data.crops import Box, crop
from cnn_engine.data.images import sample_picture
from scripts.serving import wait_until_ready
from tests.browser.reading import button, cells, expect_step, fragment, slide, value_of

GRID = "/operations/convolution#input=0,0,0,0;0,0,0,0;0,0,0,0;0,0,0,0"
ZERO = [["0"] * 4 for _ in range(4)]


def grid(page: Page) -> list[list[str]]:
    """The input, row by row."""
    texts = cells(page, "input")
    side = int(page.locator('[data-panel="input"] .grid').get_attribute("aria-colcount") or 0)
    return [texts[start : start + side] for start in range(0, len(texts), side)]


def cell(page: Page, index: int, panel: str = "input"):
    return page.locator(f'[data-panel="{panel}"] .cell').nth(index)


def middle(page: Page, index: int) -> tuple[float, float]:
    box = cell(page, index).bounding_box()
    assert box
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def start_drawing(page: Page) -> None:
    """Press Draw, and wait for what it says: the tool is fetched after the page's first frame."""
    button(page, "Draw").click()
    expect(button(page, "Draw")).to_have_attribute("aria-pressed", "true")


def draw(page: Page, *through: int) -> None:
    """Drag with the mouse from cell to cell, in straight lines."""
    page.mouse.move(*middle(page, through[0]))
    page.mouse.down()
    for index in through[1:]:
        page.mouse.move(*middle(page, index))
    page.mouse.up()


# ---- drawing


def test_a_stroke_paints_and_is_undone_as_one(open_page) -> None:
    page: Page = open_page(GRID)
    start_drawing(page)
    draw(page, 0, 15)  # one leap: the cells on the way are painted too
    painted = [["9" if row == col else "0" for col in range(4)] for row in range(4)]
    expect(page.locator(".result-value")).to_have_text("27")  # 9 · 0 + 9 · 3
    assert grid(page) == painted
    page.get_by_label("Brush", exact=True).fill("−0,5")
    draw(page, 3, 7)
    expect(cell(page, 7)).to_have_text("−0.5")
    button(page, "Eraser").click()
    draw(page, 0, 5)
    expect(cell(page, 5)).to_have_text("0")
    for before in ("9", "9"):
        button(page, "Undo").click()
        expect(cell(page, 0)).to_have_text(before)
    expect(cell(page, 7)).to_have_text("0")
    button(page, "Undo").click()
    expect(cell(page, 10)).to_have_text("0")
    assert grid(page) == ZERO
    expect(button(page, "Undo")).to_be_disabled()


SLOW_SERVER = """() => {
    const real = window.fetch;
    window.asked = { now: 0, most: 0, all: 0 };
    window.fetch = async (...given) => {
        asked.all += 1;
        asked.now += 1;
        asked.most = Math.max(asked.most, asked.now);
        await new Promise((resolve) => setTimeout(resolve, 300));
        return real(...given).finally(() => { asked.now -= 1; });
    };
}"""


def test_drawing_asks_the_server_one_thing_at_a_time(open_page) -> None:
    page: Page = open_page("/operations/convolution#input=blob-16x16")
    page.evaluate(SLOW_SERVER)
    start_drawing(page)
    draw(page, *range(0, 256, 17))
    assert cells(page, "input")[255] == "0"  # not computed yet, and shown all the same
    expect(cell(page, 255)).to_have_attribute("data-painted", "9")
    expect(page.locator(".cell.painted")).to_have_count(0)
    assert [cells(page, "input")[place] for place in range(0, 256, 17)] == ["9"] * 16
    asked = page.evaluate("asked")
    assert asked["most"] == 1
    assert 2 <= asked["all"] < 16
    button(page, "Undo").click()
    expect(cell(page, 17)).to_have_text("0")
    expect(button(page, "Undo")).to_be_disabled()


def test_drawing_leaves_typing_and_pinning_as_they_are(open_page, check_axe) -> None:
    page: Page = open_page(GRID)
    start_drawing(page)
    cell(page, 5).click()
    expect(cell(page, 5)).to_have_text("9")
    expect(cell(page, 5)).not_to_contain_class("pinned")
    cell(page, 3, "kernel").click()
    expect(cell(page, 3, "kernel")).to_contain_class("pinned")
    cell(page, 5).focus()
    page.keyboard.type("4")
    page.keyboard.press("Enter")
    expect(cell(page, 5)).to_have_text("4")
    check_axe(page)
    button(page, "Done drawing").click()
    cell(page, 6).click()
    expect(cell(page, 6)).to_contain_class("pinned")
    expect(cell(page, 6)).to_have_text("0")


def test_drawing_by_keyboard(open_page) -> None:
    page: Page = open_page(GRID)
    button(page, "Draw").press("Enter")
    page.get_by_label("Brush", exact=True).fill("many")
    expect(page.get_by_role("alert").filter(has_text="“many” is not a number. It stays at 9.")).to_be_visible()
    cell(page, 0).focus()
    page.keyboard.press("Space")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    expect(cell(page, 1)).to_have_text("9")
    expect(cell(page, 0)).to_have_text("9")
    expect(page.locator(".brush").get_by_role("status")).to_have_text("Row 1, column 2 is 9.")
    expect_step(page, 1, 9)  # Space did not play
    page.keyboard.press("Escape")
    expect(button(page, "Draw")).to_have_attribute("aria-pressed", "false")
    page.keyboard.press("Enter")
    expect(cell(page, 1)).to_contain_class("pinned")


def test_drawing_with_a_finger_and_around_padding(open_page) -> None:
    page: Page = open_page(f"{GRID}&padding=1", width=390, height=844, has_touch=True, is_mobile=True)
    button(page, "Draw").tap()
    expect(button(page, "Draw")).to_have_attribute("aria-pressed", "true")
    session = page.context.new_cdp_session(page)
    points = [middle(page, index) for index in (7, 10, 28)]  # of 6 x 6, the outer ones padding
    for kind, at in zip(("touchStart", "touchMove", "touchMove"), points, strict=True):
        session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [{"x": at[0], "y": at[1]}]})
    session.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    expect(cell(page, 28)).to_have_text("9")
    inner = [row[1:5] for row in grid(page)[1:5]]
    assert inner == [["9"] * 4, ["0", "0", "0", "9"], ["0", "0", "0", "9"], ["0", "0", "0", "9"]]
    page.locator('[data-panel="input"] .cell.padding').first.tap()
    assert [row[1:5] for row in grid(page)[1:5]] == inner


# ---- pasting

READ = [  # text, values, what is between them
    ("1\t2\n3\t4\n", [[1, 2], [3, 4]], "tabs"),
    ("1,5\t−2\r\n0,25\t4\r\n", [[1.5, -2], [0.25, 4]], "tabs"),
    ("1;2,5;-3", [[1, 2.5, -3]], "semicolons"),
    ("1,2,3\n4,5,6", [[1, 2, 3], [4, 5, 6]], "commas"),
    ("1.5, 2, \u22123", [[1.5, 2, -3]], "commas"),
    ("  1  2\n 3 4 ", [[1, 2], [3, 4]], "blanks"),
    ("1,5 2,5\n\u20133 4", [[1.5, 2.5], [-3, 4]], "blanks"),
    ("1\u00a02\u202f3", [[1, 2, 3]], "blanks"),
    ("\n\n7\n8\n\n", [[7], [8]], None),
    ("5\n2\n0,5", [[5], [2], [0.5]], None),
    ("1,5\n2,5", [[1, 5], [2, 5]], "commas"),  # either could be meant: the dialog says which it is
]
REFUSED = [
    ("", "There is nothing here yet"),
    ("1\t2\n3\t", "Row 2, column 2 is empty"),
    ("1\t\t3\n4\t5\t6", "Row 1, column 2 is empty"),
    ("1,2\nx,4", "Row 2, column 1: “x” is not a number"),
    ("1 2 3\n4 5", "Row 2 has 2 columns where row 1 has 3"),
    ("1 2\n\n3 4", "Row 2 is empty"),
    ("1\t2000000", "Row 1, column 2: 2000000 is too large"),
    ("1;2;\n3;4;", "Row 1, column 3 is empty"),
    ("1\n" * 33, "33 rows are more than 32"),
    ("1 " * 33, "33 columns are more than 32"),
    ("a b\nc d\ne f", "and 2 more"),
    ("1e999\t2", "too large"),
    ("NaN\tInfinity", "“NaN” is not a number"),
]


def test_how_a_text_is_read(open_page) -> None:
    page: Page = open_page("/operations/convolution")
    read = """async (text) => (await import("/static/js/input/numbers.js")).readNumbers(text)"""
    for text, values, between in READ:
        found = page.evaluate(read, text)
        assert (found["values"], found["faults"]) == (values, []), text
        assert between is None or found["how"].endswith(f"separated by {between}"), text
    for text, says in REFUSED:
        assert says in ". ".join(page.evaluate(read, text)["faults"]), text


def paste(page: Page, text: str) -> None:
    """What Ctrl V does with this text on the clipboard, and a picture of it, as spreadsheets put there."""
    page.evaluate(
        """(text) => {
            const clipboardData = new DataTransfer();
            clipboardData.setData("text/plain", text);
            clipboardData.items.add(new File(["picture"], "cells.png", { type: "image/png" }));
            const event = new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true });
            document.activeElement.dispatchEvent(event);
        }""",
        text,
    )


def test_a_paste_onto_a_grid(open_page) -> None:
    page: Page = open_page("/operations/convolution")
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


def test_a_paste_that_cannot_be_read_is_kept_and_told(open_page, check_axe) -> None:
    page: Page = open_page("/operations/convolution")
    cell(page, 0).focus()
    paste(page, "1\t2\n3\tfour")
    dialog = page.get_by_role("dialog", name="Paste numbers: Input")
    text = dialog.get_by_role("textbox")
    expect(dialog.get_by_role("alert")).to_have_text("Row 2, column 2: “four” is not a number.")
    expect(text).to_have_value("1\t2\n3\tfour")
    check_axe(page)
    assert grid(page)[0] == ["0", "1", "2"]
    text.fill("1\t2\n3\t4")
    expect(dialog).to_contain_text("2 × 2, read as separated by tabs.")
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


def test_the_dialog_has_the_numbers_and_refuses_what_does_not_fit(open_page) -> None:
    page: Page = open_page("/operations/convolution")
    button(page, "Paste numbers").first.click()
    dialog = page.get_by_role("dialog", name="Paste numbers: Kernel")
    text = dialog.get_by_role("textbox")
    expect(text).to_have_value("0\t1\n2\t3")
    text.fill("1 2 3 4\n5 6 7 8")
    text.press("Tab")
    button(page, "Use these numbers").click()
    said = "Kernel of 2 × 4 does not fit what else is set: it can have 1 to 3 rows and 1 to 3 columns."
    expect(dialog.get_by_role("alert")).to_have_text(said)
    expect(text).to_have_value("1 2 3 4\n5 6 7 8")
    page.keyboard.press("Escape")
    assert cells(page, "kernel") == list("0123")


def test_one_of_several_kernels_is_pasted(open_page) -> None:
    page: Page = open_page("/operations/channels")
    button(page, "Paste numbers").first.click()
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


# ---- a window of a photo


def photo(page: Page, name: str = "cat") -> None:
    button(page, "Photo").click()
    page.locator(f'.sample[data-name="{name}"]').click()


def upload(page: Page, data: bytes) -> None:
    file = page.locator("input[type=file]")
    file.set_input_files({"name": "a.png", "mimeType": "image/png", "buffer": data})


def boxed(page: Page) -> Box:
    """The window, by its name: rows and columns are counted from 1 there."""
    label = page.locator(".photo-window").get_attribute("aria-label") or ""
    numbers = [int(part) for part in "".join(char if char.isdigit() else " " for char in label).split()]
    top, bottom, left, right = numbers[:4]
    return Box(top - 1, left - 1, bottom - top + 1, right - left + 1)


def test_a_window_of_a_photo_is_the_engines(open_page, check_axe) -> None:
    page: Page = open_page("/operations/activation")
    photo(page)
    expect(page.locator('[data-panel="input"] .cell')).to_have_count(144)
    pixels = sample_picture("cat").pixels
    assert boxed(page) == Box(0, 14, 84, 84)
    slide(page, "Window, pixels", 48)
    slide(page, "Rows of cells", 5)
    slide(page, "Columns of cells", 8)
    page.locator(".photo-window").focus()
    for key in ("ArrowDown", "ArrowDown", "Shift+ArrowRight", "-"):
        page.keyboard.press(key)
    where = "Window: rows 3–31, columns 23–68 of 84 × 112 pixels. Arrow keys move it, plus and minus resize it."
    expect(page.locator(".photo-window")).to_have_attribute("aria-label", where)
    expected = crop(pixels, boxed(page), (5, 8)).astype(int).astype(str)
    expect(page.locator('[data-panel="input"] .cell')).to_have_text(expected.ravel().tolist())
    check_axe(page)


def test_a_window_is_dragged_and_a_drag_is_undone_as_one(open_page) -> None:
    page: Page = open_page("/operations/activation")
    photo(page)
    slide(page, "Window, pixels", 30)
    pixels = sample_picture("cat").pixels
    before = crop(pixels, Box(0, 14, 30, 30), (12, 12)).astype(int).astype(str).ravel().tolist()
    expect(page.locator('[data-panel="input"] .cell')).to_have_text(before)
    area = page.locator(".photo-figure").bounding_box()
    assert area
    scale = area["width"] / 112
    start = (area["x"] + 25 * scale, area["y"] + 10 * scale)
    page.mouse.move(*start)
    page.mouse.down()
    page.mouse.move(start[0] + 40 * scale, start[1] + 20 * scale, steps=6)
    page.mouse.up()
    expected = crop(pixels, boxed(page), (12, 12)).astype(int).astype(str)
    assert boxed(page)[:2] == (20, 54)
    expect(page.locator('[data-panel="input"] .cell')).to_have_text(expected.ravel().tolist())
    button(page, "Undo").click()
    expect(page.locator('[data-panel="input"] .cell')).to_have_text(before)
    assert boxed(page)[:2] == (0, 14)


def test_a_photo_of_ones_own_in_colour_and_its_link(open_page) -> None:
    page: Page = open_page("/operations/channels")
    slide(page, "Input channels", 4)
    button(page, "Photo").click()
    pixels = np.zeros((40, 40, 3), np.uint8)
    pixels[:20, 20:] = (255, 0, 0)
    pixels[20:, :20] = (0, 255, 0)
    data = io.BytesIO()
    Image.fromarray(pixels).save(data, "PNG")
    upload(page, data.getvalue())
    slide(page, "Rows of cells", 4)
    slide(page, "Columns of cells", 4)
    expect(page.locator('[data-panel="input"] .cell')).to_have_count(48)
    red, green, blue = np.reshape([value_of(text) for text in cells(page, "input")], (3, 4, 4))
    assert red.tolist() == [[0, 0, 9, 9]] * 2 + [[0] * 4] * 2
    assert green.tolist() == [[0] * 4] * 2 + [[9, 9, 0, 0]] * 2
    assert not blue.any()
    link = fragment(page)
    assert "input=rgb/0,0,9,9;" in link
    again = open_page(f"/operations/channels{link}")
    assert cells(again, "input") == cells(page, "input")
    assert again.locator('[data-panel="input"] .caption').all_inner_texts() == ["red", "green", "blue"]


def test_a_picture_that_is_pasted_before_the_panel_is_there_opens_it(new_context) -> None:
    page: Page = new_context(reduced_motion="reduce").new_page()
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    page.route("**/input/photo.js", hold)
    page.goto("/operations/pooling")
    wait_until_ready(page)
    page.evaluate(
        """async () => {
            const canvas = new OffscreenCanvas(6, 6);
            canvas.getContext("2d").fillRect(0, 0, 3, 6);
            const picture = new File([await canvas.convertToBlob()], "a.png", { type: "image/png" });
            const clipboardData = new DataTransfer();
            clipboardData.items.add(picture);
            document.dispatchEvent(new ClipboardEvent("paste", { clipboardData }));
        }"""
    )
    while held:
        held.pop().continue_()
    expect(page.get_by_text("Window: rows 1–6, columns 1–6 of 6 × 6 pixels")).to_be_visible()
    slide(page, "Rows of cells", 2)
    slide(page, "Columns of cells", 2)
    expect(page.locator('[data-panel="input"] .cell')).to_have_text(["0", "9"] * 2)  # black, and white below nothing


def test_a_file_that_is_no_picture_and_a_picture_that_is_gone(open_page, complaints) -> None:
    page: Page = open_page("/operations/pooling")
    before = cells(page, "input")
    button(page, "Photo").click()
    upload(page, b"no picture")
    expect(page.get_by_role("alert").filter(has_text="not a picture that can be read")).to_be_visible()
    assert cells(page, "input") == before
    page.route("**/crop", lambda route: route.fulfill(status=404, json={"title": "Not Found", "detail": "It is gone."}))
    page.locator('.sample[data-name="cat"]').click()
    expect(page.get_by_role("alert").filter(has_text="It is gone.")).to_be_visible()
    assert cells(page, "input") == before
    complaints[:] = [told for told in complaints if "Failed to load resource" not in told]


@pytest.mark.parametrize("dark", [False, True])
def test_the_tools_fit_a_phone(open_page, check_axe, dark) -> None:
    page: Page = open_page("/operations/channels", width=390, height=844, dark=dark)
    photo(page, "coffee")
    start_drawing(page)
    expect(page.locator(".photo-figure")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") == 0
    check_axe(page)
