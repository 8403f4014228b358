"""As somebody new would: give a picture, read the answer, follow a number to its pixels and its sum, and ask why."""

from __future__ import annotations

import numpy as np
import pytest
from playwright.sync_api import Page, expect

from cnn_engine.models import answer, shipped
from cnn_engine.wording import equation, number

from .reading import answered, button, show_ways
from .test_explorer import ANSWER, RESULT, bring, draw

SEVEN = ((0.25, 0.2), (0.75, 0.2), (0.45, 0.85))
LAYER, MAP, ROW, COL = 0, 2, 11, 14
NAME = f"{LAYER + 1} Convolution, map {MAP + 1}"


def by_drawing(open_page) -> tuple[Page, np.ndarray]:
    page: Page = open_page("/explorer", width=1366, height=768)
    with answered(page, "/answer"):
        draw(page, *SEVEN)
    moved = [0, 1]  # which only the answer to the whole drawing is
    with answered(page, "/answer", asks=lambda request: request.post_data_json.get("moved") == moved) as waited:
        button(page, "Right by a pixel").click()
    return page, np.array(waited.value.json()["input"])


def by_upload(open_page) -> tuple[Page, np.ndarray]:
    page: Page = open_page("/explorer", width=1366, height=768)
    with answered(page, "/answer") as waited:
        bring(page)
    return page, np.array(waited.value.json()["input"])


@pytest.mark.parametrize(("give", "read"), [(by_drawing, "7"), (by_upload, "1")])
def test_what_is_given_is_answered_followed_to_its_pixels_and_its_sum_and_asked_why(open_page, give, read) -> None:
    page, given = give(open_page)
    expect(page.locator(ANSWER)).to_contain_text(f"The network answers {read}.")
    expected = answer(shipped("digits"), given)
    with answered(page, "/cell") as waited:
        button(page, NAME).click()
        page.get_by_role("grid", name=NAME).locator(f'[aria-rowindex="{ROW + 1}"] [aria-colindex="{COL + 1}"]').click()
    expect(page.locator(RESULT)).to_have_text(number(expected.maps[LAYER][MAP, ROW, COL]))
    weight = shipped("digits").parameters["0.weight"][MAP, 0].astype(float)
    window = np.pad(given[0], 1)[ROW : ROW + 3, COL : COL + 3]
    products = np.array(waited.value.json()["steps"]["products"]).reshape(3, 3)
    np.testing.assert_allclose(products, weight * window, atol=1e-6)
    for product in products.ravel():
        expect(page.locator("[data-role=arithmetic]")).to_contain_text(number(product))
    region = f"rows {ROW} to {ROW + 2} and columns {COL} to {COL + 2} of what the network receives"
    expect(page.locator("[data-role=reach-sentence]")).to_contain_text(region)
    box, pixels = (page.locator(f"[data-role=received-box] {of}").bounding_box() for of in (".reach.back", ".received"))
    assert (box["x"] - pixels["x"]) / pixels["width"] == pytest.approx((COL - 1) / 28, abs=0.02)
    assert (box["y"] - pixels["y"]) / pixels["height"] == pytest.approx((ROW - 1) / 28, abs=0.02)
    button(page, "Why this answer?").click()
    adds_up = page.locator("[data-role=equation]")
    expect(adds_up).to_contain_text(f"{equation('from the biases', expected.logits[int(read)])}, the logit of {read}")
    expect(page.locator("[data-role=why-step]")).to_contain_text("×")


def test_each_task_is_shown_by_its_way_and_what_it_shows_is_on_the_screen(open_page) -> None:
    page: Page = open_page("/explorer", width=1366, height=768)
    tasks = page.locator(".task")
    expect(tasks.nth(6)).to_be_visible()
    for text, refused, on_the_screen in show_ways(page, ANSWER):
        assert on_the_screen, text
        assert not refused, text
    expect(page.locator(".task.met")).to_have_count(0)


@pytest.mark.parametrize(("width", "height"), [(1366, 768), (390, 844)])
def test_the_answer_is_seen_beside_the_steps_that_are_switched(open_page, width, height) -> None:
    page: Page = open_page("/explorer", width=width, height=height)
    page.get_by_text("Show the steps").click()
    beside = page.locator("[data-role=received-answer]")
    acts = [page.get_by_role("checkbox", name=name).uncheck for name in ("Grey", "Centred")]
    for act in (*acts, button(page, "Right by a pixel").click):
        with answered(page, "/answer") as waited:
            act()
        made = waited.value.json()
        best = page.locator(
            "[data-role=bars] li", has=page.get_by_title(number(max(made["probabilities"])), exact=True)
        )
        expect(beside).to_contain_text(f"Probability: {best.get_by_role('status').inner_text()}.")
        expect(beside).to_contain_text(f"The network answers {np.argmax(made['probabilities'])}.")
        expect(beside).to_be_in_viewport(ratio=1)


def test_what_is_said_of_a_frozen_input_goes_when_it_is_frozen_no_longer(open_page) -> None:
    page: Page = open_page("/explorer")
    button(page, "Freeze").click()
    draw(page, *SEVEN)
    fault = page.locator("[data-role=given-fault]")
    expect(fault).to_contain_text("frozen")
    button(page, "Freeze").click()
    expect(fault).to_be_empty()


def test_what_is_wrong_with_a_picture_is_on_the_screen_of_a_phone_with_the_way_out(open_page, complaints) -> None:
    page: Page = open_page("/explorer", width=390, height=844)
    page.evaluate("() => { delete Navigator.prototype.mediaDevices; }")
    page.get_by_text("Or choose a picture").click()
    button(page, "Camera").click()
    fault = page.locator("[data-role=given-fault]")
    expect(fault).to_contain_text("no camera")
    expect(fault).to_be_in_viewport(ratio=1)
    expect(button(page, "Take a photo with this device")).to_be_in_viewport(ratio=1)
    page.locator("[data-role=drop]").scroll_into_view_if_needed()
    page.locator("[data-role=file]").set_input_files(
        {"name": "a.png", "mimeType": "image/png", "buffer": b"no picture"}
    )
    expect(fault).to_contain_text("cannot be opened as a picture")
    expect(fault).to_be_in_viewport(ratio=1)
    button(page, "Clear").click()
    expect(fault).to_be_empty()  # another thing is given now
    assert all("422" in complaint for complaint in complaints)
    complaints.clear()
