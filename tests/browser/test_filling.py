"""Filling a grid by drawing, and from a window of a photo."""

from __future__ import annotations

import io

import numpy as np
from PIL import Image
from playwright.sync_api import Page, Route, expect

from cnn_engine.data.images import Box, crop, sample_picture
from scripts.serving import wait_until_ready
from tests.browser.reading import button, cell, cells, come_back, expect_step, fragment, grid, slide, value_of

GRID = "/operations/convolution#input=0,0,0,0;0,0,0,0;0,0,0,0;0,0,0,0"
ZERO = [["0"] * 4 for _ in range(4)]


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
    window.requests = { now: 0, most: 0, all: 0 };
    window.fetch = async (...given) => {
        requests.all += 1;
        requests.now += 1;
        requests.most = Math.max(requests.most, requests.now);
        await new Promise((resolve) => setTimeout(resolve, 300));
        return real(...given).finally(() => { requests.now -= 1; });
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
    assert [cells(page, "input")[index] for index in range(0, 256, 17)] == ["9"] * 16
    requests = page.evaluate("requests")
    assert requests["most"] == 1
    assert 2 <= requests["all"] < 16
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
    check_axe(page, part=".stage-card, .brush")
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


def test_a_window_of_a_photo_is_the_engines(open_page) -> None:
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
    size = "84 × 112".replace(" ", "\N{NO-BREAK SPACE}")
    where = f"Window: rows 3–31, columns 23–68 of {size} pixels. Arrow keys move it, plus and minus resize it."
    expect(page.locator(".photo-window")).to_have_attribute("aria-label", where)
    expected = crop(pixels, boxed(page), (5, 8)).astype(int).astype(str)
    expect(page.locator('[data-panel="input"] .cell')).to_have_text(expected.ravel().tolist())


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
    shown = cells(page, "input")
    come_back(page)
    assert cells(page, "input") == shown
    assert page.locator('[data-panel="input"] .caption').all_inner_texts() == ["red", "green", "blue"]


def test_a_picture_that_is_pasted_before_the_panel_is_there_opens_it(new_context, plain_server) -> None:
    page: Page = new_context(base_url=plain_server, reduced_motion="reduce").new_page()
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
    expect(page.get_by_role("alert").filter(has_text="cannot be opened as a picture")).to_be_visible()
    assert cells(page, "input") == before
    page.route("**/crop", lambda route: route.fulfill(status=404, json={"title": "Not Found", "detail": "It is gone."}))
    page.locator('.sample[data-name="cat"]').click()
    expect(page.get_by_role("alert").filter(has_text="It is gone.")).to_be_visible()
    assert cells(page, "input") == before
    complaints[:] = [complaint for complaint in complaints if "Failed to load resource" not in complaint]


def test_the_tools_fit_a_phone(open_page, check_axe) -> None:
    page: Page = open_page("/operations/channels", width=390, height=844)
    photo(page, "coffee")
    start_drawing(page)
    expect(page.locator(".photo-figure")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") == 0
    check_axe(page, both=True, part=".stage-card, .inspector")
